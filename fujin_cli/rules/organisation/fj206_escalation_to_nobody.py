"""
# FJ206 · An escalation that reaches nobody

`raise: LEVEL` tells the supervisors of that level and lets them act. If the level has no supervisor, the escalation of
a late case has no effect; and a level that is not above the owner of the step does not help.

Failing:

```yaml fail rosters/north.yaml
staff:
  - {person: p-31, name: Gui, roles: [inspector]}
```

Passing:

```yaml pass rosters/north.yaml
staff:
  - {person: p-31, name: Gui, roles: [supervisor]}
```

To fix it, put a supervisor on that level's roster, or raise the case to another level.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from fujin_cli.core.findings.finding import Finding, Related, Severity
from fujin_cli.core.model.procedure import Step
from fujin_cli.core.model.rung_types import Rung
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.case_scopes import CaseScope, case_scopes, rosters_of, titles_of
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.procedure_source import ProcedureSource, procedure_sources
from fujin_cli.rules.support.roster_index import index_rosters

CODE = "FJ206"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every rung that raises a case to a level without supervisors, or to no higher one."""
    workspace = context.workspace
    rung_check = _RungCheck(workspace, context.today)
    scopes = case_scopes(workspace)
    for source in procedure_sources(workspace):
        for step in source.procedure.steps.values():
            for rung in step.ladder:
                if rung.raises is None or rung.raises not in workspace.organisation.levels:
                    continue
                yield from rung_check.check_height(source, step, rung, rung.raises)
                yield from rung_check.check_supervisors(source, rung, rung.raises, scopes[source.procedure.name])


class _RungCheck:
    """Check the levels that rungs raise cases to."""

    def __init__(self, workspace: Workspace, today: date) -> None:
        self.organisation = workspace.organisation
        rosters = index_rosters(workspace)
        self.rosters = rosters
        self.holders = rosters.holders(today)
        # A community or street without a roster has a finding of its own (FJ207); the city's may be missing.
        without = {*self.organisation.communities, *self.organisation.streets} - set(self.organisation.rosters)
        self.reported: set[tuple[str, str]] = set()
        self.silent = rosters.unreliable_units(workspace) | without

    def check_height(self, source: ProcedureSource, step: Step, rung: Rung, level: str) -> Iterator[Finding]:
        """Report a rung to a level below the step's owner, or to the own level of an owner who is a supervisor."""
        owner = source.procedure.people.get(step.owner or "")
        levels = self.organisation.levels
        if owner is None or owner.kind != "role" or owner.of not in levels:
            return
        own, raised = levels.index(owner.of), levels.index(level)
        if raised > own or (raised == own and owner.value != "supervisor"):
            return
        higher = levels[own + 1 :]
        yield Finding(
            CODE,
            "error",
            say("{level} is not above {owner}, who owns this step", level=level, owner=owner.title or owner.name),
            source.place((*rung.route, "raise")),
            say("raise it to one of these: {levels}", levels=higher)
            if higher
            else say("there is no higher level; move the case to another step with to:"),
            (Related(say("the owner"), source.place((*step.route, "owner"))),),
        )

    def check_supervisors(
        self, source: ProcedureSource, rung: Rung, level: str, scopes: list[CaseScope]
    ) -> Iterator[Finding]:
        """Report a level without supervisors in the units where the procedure's cases come up."""
        units = {self.organisation.unit_at(level, scope.community, scope.committee): None for scope in scopes}
        empty = [unit for unit in units if unit and (level, unit) not in self.reported and self._is_unsupervised(unit)]
        if not empty:
            return
        self.reported |= {(level, unit) for unit in empty}
        message = say("nobody supervises {units}", units=titles_of(self.organisation, empty))
        related = rosters_of(self.organisation, empty)
        help = say("put a supervisor on that level's roster, or raise the case to another level")
        yield Finding(CODE, "error", message, source.place((*rung.route, "raise")), help, related)

    def _is_unsupervised(self, unit: str) -> bool:
        exists = self.rosters.level_of(unit) is not None and unit not in self.silent
        return exists and not self.holders.get((unit, "supervisor"))

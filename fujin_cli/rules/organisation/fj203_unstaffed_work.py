"""
# FJ203 · A step or action that nobody can do

Every step has an owner, and every action has people who may do it. If nobody on the roster has the role (or `not`
excludes everybody who has it), a case stops there. A case without a committee is handled by the community's office, so
the office needs those roles too; for an office it is a warning.

Failing:

```yaml fail rosters/C1-environment.yaml
members:
  - {person: p-01, name: Jia, seat: head, roles: [collector], term: {from: 2026-01-01, until: 2028-12-31}}
  - {person: p-02, name: Yi, seat: member, roles: [collector], term: {from: 2026-01-01, until: 2028-12-31}}
  - {person: p-03, name: Bing, seat: member, roles: [collector], term: {from: 2026-01-01, until: 2028-12-31}}
```

Passing:

```yaml pass rosters/C1-environment.yaml
members:
  - {person: p-01, name: Jia, seat: head, roles: [coordinator], term: {from: 2026-01-01, until: 2028-12-31}}
  - {person: p-02, name: Yi, seat: member, roles: [collector], term: {from: 2026-01-01, until: 2028-12-31}}
  - {person: p-03, name: Bing, seat: member, roles: [collector], term: {from: 2026-01-01, until: 2028-12-31}}
```

To fix it, give somebody on that roster the role, or let another role do the work.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from fujin_cli.core.cases.actors import definition_of
from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.model.procedure import Person, Procedure
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.case_scopes import CaseScope, case_scopes, rosters_of, titles_of
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.eligible_actors import EligibleActors, excluded, names_entering
from fujin_cli.rules.support.procedure_source import Mention, ProcedureSource, actions, procedure_sources

CODE = "FJ203"
SEVERITY: Severity = "error"
Work = tuple[Mention, list[Person]]  # where the work is declared, and those who may do it
Key = tuple[object, ...]


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every owner and every actor without an eligible person in some unit that works by the procedure."""
    workspace = context.workspace
    vacancies = _VacancyCheck(workspace, context.today)
    scopes = case_scopes(workspace)
    for source in procedure_sources(workspace):
        for mention, people in _list_work(source):
            yield from vacancies.check(source.procedure, mention, people, scopes[source.procedure.name])


def _list_work(source: ProcedureSource) -> Iterator[Work]:
    """List what has to be done, and by whom; a contact's word is entered by the people ``through`` whom it comes."""
    people = source.procedure.people
    for mentions in _list_mentions(source):
        named = [people[mention.name] for mention in mentions if mention.name in people]
        doers = [people[name] for person in named for name in names_entering(person) if name in people]
        if len(named) == len(mentions) > 0:
            yield mentions[0], doers


def _list_mentions(source: ProcedureSource) -> Iterator[list[Mention]]:
    for step in source.procedure.steps:
        yield list(source.text(("steps", step, "owner")))
    for action in actions(source.procedure):
        yield list(source.names((*action.route, "by")))


class _VacancyCheck:
    """Find work without an eligible person, unit by unit; each vacancy is reported once."""

    def __init__(self, workspace: Workspace, today: date) -> None:
        self.actors = EligibleActors(workspace, today)
        self.organisation = workspace.organisation
        self.reported: set[tuple[Key, str]] = set()
        self.checked: set[tuple[str, Key]] = set()

    def check(
        self, version: Procedure, mention: Mention, people: list[Person], scopes: list[CaseScope]
    ) -> Iterator[Finding]:
        """Report work of ``people`` that nobody can do in some of the scopes: one finding for each severity."""
        key = tuple((definition_of(person), tuple(map(definition_of, excluded(version, person)))) for person in people)
        if (version.name, key) in self.checked:
            return
        self.checked.add((version.name, key))
        units: dict[Severity, list[str]] = {}
        for scope in scopes:
            unit = self._find_vacant_unit(version, people, scope)
            if unit is not None and (key, unit) not in self.reported:
                self.reported.add((key, unit))
                units.setdefault(scope.severity, []).append(unit)
        for severity, vacant_units in units.items():
            yield self._make_finding(severity, mention, people, vacant_units)

    def _find_vacant_unit(self, version: Procedure, people: list[Person], scope: CaseScope) -> str | None:
        """Return the unit whose roster has nobody who is one of ``people``; None where there is somebody."""
        if not people or not all(self.actors.is_decided(person, scope) for person in people):
            return None
        if any(self.actors.eligible(version, person, scope) for person in people):
            return None
        return self.actors.unit(people[0], scope)

    def _make_finding(self, severity: Severity, mention: Mention, people: list[Person], units: list[str]) -> Finding:
        names = list({person.name: person.title or person.name for person in people}.values())
        titles = titles_of(self.organisation, units)
        message = say("in {units}, nobody can act as {names}", names=names, units=titles)
        help = say("give somebody on that roster the role, or let another role do this")
        if any(person.excluded for person in people):
            help = say(
                "give the role to somebody on that roster whom `not` does not exclude, or let another role do this"
            )
        return Finding(CODE, severity, message, mention.place, help, rosters_of(self.organisation, units))

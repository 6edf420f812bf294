"""Judge what a new version of its procedure means for one open case, by the case's own history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import datetime

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.deadlines import Deadlines
from fujin_cli.core.model.migration_file import read_migrations
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.verify.case_prospects import CaseProspects
from fujin_cli.core.verify.event_verdicts import find_open_obligations
from fujin_cli.core.versions.compare import CaseVerdict
from fujin_cli.core.versions.migration_plan import plan_migration
from fujin_cli.core.versions.renames import Renames, find_renames


@dataclass(slots=True)
class CaseJudge:
    """Judge cases against the procedures of one workspace."""

    workspace: Workspace
    calendar: WorkingCalendar
    now: datetime
    prospects: CaseProspects | None = None
    _ending: dict[str, frozenset[str]] = field(default_factory=dict)
    _renames: dict[tuple[str, str], Renames] = field(default_factory=dict)  # by the digests of two versions

    def judge_cases(
        self, cases: Iterable[Case], changed: Set[str], find_version: Callable[[str], Procedure]
    ) -> Iterator[CaseVerdict]:
        """Judge every case of a procedure that is ``changed``, unless it follows the new version already."""
        for case in cases:
            new = self.workspace.procedures.get(case.procedure)
            if new is not None and new.name in changed and new.digest != case.version_digest:
                yield self.judge_case(case, find_version(case.version_digest), new)

    def judge_case(self, case: Case, old: Procedure, new: Procedure) -> CaseVerdict:
        """Judge what ``new`` means for a case that is pinned to ``old``."""
        key = (old.digest, new.digest)
        if key not in self._renames:
            self._renames[key] = find_renames(old, new, self.workspace.procedures)
        plan = plan_migration(
            case,
            old,
            new,
            read_migrations(self.workspace.files),
            self.workspace.organisation,
            self.calendar,
            self.now,
            self.workspace.procedures,
            self.prospects,
            self._renames[key],
        )
        verdict = CaseVerdict(
            case.id, case.procedure, case.version_digest, case.step, "stuck", reason=plan.reason, at=plan.at
        )
        if plan.dead_end is not None:
            return replace(verdict, verdict="incomplete", target=plan.case.step)
        if plan.way == "stuck":
            return verdict
        moved = plan.case
        due = Deadlines(moved, new, self.calendar).due_time()
        if moved.step not in self._steps_leading_to_end(new):
            return replace(verdict, verdict="incomplete", target=moved.step, due=due)
        if plan.way == "mapped" and plan.migration:
            return replace(
                verdict,
                verdict="mapped",
                target=moved.step,
                due=due,
                migration=plan.migration.name,
                owes=find_open_obligations(moved, new),
            )
        return replace(
            verdict, verdict="safe", target=moved.step, due=due, owes=find_open_obligations(plan.followed or moved, new)
        )

    def _steps_leading_to_end(self, version: Procedure) -> frozenset[str]:
        """Find the steps from which some moves lead to an end, whatever these moves need."""
        if version.digest not in self._ending:
            self._ending[version.digest] = _find_steps_leading_to_end(version)
        return self._ending[version.digest]


def _find_steps_leading_to_end(version: Procedure) -> frozenset[str]:
    forward = {name: _target_steps(version, name) for name in version.steps}
    plan = {name for name, step in version.steps.items() if step.end is not None}
    while True:
        more = {name for name, targets in forward.items() if name not in plan and targets & plan}
        if not more:
            return frozenset(plan)
        plan |= more


def _target_steps(version: Procedure, name: str) -> set[str]:
    step = version.steps[name]
    moves: list[Mapping[str, object] | object] = [*step.actions.values(), *step.then, *step.ladder]
    moves += version.anytime.values()
    plan: set[str] = set()
    for move in moves:
        plan |= {to for to in (getattr(move, "to", None), getattr(getattr(move, "then", None), "to", None)) if to}
    return plan

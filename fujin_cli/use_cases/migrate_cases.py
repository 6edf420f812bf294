"""Migrate open cases to another version of their procedure, one by one (``fujin case migrate``).

A case that cannot be migrated (because of its history, a lock or a damaged volume) does not stop the next ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from fujin_cli.core.cases.event import compute_digest
from fujin_cli.core.cases.operation import Operation
from fujin_cli.core.findings.refusals import MIGRATE_ENDED, Refusal
from fujin_cli.core.model.migration_file import Migration, read_migrations
from fujin_cli.core.text.localized import say
from fujin_cli.core.verify.case_prospects import CaseProspects
from fujin_cli.core.versions.migrate import (
    find_migration_plan,
    make_migration_refusal,
    migrate_case,
    require_migration_actor,
    undo_migration,
)
from fujin_cli.core.versions.migration_plan import MigrationPlan
from fujin_cli.render.versions.migrations import MigrationResult, with_position
from fujin_cli.store.ledger.protocol import Busy, Damaged, OutcomeUnknown
from fujin_cli.use_cases.draining import make_prospects
from fujin_cli.use_cases.list_cases import open_cases
from fujin_cli.use_cases.run_operation import OperationResult, operate, start_rehearsal
from fujin_cli.use_cases.session import Session, refuse_unknown_case


@dataclass
class MigrationRun:
    """Migrate cases, or take migrations back; without ``apply``, compute only what would happen."""

    session: Session
    note: str | None
    request_id: str | None
    apply: bool
    progress: Callable[[Sequence[MigrationResult]], Iterable[MigrationResult]] = iter

    @cached_property
    def migrations(self) -> list[Migration]:
        """The migration files of the workspace."""
        return list(read_migrations(self.session.workspace.files))

    @cached_property
    def prospects(self) -> CaseProspects:
        """The judge of whether cases can end with the procedures of the workspace."""
        workspace = self.session.workspace
        unfit = {name for name in workspace.procedures if self.session.sound_procedure(name) is None}
        return make_prospects(self.session, workspace, unfit)

    def migrate(self, cases: Sequence[str], procedure: str | None) -> list[MigrationResult]:
        """Migrate the named cases; without names, every open case of ``procedure``, or of all procedures."""
        if self.apply:
            self._check_allowed()
        rows = self._plan_all(cases, procedure)
        if not self.apply:
            return rows
        results = [self._migrate_case(row) for row in self.progress(rows)]
        # A case that has ended since it was planned needs no migration; it is shown only if it was named.
        return [row for row in results if cases or row.refusal is None or row.refusal.code != MIGRATE_ENDED]

    def undo(self, cases: Sequence[str]) -> list[MigrationResult]:
        """Take back the last migration of each named case."""
        self._check_allowed()
        return [self._undo_case(row) for row in self.progress(self._plan_named(cases))]

    def _check_allowed(self) -> None:
        """Check the clock and the actor before any case is read. Raises WrongUsage, Refusal."""
        self.session.check_now_allowed()
        self.session.check_calendar()
        require_migration_actor(self.session.workspace.organisation, self.session.actor)

    # planning

    def _plan_all(self, cases: Sequence[str], procedure: str | None) -> list[MigrationResult]:
        """Plan a row for each case.

        A migration file must cover every open case of its old version: if one cannot move with it, none does.
        """
        rows = self._plan_named(cases)
        left_out: dict[str, Refusal] = {}
        if not cases or any(row.way == "mapped" for row in rows):
            for case in open_cases(self.session, None, only_known_versions=False):
                operation = start_rehearsal(self.session)
                operation.cases[case.id] = case
                row = self._plan_case(operation, case.id)
                if row.migration and row.refusal:
                    left_out.setdefault(row.migration, row.refusal)
                if not cases and procedure in (None, case.procedure) and row.way != "same":
                    rows.append(row)
        return [replace(row, refusal=left_out.get(row.migration or "")) if row.way == "mapped" else row for row in rows]

    def _plan_named(self, cases: Sequence[str]) -> list[MigrationResult]:
        """Plan a row for each named case. Raises Refusal, before any change, where one of them does not exist."""
        rows = []
        for id in dict.fromkeys(cases):
            try:
                operation = start_rehearsal(self.session)
                if not operation.environment.read(id):
                    raise refuse_unknown_case(id)
                rows.append(self._plan_case(operation, id))
            except Damaged as damage:
                rows.append(MigrationResult(id, refusal=_refuse_damaged_case(damage)))
        return rows

    def _plan_case(self, operation: Operation, id: str) -> MigrationResult:
        """Plan the row of a case. Raises Refusal where there is no such case, Damaged where it cannot be read."""
        case = operation.load_case(id)
        row = MigrationResult(case.id, case.procedure, case.step, case.version_digest)
        try:
            old = self.session.version(case.version_digest)
            plan = find_migration_plan(operation, id, self.migrations, self.prospects)
            return self._fill_in_plan(plan, replace(row, version=old))
        except Refusal as refusal:
            return replace(row, refusal=refusal)
        except Damaged as damage:
            return replace(row, refusal=_refuse_damaged_case(damage))

    def _fill_in_plan(self, plan: MigrationPlan, row: MigrationResult) -> MigrationResult:
        """Fill in the row of a case from its migration plan."""
        after = plan.case
        migration = plan.migration.name if plan.migration and plan.way in ("mapped", "stuck") else None
        row = replace(row, way=plan.way, migration=migration)
        if plan.way == "stuck":
            refusal = make_migration_refusal(row.case, plan, self.session.version(row.old_version or ""))
            return replace(row, refusal=refusal, reason=plan.reason)
        return with_position(row, after, self.session.version(after.version_digest), self.session.calendar)

    # migrating

    def _migrate_case(self, row: MigrationResult) -> MigrationResult:
        """Migrate a planned case; it is planned again under its lock, since it may have changed."""
        if row.refusal:
            return row
        actor = self.session.actor

        def work() -> MigrationResult:
            result = operate(
                self.session,
                lambda on: migrate_case(on, row.case, self.migrations, actor, self.note, self.prospects),
                case=row.case,
                request_id=self.request_id,
                fingerprint=compute_digest(["migrate", row.case]),
            )
            migrated = self._fill_in_plan(result.decided, row) if result.decided else row
            return _with_event(migrated, result)

        return self._catch_failures(row, work)

    def _undo_case(self, row: MigrationResult) -> MigrationResult:
        if row.refusal and row.version is None:
            return row
        actor = self.session.actor
        row = MigrationResult(row.case, row.procedure, row.step, row.old_version, version=row.version)

        def work() -> MigrationResult:
            result = operate(
                self.session,
                lambda on: undo_migration(on, row.case, actor, self.note),
                case=row.case,
                request_id=self.request_id,
                fingerprint=compute_digest(["migrate", "undo", row.case]),
                dry_run=not self.apply,
            )
            after, session = result.cases[row.case], self.session
            undone = with_position(
                replace(row, way="undone"), after, session.version(after.version_digest), session.calendar
            )
            return _with_event(undone, result)

        return self._catch_failures(row, work)

    def _catch_failures(self, row: MigrationResult, work: Callable[[], MigrationResult]) -> MigrationResult:
        """Do the work for one case; a failure is noted in its row, so that the next case is still tried."""
        try:
            return work()
        except Refusal as refusal:
            return replace(row, refusal=refusal)
        except Damaged as damage:
            return replace(row, refusal=_refuse_damaged_case(damage))
        except Busy as busy:
            self.session.warn(say("{case}: {message}", case=row.case, message=str(busy)))
            return replace(row, busy=True)
        except OutcomeUnknown as unknown:
            message = say("writing failed ({cause}); it is unknown whether the change took effect", cause=str(unknown))
            return replace(row, failure=message, is_unknown=True, request_id=unknown.operation)
        except OSError as problem:
            reason = problem.strerror or str(problem)
            return replace(row, failure=say("{path}: {problem}", path=str(problem.filename), problem=reason))


def _refuse_damaged_case(damage: Damaged) -> Refusal:
    finding = damage.finding
    return Refusal(finding.code, finding.message, help=finding.help)


def _with_event(row: MigrationResult, result: OperationResult[Any]) -> MigrationResult:
    events = [event for id, event in result.events if id == row.case]
    return replace(
        row, event=events[0].n if events else None, request_id=result.operation_id, repeated=bool(result.repeated)
    )

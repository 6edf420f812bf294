"""What ``fujin case migrate`` does: looks at every open case in question, and moves those that can move, one by one.

What keeps one case from moving (its own history, a lock, a damaged volume) keeps no other one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.deadlines import Deadlines
from fujin_cli.core.cases.event import digest
from fujin_cli.core.findings.refusals import MIGRATE_ENDED, NO_NEW_LAW, Refusal
from fujin_cli.core.model.migration_file import Migration, migrations_in
from fujin_cli.core.text.message import say
from fujin_cli.core.versions.migrate import (
    MigrationPlan,
    migrate,
    migration_actor,
    plan_migration,
    refusal_to_migrate,
    undo,
)
from fujin_cli.render.versions.migrations import MigrationResult
from fujin_cli.store.ledger.protocol import Busy, Damaged
from fujin_cli.use_cases.list_cases import open_cases
from fujin_cli.use_cases.run_operation import OperationResult, operate
from fujin_cli.use_cases.session import Session


@dataclass
class Migrating:
    """One run."""

    session: Session
    note: str | None
    request_id: str | None
    apply: bool
    progress: Callable[[Sequence[MigrationResult]], Iterable[MigrationResult]] = iter

    @cached_property
    def migrations(self) -> list[Migration]:
        """The migration files of the workspace."""
        return list(migrations_in(self.session.workspace.files))

    def moved(self, cases: Sequence[str], procedure: str | None) -> list[MigrationResult]:
        """What became of the cases (without any: of all open ones, of one procedure or of every), or would."""
        if self.apply:
            self._ready()
        rows = self._planned(cases, procedure)
        if not self.apply:
            return rows
        done = [self._moved(row) for row in self.progress(rows)]
        # What has ended since it was looked at needs no other law, unless somebody asked for just this case.
        return [row for row in done if cases or row.refusal is None or row.refusal.code != MIGRATE_ENDED]

    def undone(self, cases: Sequence[str]) -> list[MigrationResult]:
        """What became of cases whose migration was to be taken back, or would."""
        self._ready()
        return [self._undone(row) for row in self.progress(self._named(cases))]

    def _ready(self) -> None:
        """Ask for what a change needs before anything is looked at. Raises WrongUsage, Refusal."""
        self.session.check_clock()
        migration_actor(self.session.workspace.organisation, self.session.actor)

    # what would become of them

    def _planned(self, cases: Sequence[str], procedure: str | None) -> list[MigrationResult]:
        """A row for each case. A migration file that leaves out an open case of its old law moves none."""
        rows = self._named(cases)
        left_out: dict[str, Refusal] = {}
        if not cases or any(row.way == "mapped" for row in rows):
            for case in open_cases(self.session, None):
                row = self._plan(case)
                if row.migration and row.refusal:
                    left_out.setdefault(row.migration, row.refusal)
                if not cases and procedure in (None, case.procedure) and row.way != "same":
                    rows.append(row)
        return [replace(row, refusal=left_out.get(row.migration or "")) if row.way == "mapped" else row for row in rows]

    def _named(self, cases: Sequence[str]) -> list[MigrationResult]:
        """A row for each case that is named. Raises Refusal for one that is not there: then nothing is done at all."""
        rows = []
        for id in dict.fromkeys(cases):
            try:
                rows.append(self._plan(self.session.case(id)))
            except Damaged as damage:
                rows.append(MigrationResult(id, refusal=_of_damage(damage)))
        return rows

    def _plan(self, case: Case) -> MigrationResult:
        row = MigrationResult(case.id, case.procedure, case.step, case.version_digest)
        try:
            old = self.session.version(case.version_digest)
            return self._row(case, self._way(case), replace(row, version=old))
        except Refusal as refusal:
            return replace(row, refusal=refusal)
        except Damaged as damage:
            return replace(row, refusal=_of_damage(damage))

    def _way(self, case: Case) -> MigrationPlan:
        """How the case could move. Raises Refusal where the question does not arise, Damaged for a law that is gone."""
        session = self.session
        if case.ended:
            raise Refusal(MIGRATE_ENDED, say("{case} has ended and keeps its procedure version", case=case.id))
        new = session.sound_procedure(case.procedure)
        if new is None:
            message = say("the workspace has no procedure {procedure} without errors", procedure=case.procedure)
            raise Refusal(NO_NEW_LAW, message, help=say("run `fujin validate`"))
        organisation = session.workspace.organisation
        return plan_migration(
            case,
            session.version(case.version_digest),
            new,
            self.migrations,
            organisation,
            session.calendar,
            session.now,
        )

    def _row(self, case: Case, found: MigrationPlan, row: MigrationResult) -> MigrationResult:
        """The row of a case that can move so, or cannot."""
        migration = found.migration.name if found.migration and found.way in ("mapped", "stuck") else None
        row = replace(row, way=found.way, migration=migration)
        if found.way == "stuck":
            refusal = refusal_to_migrate(case.id, found, self.session.version(case.version_digest))
            return replace(row, refusal=refusal, reason=found.reason)
        return self._after(row, found.case)

    def _after(self, row: MigrationResult, after: Case) -> MigrationResult:
        """The row with where the case stands then."""
        version = self.session.version(after.version_digest)
        due = None if after.ended else Deadlines(after, version, self.session.calendar).due()
        return replace(row, new_version=after.version_digest, version_then=version, target=after.step, due=due)

    # doing it

    def _moved(self, row: MigrationResult) -> MigrationResult:
        """What became of a case that was looked at: looked at again under its lock, as it is by then."""
        if row.refusal:
            return row
        actor = self.session.actor

        def work() -> MigrationResult:
            done = operate(
                self.session,
                lambda on: migrate(on, row.case, self.migrations, actor, self.note),
                case=row.case,
                request_id=self.request_id,
                fingerprint=digest(["migrate", row.case]),
            )
            now = self._row(done.cases[row.case], done.decided, row) if done.decided else row
            return _with_event(now, done)

        return self._done(row, work)

    def _undone(self, row: MigrationResult) -> MigrationResult:
        if row.refusal and row.version is None:
            return row
        actor = self.session.actor
        row = MigrationResult(row.case, row.procedure, row.step, row.old_version, version=row.version)

        def work() -> MigrationResult:
            done = operate(
                self.session,
                lambda on: undo(on, row.case, actor, self.note),
                case=row.case,
                request_id=self.request_id,
                fingerprint=digest(["migrate", "undo", row.case]),
                dry_run=not self.apply,
            )
            return _with_event(self._after(replace(row, way="undone"), done.cases[row.case]), done)

        return self._done(row, work)

    def _done(self, row: MigrationResult, work: Callable[[], MigrationResult]) -> MigrationResult:
        """What the work gives; whatever keeps it from being done is said of this case, and the next one is tried."""
        try:
            return work()
        except Refusal as refusal:
            return replace(row, refusal=refusal)
        except Damaged as damage:
            return replace(row, refusal=_of_damage(damage))
        except Busy as busy:
            self.session.warn(say("{case}: {message}", case=row.case, message=str(busy)))
            return replace(row, busy=True)


def _of_damage(damage: Damaged) -> Refusal:
    finding = damage.finding
    return Refusal(finding.code, finding.message, help=finding.help)


def _with_event(row: MigrationResult, done: OperationResult[Any]) -> MigrationResult:
    events = [event for id, event in done.events if id == row.case]
    return replace(
        row, event=events[0].n if events else None, request_id=done.operation_id, repeated=bool(done.repeated)
    )

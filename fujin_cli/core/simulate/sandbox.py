"""Run operations on an in-memory ledger with a clock of its own; nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.due import list_due
from fujin_cli.core.cases.event import Event
from fujin_cli.core.cases.evolve import replay
from fujin_cli.core.cases.operation import Environment, NewCode, Operation
from fujin_cli.core.cases.timers import tick
from fujin_cli.core.findings.refusals import AUTOMATIC_CIRCLE, NOTHING_SUCH, Refusal
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.simulate.event_log import EventLog
from fujin_cli.core.text.localized import say

Decided = TypeVar("Decided")
MOST_TICKS = 1000  # in one wait; more means a circle, which the rules report


@dataclass(slots=True)
class Sandbox:
    """Run operations in memory. ``happened`` holds the events of all cases so far, in order."""

    workspace: Workspace
    calendar: WorkingCalendar
    now: datetime
    ledger: EventLog = field(default_factory=EventLog)
    versions: Mapping[str, Procedure] = field(default_factory=dict)
    codes: dict[str, list[str]] = field(default_factory=dict)  # case → the acceptance codes of its rounds, in plain
    happened: list[tuple[str, Event]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.versions = {version.digest: version for version in self.workspace.procedures.values()}

    def replay_case(self, id: str) -> Case:
        """Fold a case from its events."""
        return replay(id, self.ledger.read(id))

    def version_of_case(self, case: Case) -> Procedure:
        """Give the procedure version that a case follows."""
        return self.versions[case.version_digest]

    def run_operation(self, work: Callable[[Operation], Decided]) -> Decided:
        """Carry out ``work``, and append its events. Raises what ``work`` raises; then nothing is appended.

        Procedures with errors run here too, so automatic moves that go in a circle become a refusal.
        """
        operation = Operation(self._build_environment())
        try:
            answer = work(operation)
        except Refusal as refusal:
            if refusal.code == AUTOMATIC_CIRCLE:
                raise Refusal(NOTHING_SUCH, say("automatic moves loop forever here")) from None
            raise
        self.ledger.append(operation.appended)
        self.happened += operation.appended
        for id, code in operation.codes.items():
            self.codes.setdefault(id, []).append(code)
        return answer

    def start_reading_operation(self) -> Operation:
        """Begin an operation for reading only: its events are not appended."""
        return Operation(self._build_environment())

    def wait_until(self, until: datetime) -> None:
        """Let time pass until a moment; every deadline fires at its own moment, as if ``tick`` ran all the time."""
        for _ in range(MOST_TICKS):
            timers = [timer for id in self.ledger.cases() if (timer := self._next_timer(id, until))]
            if not timers:
                break
            at, id = min(timers)
            self.now = max(self.now, at)
            self.run_operation(lambda on, id=id: tick(on, id))  # type: ignore[misc]
        self.now = max(self.now, until)

    def _next_timer(self, id: str, until: datetime) -> tuple[datetime, str] | None:
        case = self.replay_case(id)
        timer = next(list_due(self.version_of_case(case), case, until, self.calendar), None)
        return None if timer is None else (timer.at, id)

    def _build_environment(self) -> Environment:
        return Environment(
            now=self.now,
            organisation=self.workspace.organisation,
            calendar=self.calendar,
            read=self.ledger.read,
            allocate=self.ledger.make_id_allocator(),
            version=self.versions.__getitem__,
            current=self.workspace.procedures.get,
            new_code=self._make_predictable_code,
            code_fits=lambda code, entered: code.hash == entered,
        )

    def _make_predictable_code(self) -> NewCode:
        """Make predictable codes: real ones are random, and slow to check on purpose."""
        plain = f"{sum(map(len, self.codes.values())) + 1:08d}"
        return NewCode(plain, "", plain)

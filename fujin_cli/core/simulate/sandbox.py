"""Run operations on an in-memory ledger with a clock of its own; nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.completion import GoesRound
from fujin_cli.core.cases.due import due
from fujin_cli.core.cases.event import Event
from fujin_cli.core.cases.evolve import replay
from fujin_cli.core.cases.operation import Environment, NewCode, Operation
from fujin_cli.core.cases.timers import tick
from fujin_cli.core.findings.refusals import NOTHING_SUCH, Refusal
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.simulate.event_log import EventLog
from fujin_cli.core.text.message import say

Decided = TypeVar("Decided")
MOST_TICKS = 1000  # in one wait; more is a circle, which validation forbids


@dataclass(slots=True)
class Sandbox:
    """Commands in, events out. ``happened`` are the events of all cases so far, in order."""

    workspace: Workspace
    calendar: WorkingCalendar
    now: datetime
    ledger: EventLog = field(default_factory=EventLog)
    versions: Mapping[str, Procedure] = field(default_factory=dict)
    codes: dict[str, list[str]] = field(default_factory=dict)  # case → the acceptance codes of its rounds, in plain
    happened: list[tuple[str, Event]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.versions = {version.digest: version for version in self.workspace.procedures.values()}

    def case(self, id: str) -> Case:
        """A case as it is now."""
        return replay(id, self.ledger.read(id))

    def version(self, case: Case) -> Procedure:
        """The procedure that a case follows."""
        return self.versions[case.version_digest]

    def operate(self, work: Callable[[Operation], Decided]) -> Decided:
        """Decide and append. Raises whatever ``work`` raises; nothing is appended then.

        Also procedures with errors are rehearsed, so moves that go round by themselves are refused here.
        """
        on = Operation(self._office())
        try:
            answer = work(on)
        except GoesRound:
            raise Refusal(NOTHING_SUCH, say("moves that nobody makes go round here without end")) from None
        self.ledger.append(on.appended)
        self.happened += on.appended
        for id, code in on.codes.items():
            self.codes.setdefault(id, []).append(code)
        return answer

    def look(self) -> Operation:
        """An operation of which nothing is appended."""
        return Operation(self._office())

    def wait(self, until: datetime) -> None:
        """Let time pass, everything that it brings happening at its moment, as where a sweep runs all the time."""
        for _ in range(MOST_TICKS):
            found = [entry for id in self.ledger.cases() if (entry := self._next(id, until))]
            if not found:
                break
            at, id = min(found)
            self.now = max(self.now, at)
            self.operate(lambda on, id=id: tick(on, id))  # type: ignore[misc]
        self.now = max(self.now, until)

    def _next(self, id: str, until: datetime) -> tuple[datetime, str] | None:
        case = self.case(id)
        entry = next(due(self.version(case), case, until, self.calendar), None)
        return None if entry is None else (entry.at, id)

    def _office(self) -> Environment:
        return Environment(
            now=self.now,
            organisation=self.workspace.organisation,
            calendar=self.calendar,
            read=self.ledger.read,
            allocate=self.ledger.allocator(),
            version=self.versions.__getitem__,
            current=self.workspace.procedures.get,
            new_code=self._new_code,
            code_fits=lambda code, given: code.hash == given,
        )

    def _new_code(self) -> NewCode:
        """Codes that are known here: the real ones are slow to check on purpose, and by chance."""
        plain = f"{sum(map(len, self.codes.values())) + 1:08d}"
        return NewCode(plain, "", plain)

"""A desk for runs that nobody keeps: the engine over a ledger in memory, with a clock of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.event import Event
from fujin_cli.core.cases.evolve import replay
from fujin_cli.core.cases.moves import due
from fujin_cli.core.cases.operation import GoesRound, NewCode, Office, Proceedings
from fujin_cli.core.cases.timers import tick
from fujin_cli.core.findings.refusals import NOTHING_SUCH, Refusal
from fujin_cli.core.model.ids import volume_of
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.text.message import say
from fujin_cli.store.ledger.memory_ledger import MemoryLedger
from fujin_cli.store.ledger.protocol import Changes, View

Decided = TypeVar("Decided")
MOST_TICKS = 1000  # in one wait; more is a circle, which validation forbids


@dataclass(slots=True)
class Desk:
    """Commands in, events out. ``happened`` are the events of all cases so far, in order."""

    workspace: Workspace
    calendar: WorkingCalendar
    now: datetime
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    laws: Mapping[str, Procedure] = field(default_factory=dict)
    codes: dict[str, list[str]] = field(default_factory=dict)  # case → the acceptance codes of its rounds, in plain
    happened: list[tuple[str, Event]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.laws = {law.digest: law for law in self.workspace.procedures.values()}

    def case(self, id: str) -> Case:
        """A case as it is now."""
        return replay(id, self.ledger.read(id))

    def law(self, case: Case) -> Procedure:
        """The procedure that a case follows."""
        return self.laws[case.law]

    def operate(
        self, work: Callable[[Proceedings], Decided], case: str | None = None, opening: str | None = None
    ) -> Decided:
        """Decide and append, on a case or for an opening in a community. Raises whatever ``work`` raises.

        Also procedures with errors are rehearsed, so moves that go round by themselves are refused here.
        """

        def operation(view: View) -> tuple[Changes, tuple[Decided, Proceedings]]:
            on = Proceedings(self._office(view))
            try:
                answer = work(on)
            except GoesRound:
                raise Refusal(NOTHING_SUCH, say("moves that nobody makes go round here without end")) from None
            touched = dict.fromkeys(id for id, _ in on.appended)
            return Changes(list(on.appended), {id: not on.cases[id].ended for id in touched}), (answer, on)

        month = (opening, self.calendar.local(self.now).strftime("%Y%m")) if opening else None
        _, (answer, on) = self.ledger.transact(None, [volume_of(case)] if case else [], operation, month)
        self.happened += on.appended
        for id, code in on.codes.items():
            self.codes.setdefault(id, []).append(code)
        return answer

    def look(self) -> Proceedings:
        """An operation of which nothing is appended."""
        return Proceedings(self._office(self.ledger.look(None)))

    def wait(self, until: datetime) -> None:
        """Let time pass, everything that it brings happening at its moment, as where a sweep runs all the time."""
        for _ in range(MOST_TICKS):
            found = [entry for kept in self.ledger.open_cases() if (entry := self._next(kept.case, until))]
            if not found:
                break
            at, id = min(found)
            self.now = max(self.now, at)
            self.operate(lambda on, id=id: tick(on, id), id)  # type: ignore[misc]
        self.now = max(self.now, until)

    def _next(self, id: str, until: datetime) -> tuple[datetime, str] | None:
        case = self.case(id)
        entry = next(due(self.law(case), case, until, self.calendar), None)
        return None if entry is None else (entry.at, id)

    def _office(self, view: View) -> Office:
        return Office(
            now=self.now, organisation=self.workspace.organisation, calendar=self.calendar, read=view.read,
            allocate=view.allocate, law=self.laws.__getitem__, current=self.workspace.procedures.get,
            new_code=self._new_code, code_fits=lambda code, given: code.hash == given,
        )  # fmt: skip

    def _new_code(self) -> NewCode:
        """Codes that are known here: the real ones are slow to check on purpose, and by chance."""
        plain = f"{sum(map(len, self.codes.values())) + 1:08d}"
        return NewCode(plain, "", plain)

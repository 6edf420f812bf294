"""One operation: the cases that it reads and changes, and the events that it appends.

It reads and allocates through functions that it is given, so it stays pure: the same answers give the same events.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.cases.actors import Actor, People
from fujin_cli.core.cases.case import Case, Code
from fujin_cli.core.cases.event import Event, EventKind
from fujin_cli.core.cases.evolve import evolve, replay
from fujin_cli.core.findings.refusals import UNKNOWN_CASE, Refusal
from fujin_cli.core.model.organisation import Organisation
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.text.localized import say


@dataclass(frozen=True, slots=True)
class NewCode:
    """A new acceptance code: the text that the reporter is handed, and the salted hash that is kept."""

    plain: str
    salt: str
    hash: str


@dataclass(frozen=True, slots=True)
class Environment:
    """Everything outside a case that a decision depends on, fixed for one operation."""

    now: datetime
    organisation: Organisation
    calendar: WorkingCalendar
    read: Callable[[str], tuple[Event, ...]]
    allocate: Callable[[str, str], str]  # community, month (YYYYMM) → a new case id
    version: Callable[[str], Procedure]  # digest → the procedure that a case is pinned to
    current: Callable[[str], Procedure | None]  # name → the procedure as the workspace has it now
    new_code: Callable[[], NewCode]
    code_fits: Callable[[Code, str], bool]
    fold: Callable[[str, tuple[Event, ...]], Case] = replay  # a case's id and events → the case

    def local_month(self) -> str:
        """The local month, as ids write it."""
        return self.calendar.to_local(self.now).strftime("%Y%m")


@dataclass(slots=True)
class Operation:
    """The unit of work: the cases that one operation reads and changes, and the events that it appends, in order."""

    environment: Environment
    cases: dict[str, Case] = field(default_factory=dict)
    appended: list[tuple[str, Event]] = field(default_factory=list)
    codes: dict[str, str] = field(default_factory=dict)  # case → the new acceptance code in plain

    def load_case(self, id: str) -> Case:
        """Give a case as of now, read and folded once. Raises Refusal for a case that the ledger does not have."""
        if id not in self.cases:
            events = self.environment.read(id)
            if not events:
                raise Refusal(UNKNOWN_CASE, say("there is no case {case}", case=id))
            self.cases[id] = self.environment.fold(id, events)
        return self.cases[id]

    def version_of(self, case: Case) -> Procedure:
        """Give the procedure version that the case is pinned to."""
        return self.environment.version(case.version_digest)

    def proof_of(self, case: Case, acting: Actor) -> str | None:
        """Name the proof that whoever acts under this name has to give; None for a name without one."""
        person = self.version_of(case).people.get(acting.name)
        return person.proof if person else None

    def people_of(self, case: Case) -> People:
        """Resolve the names of the case's procedure as of today."""
        day = self.environment.calendar.to_local(self.environment.now).date()
        return People(case, self.version_of(case), self.environment.organisation, day, self.load_case)

    def append_event(self, id: str, event: Event) -> Case:
        """Append ``event`` to a case and let it take effect."""
        self.appended.append((id, event))
        self.cases[id] = evolve(self.cases.get(id, Case(id)), event)
        return self.cases[id]

    def make_event(self, case: Case, kind: EventKind, acting: Actor, **more: Any) -> Event:
        """Make the next event of ``case``, at this moment."""
        return Event(
            n=case.next_event_number,
            at=self.environment.now,
            kind=kind,
            by=acting.by,
            entered_by=acting.entered_by,
            from_step=case.step or None,
            **more,
        )

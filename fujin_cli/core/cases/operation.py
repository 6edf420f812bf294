"""One operation: the request, the follow-ups that it leads to, the cases that it reads, the events that it appends.

Requests and follow-ups are plain data: ``decide`` checks a request against the case, ``completion`` carries out the
follow-ups, one after another. An operation reads and allocates through functions that it is given, so it stays pure:
the same answers give the same events.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fujin_cli.core.calendar.working_calendar import WorkingCalendar, format_local_minute
from fujin_cli.core.cases.actors import SYSTEM, Actor, People
from fujin_cli.core.cases.case import Case, Code
from fujin_cli.core.cases.event import Event, EventKind, compute_digest
from fujin_cli.core.cases.evolve import evolve, replay
from fujin_cli.core.cases.transition import Branch
from fujin_cli.core.findings.refusals import TIME_SET_BACK, UNKNOWN_CASE, UNREADABLE_CASE, Refusal
from fujin_cli.core.model.organisation import Organisation
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.text.localized import say

Inputs = Mapping[str, list[object]]
SYSTEM_ACTING = Actor(SYSTEM, SYSTEM, SYSTEM)


@dataclass(frozen=True, slots=True)
class Open:
    """Open a case of ``procedure`` in ``community``. ``inputs`` are texts (rows for forms) per field."""

    procedure: str
    community: str
    actor: str
    committee: str | None = None
    channel: str | None = None
    inputs: Inputs = field(default_factory=dict)
    note: str | None = None

    def fingerprint(self) -> str:
        """Hash the request: two commands with one request id must have the same fingerprint."""
        parts = [self.procedure, self.community, self.actor, self.committee, self.channel, dict(self.inputs), self.note]
        return compute_digest(parts)


@dataclass(frozen=True, slots=True)
class Advance:
    """Do ``action`` on ``case``. ``code`` is the acceptance code where the actor speaks for the reporter.

    ``appends`` are texts to append to lists, as the case holds them when the action takes effect.
    """

    case: str
    action: str
    actor: str
    inputs: Inputs = field(default_factory=dict)
    note: str | None = None
    code: str | None = None
    appends: Inputs = field(default_factory=dict)

    def fingerprint(self) -> str:
        """Hash the request; the code is left out, because it is a proof and no part of the request."""
        appends = [dict(self.appends)] if self.appends else []
        return compute_digest([self.case, self.action, self.actor, dict(self.inputs), self.note, *appends])


@dataclass(frozen=True, slots=True)
class MoveRequest:
    """Say who makes a move, with which inputs, and what else its event is to hold."""

    kind: EventKind
    action: str | None
    acting: Actor
    set: Mapping[str, Any] = field(default_factory=dict)
    note: str | None = None
    until: str | None = None
    tells: tuple[Mapping[str, Any], ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MakeMove:
    """Append the event of a move of ``case`` along ``branch``."""

    case: str
    branch: Branch
    request: MoveRequest


@dataclass(frozen=True, slots=True)
class OpenChild:
    """Open the child case ``id``, which the event of its parent names already."""

    id: str
    version: Procedure
    parent: Case
    group: str
    committee: str | None
    values: Mapping[str, Any]
    acting: Actor


@dataclass(frozen=True, slots=True)
class TellLinked:
    """Tell the case that ``case`` joined (or parted from, see ``links``) of it."""

    case: str
    links: Mapping[str, Mapping[str, str]]
    acting: Actor


@dataclass(frozen=True, slots=True)
class Arrive:
    """Go on after a move to ``target``: tell of the end, or settle."""

    case: str
    target: str | None


@dataclass(frozen=True, slots=True)
class AnswerParent:
    """Tell the parent of ``child`` the outcome; None: the child is open again."""

    child: Case
    outcome: str | None


@dataclass(frozen=True, slots=True)
class TellJoined:
    """Tell ``case``, which was joined to ``ended``, how that one ended."""

    case: str
    ended: Case


@dataclass(frozen=True, slots=True)
class Settle:
    """Make the next automatic move of ``case``, if it has one."""

    case: str


FollowUp = MakeMove | OpenChild | TellLinked | Arrive | AnswerParent | TellJoined | Settle


@dataclass(frozen=True, slots=True)
class NewCode:
    """A new acceptance code: the text that the reporter is handed, and the salted hash that is kept."""

    plain: str
    salt: str
    hash: str


class NotPrepared(Exception):
    """Report that a decision needs something slow first; ``prepare`` does it, while no lock is held."""

    def __init__(self, prepare: Callable[[], object]) -> None:
        super().__init__()
        self.prepare = prepare


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
    checks_proof: bool = True  # not in a dry run, which would tell whether a guessed code is right
    is_rehearsal: bool = False  # the clock is set by whoever types, so that a wrong time is refused

    def local_month(self) -> str:
        """The local month, as ids write it."""
        return self.calendar.to_local(self.now).strftime("%Y%m")


def check_step(case: str, step: str, version: Procedure) -> Procedure:
    """Return the version of a case if it has the step at which the case stands. Raises Refusal (FJ818)."""
    if step in version.steps:
        return version
    raise refuse_step(case, step)


def refuse_step(case: str, step: str) -> Refusal:
    """Make FJ818 for a case at a step that its version does not have."""
    return Refusal(
        UNREADABLE_CASE,
        say("{case} is at step {step}, which its procedure version does not have", case=case, step=step),
        help=say("run `fujin ledger verify`, and restore the volume from a backup"),
    )


@dataclass(slots=True)
class Operation:
    """The unit of work: the cases that one operation reads and changes, and the events that it appends, in order."""

    environment: Environment
    cases: dict[str, Case] = field(default_factory=dict)
    appended: list[tuple[str, Event]] = field(default_factory=list)
    codes: dict[str, str] = field(default_factory=dict)  # case → the new acceptance code in plain
    set_back: dict[str, datetime] = field(default_factory=dict)  # case → its last event's time, which is later than now

    def load_case(self, id: str) -> Case:
        """Give a case as of now, read and folded once. Raises Refusal for a case that the ledger does not have."""
        if id not in self.cases:
            events = self.environment.read(id)
            if not events:
                raise Refusal(UNKNOWN_CASE, say("there is no case {case}", case=id))
            self.cases[id] = self.environment.fold(id, events)
        return self.cases[id]

    def version_of(self, case: Case) -> Procedure:
        """Give the procedure version that the case is pinned to. Raises Refusal where it lacks the case's step."""
        version = self.environment.version(case.version_digest)
        return (
            check_step(case.id, case.step, version) if case.step else version
        )  # a case that is being opened stands nowhere yet

    def proof_of(self, case: Case, acting: Actor) -> str | None:
        """Name the proof that whoever acts under this name has to give; None for a name without one."""
        person = self.version_of(case).people.get(acting.name)
        return person.proof if person else None

    def people_of(self, case: Case) -> People:
        """Resolve the names of the case's procedure as of today."""
        day = self.environment.calendar.to_local(self.environment.now).date()
        return People(case, self.version_of(case), self.environment.organisation, day, self.load_case)

    def append_event(self, id: str, event: Event) -> Case:
        """Append ``event`` to a case and let it take effect. Raises Refusal in a rehearsal whose clock is set back."""
        case = self.cases.get(id, Case(id))
        if case.events and event.at < case.events[-1].at:
            self._note_clock_set_back(id, case.events[-1].at)
        self.appended.append((id, event))
        self.cases[id] = evolve(case, event)
        return self.cases[id]

    def _note_clock_set_back(self, id: str, last: datetime) -> None:
        """Refuse an event before the last one of its case in a rehearsal; a live ledger loses none, but warns."""
        if self.environment.is_rehearsal:
            calendar = self.environment.calendar
            raise Refusal(
                TIME_SET_BACK,
                say(
                    "{case} has an event of {last}, which is later than {now}",
                    case=id,
                    last=format_local_minute(calendar, last),
                    now=format_local_minute(calendar, self.environment.now),
                ),
                help=say("give a later time with --now"),
            )
        self.set_back.setdefault(id, last)

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

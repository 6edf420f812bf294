"""One operation over one case and those it touches: appends events, carries out effects, lets what follows follow.

It reads and allocates through functions that it is given, so it stays pure: the same answers give the same events.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.cases.actors import SYSTEM, Actor, People
from fujin_cli.core.cases.attribution import SYSTEM_ACTING, MoveRequest, notices
from fujin_cli.core.cases.case import Case, Code
from fujin_cli.core.cases.event import Event
from fujin_cli.core.cases.evolve import evolve, replay
from fujin_cli.core.cases.linked_cases import reopen_for_parent, tell_other_case, tell_the_waiting
from fujin_cli.core.cases.moves import automatic
from fujin_cli.core.cases.opening import open_child, order_children
from fujin_cli.core.cases.transition import Branch, Transition, branch_of, plan
from fujin_cli.core.findings.refusals import UNKNOWN_CASE, Refusal
from fujin_cli.core.model.organisation import Organisation
from fujin_cli.core.model.procedure import Action, Procedure
from fujin_cli.core.text.message import say

MOST_AUTOMATIC_MOVES = 100  # a chain longer than this is a circle, which validation forbids


class GoesRound(RuntimeError):
    """Moves that nobody makes go in a circle: a procedure that validation forbids (FJ308)."""


@dataclass(frozen=True, slots=True)
class NewCode:
    """A fresh acceptance code: what the reporter is handed, and what is kept of it."""

    plain: str
    salt: str
    hash: str


@dataclass(frozen=True, slots=True)
class Environment:
    """Everything outside a case that a decision looks at, fixed for one operation."""

    now: datetime
    organisation: Organisation
    calendar: WorkingCalendar
    read: Callable[[str], tuple[Event, ...]]
    allocate: Callable[[str, str], str]  # community, month (YYYYMM) → a new case id
    version: Callable[[str], Procedure]  # digest → the procedure that a case is pinned to
    current: Callable[[str], Procedure | None]  # name → the procedure as the workspace has it now
    new_code: Callable[[], NewCode]
    code_fits: Callable[[Code, str], bool]

    def month(self) -> str:
        """The local month, as ids write it."""
        return self.calendar.local(self.now).strftime("%Y%m")


@dataclass(slots=True)
class Operation:
    """The cases that one operation reads and changes, and the events it appends, in order."""

    environment: Environment
    cases: dict[str, Case] = field(default_factory=dict)
    appended: list[tuple[str, Event]] = field(default_factory=list)
    codes: dict[str, str] = field(default_factory=dict)  # case → the new acceptance code in plain

    def case(self, id: str) -> Case:
        """The case as it is by now. Raises Refusal for one that the ledger does not have."""
        if id not in self.cases:
            events = self.environment.read(id)
            if not events:
                raise Refusal(UNKNOWN_CASE, say("there is no case {case}", case=id))
            self.cases[id] = replay(id, events)
        return self.cases[id]

    def version_of(self, case: Case) -> Procedure:
        """The procedure that the case is pinned to."""
        return self.environment.version(case.version_digest)

    def people(self, case: Case) -> People:
        """Who the names of the case's procedure are today."""
        day = self.environment.calendar.local(self.environment.now).date()
        return People(case, self.version_of(case), self.environment.organisation, day, self.case)

    def append(self, id: str, event: Event) -> Case:
        """Append ``event`` to a case and let it take effect."""
        self.appended.append((id, event))
        self.cases[id] = evolve(self.cases.get(id, Case(id)), event)
        return self.cases[id]

    def event(self, case: Case, kind: str, acting: Actor, **more: Any) -> Event:
        """The next event of ``case``, now."""
        return Event(
            n=case.next_n,
            at=self.environment.now,
            kind=kind,
            by=acting.by,
            entered_by=acting.entered_by,
            from_step=case.step or None,
            **more,
        )

    def carry_out(self, id: str, action: Action, overflow: bool, move_request: MoveRequest) -> None:
        """Make the move ``action`` with its effects, then everything that follows from it by itself."""
        data: dict[str, Any] = {"rule": action.rule, **move_request.data}
        if overflow:
            data["overflow"] = True
        if action.stops_clock_until:
            data["until"] = move_request.until
        branch = branch_of(self.version_of(self.case(id)), action, overflow)
        self.move(id, branch, replace(move_request, data=data))

    def move(self, id: str, branch: Branch, move_request: MoveRequest) -> None:
        """Append the event of a move along ``branch``, then do what follows from it."""
        case = self.case(id)
        version = self.version_of(case)
        acting = move_request.acting
        if case.ended and branch.target and case.parent:
            reopen_for_parent(self, case)
        transition = plan(version, case, branch, move_request.set, acting.by)
        data = {**move_request.data, **_attribution(acting), **transition.ending()}
        data |= self._new_round(case, version, branch.target, acting)
        children = order_children(self, transition, acting)
        data |= transition.opened(child.id for child in children) | transition.published() | transition.links
        self.append(
            id,
            self.event(
                case,
                move_request.kind,
                acting,
                action=move_request.action,
                to_step=branch.target,
                set=transition.values,
                note=move_request.note,
                tells=(*move_request.tells, *self.notifications(transition)),
                data=data,
            ),
        )
        for child in children:
            open_child(self, child)
        tell_other_case(self, id, data, acting)
        self._followed(id, branch.target)

    def _followed(self, id: str, to: str | None) -> None:
        """What follows from a move by itself: an end is told to those who wait for it, other steps settle."""
        if to and self.case(id).ended:
            tell_the_waiting(self, id)
        else:
            self.settle(id)

    def settle(self, id: str) -> None:
        """Make every move that nobody makes, one after another, until none is left."""
        case = self.case(id)
        move = automatic(self.version_of(case), case, self.environment.now, self.environment.calendar)
        if move is None:
            return
        automatic_so_far = sum(event.kind == "move" for other, event in self.appended if other == id)
        if automatic_so_far >= MOST_AUTOMATIC_MOVES:
            raise GoesRound(f"{case.procedure}: automatic moves go in a circle at {case.step}")
        move_request = MoveRequest("move", move.action.name, SYSTEM_ACTING)
        self.carry_out(id, move.action, move.overflow, move_request)

    def notifications(self, transition: Transition) -> list[dict[str, Any]]:
        """Who is told of a transition, by today's rosters; a name that is nobody now keeps its notification."""
        people = self.people(transition.after)
        return [
            {"to": tell.to, "who": who, "kind": tell.kind}
            for tell in transition.notifications
            for who in people.resolve(tell.to) or ("",)
        ] + notices(transition.after, transition.notices)

    def _new_round(self, case: Case, version: Procedure, to: str | None, acting: Actor) -> dict[str, Any]:
        """A new acceptance code where the reporter sends a case back to work: the old one approves no longer."""
        person = version.people.get(acting.name)
        if case.code is None or person is None or person.proof != "acceptance-code" or not to or version.steps[to].end:
            return {}
        return {"code": self.fresh_code(case.id, case.code.round + 1)}

    def fresh_code(self, id: str, round: int) -> dict[str, Any]:
        """A new code for ``round``: kept in plain for this operation's answer only."""
        code = self.environment.new_code()
        self.codes[id] = code.plain
        return {"salt": code.salt, "hash": code.hash, "round": round}


def _attribution(acting: Actor) -> dict[str, str]:
    """The part of an event's data that says under which name somebody acted, and for whom."""
    name = {} if acting.name == SYSTEM else {"as": acting.name}
    return name | ({"on_behalf_of": acting.on_behalf_of} if acting.on_behalf_of else {})

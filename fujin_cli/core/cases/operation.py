"""One operation over one case and those it touches: appends events, carries out effects, lets what follows follow.

It reads and allocates through functions that it is given, so it stays pure: the same answers give the same events.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.cases.actors import SYSTEM, Acting, People
from fujin_cli.core.cases.attribution import SYSTEM_ACTING, Doing, notices
from fujin_cli.core.cases.case import Case, Code
from fujin_cli.core.cases.event import Event
from fujin_cli.core.cases.evolve import evolve, replay
from fujin_cli.core.cases.linked_cases import reopen_for_parent, tell_other_case, tell_the_waiting
from fujin_cli.core.cases.moves import automatic
from fujin_cli.core.cases.opening import open_child, open_children
from fujin_cli.core.findings.refusals import UNKNOWN_CASE, Refusal
from fujin_cli.core.model.effects import Effects
from fujin_cli.core.model.organisation import Organisation
from fujin_cli.core.model.procedure import Action, Procedure
from fujin_cli.core.model.values import literal
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
class Office:
    """Everything outside a case that a decision looks at, fixed for one operation."""

    now: datetime
    organisation: Organisation
    calendar: WorkingCalendar
    read: Callable[[str], tuple[Event, ...]]
    allocate: Callable[[str, str], str]  # community, month (YYYYMM) → a new case id
    law: Callable[[str], Procedure]  # digest → the procedure that a case is pinned to
    current: Callable[[str], Procedure | None]  # name → the procedure as the workspace has it now
    new_code: Callable[[], NewCode]
    code_fits: Callable[[Code, str], bool]

    def month(self) -> str:
        """The local month, as ids write it."""
        return self.calendar.local(self.now).strftime("%Y%m")


@dataclass(slots=True)
class Proceedings:
    """The cases that one operation reads and changes, and the events it appends, in order."""

    office: Office
    cases: dict[str, Case] = field(default_factory=dict)
    appended: list[tuple[str, Event]] = field(default_factory=list)
    codes: dict[str, str] = field(default_factory=dict)  # case → the new acceptance code in plain

    def case(self, id: str) -> Case:
        """The case as it is by now. Raises Refusal for one that the ledger does not have."""
        if id not in self.cases:
            events = self.office.read(id)
            if not events:
                raise Refusal(UNKNOWN_CASE, say("there is no case {case}", case=id))
            self.cases[id] = replay(id, events)
        return self.cases[id]

    def law_of(self, case: Case) -> Procedure:
        """The procedure that the case is pinned to."""
        return self.office.law(case.law)

    def people(self, case: Case) -> People:
        """Who the names of the case's procedure are today."""
        day = self.office.calendar.local(self.office.now).date()
        return People(case, self.law_of(case), self.office.organisation, day, self.case)

    def append(self, id: str, event: Event) -> Case:
        """Append ``event`` to a case and let it take effect."""
        self.appended.append((id, event))
        self.cases[id] = evolve(self.cases.get(id, Case(id)), event)
        return self.cases[id]

    def event(self, case: Case, kind: str, acting: Acting, **more: Any) -> Event:
        """The next event of ``case``, now."""
        return Event(
            n=case.next_n, at=self.office.now, kind=kind, by=acting.by, entered_by=acting.entered_by,
            from_step=case.step or None, **more,
        )  # fmt: skip

    def carry_out(self, id: str, action: Action, to: str | None, overflow: bool, doing: Doing) -> None:
        """Make the move ``action`` to ``to`` with its effects, then everything that follows from it by itself."""
        effects = action.effects
        if overflow and action.then:
            effects = action.then.effects
        data: dict[str, Any] = {"rule": action.rule, **doing.data}
        if overflow:
            data["overflow"] = True
        if action.stops_clock_until:
            data["until"] = doing.until
        self.move(id, effects, to, replace(doing, data=data))

    def move(self, id: str, effects: Effects, to: str | None, doing: Doing) -> None:
        """Append the event of a move with ``effects`` and the effects of arriving at ``to``."""
        case = self.case(id)
        law = self.law_of(case)
        if case.ended and to and case.parent:
            reopen_for_parent(self, case)
        target = law.steps[to] if to else None
        parts = [effects, target.on_enter] if target else [effects]
        data = dict(doing.data)
        values = dict(doing.set)
        for part in parts:
            values |= self.sets(case, part, doing.acting)
        after = replace(case, values={**case.values, **values})
        if doing.acting.name != SYSTEM:
            data["as"] = doing.acting.name
        if doing.acting.on_behalf_of:
            data["on_behalf_of"] = doing.acting.on_behalf_of
        if target and target.end:
            data |= {"outcome": target.end, "counts_as": list(target.counts_as)}
        data |= self._new_round(case, law, to, doing.acting)
        children = [child for part in parts for child in open_children(self, after, part, data, doing.acting)]
        published = [name for part in parts for name in part.publish]
        if published:
            data["publish"] = published
        for part in parts:
            for effect in part.does:
                other = (
                    case.joined_to[1] if effect.verb == "part" and case.joined_to else after.values.get(effect.field)
                )
                if other:
                    data[effect.verb + "s"] = {"field": effect.field, "case": other}
        tells = [
            *doing.tells,
            *(tell for part in parts for tell in self.tells(after, part)),
            *notices(case, published),
        ]
        self.append(
            id,
            self.event(
                case, doing.kind, doing.acting, action=doing.action, to_step=to, set=values, note=doing.note,
                tells=tuple(tells), data=data,
            ),
        )  # fmt: skip
        for child in children:
            open_child(self, child)
        tell_other_case(self, id, data, doing.acting)
        self._followed(id, to)

    def _followed(self, id: str, to: str | None) -> None:
        """What follows from a move by itself: an end is told to those who wait for it, other steps settle."""
        if to and self.case(id).ended:
            tell_the_waiting(self, id)
        else:
            self.settle(id)

    def settle(self, id: str) -> None:
        """Make every move that nobody makes, one after another, until none is left."""
        case = self.case(id)
        move = automatic(self.law_of(case), case, self.office.now, self.office.calendar)
        if move is None:
            return
        automatic_so_far = sum(event.kind == "move" for other, event in self.appended if other == id)
        if automatic_so_far >= MOST_AUTOMATIC_MOVES:
            raise GoesRound(f"{case.procedure}: automatic moves go in a circle at {case.step}")
        doing = Doing("move", move.action.name, SYSTEM_ACTING)
        self.carry_out(id, move.action, move.to, move.overflow, doing)

    def tells(self, case: Case, effects: Effects) -> list[dict[str, Any]]:
        """One message for everybody whom the effects tell; a name that is nobody now keeps its message."""
        people = self.people(case)
        return [
            {"to": tell.to, "who": who, "kind": tell.kind}
            for tell in effects.tells
            for who in people.resolve(tell.to) or ("",)
        ]

    def sets(self, case: Case, effects: Effects, acting: Acting) -> dict[str, Any]:
        """The fields that the effects set or add to."""
        fields = self.law_of(case).fields
        values: dict[str, Any] = {}
        for name, text in effects.sets.items():
            values[name] = literal(fields[name].type, text) if name in fields else text
        for name in effects.adds:
            values[name] = list(dict.fromkeys([*case.values.get(name, []), acting.by]))
        return values

    def _new_round(self, case: Case, law: Procedure, to: str | None, acting: Acting) -> dict[str, Any]:
        """A new acceptance code where the reporter sends a case back to work: the old one approves no longer."""
        person = law.people.get(acting.name)
        if case.code is None or person is None or person.proof != "acceptance-code" or not to or law.steps[to].end:
            return {}
        return {"code": self.fresh_code(case.id, case.code.round + 1)}

    def fresh_code(self, id: str, round: int) -> dict[str, Any]:
        """A new code for ``round``: kept in plain for this operation's answer only."""
        code = self.office.new_code()
        self.codes[id] = code.plain
        return {"salt": code.salt, "hash": code.hash, "round": round}

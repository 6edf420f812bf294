"""A case as another law would have it: every event as that law makes it, with what follows from it by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import repeat
from typing import Any

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.deadlines import pause_end
from fujin_cli.core.cases.event import Event, EventKind
from fujin_cli.core.cases.evolve import evolve
from fujin_cli.core.cases.moves import Move, automatic
from fujin_cli.core.cases.transition import Branch, Transition, branch_of, is_used_up, opening_branch, plan
from fujin_cli.core.model.effects import Tell
from fujin_cli.core.model.procedure import Action, Procedure, Rung
from fujin_cli.core.model.values import literal
from fujin_cli.core.text.message import LocalizedText, Title, say
from fujin_cli.core.wording.labels import field_labels

MOST_AUTOMATIC_MOVES = 100


class CannotFollow(Exception):
    """The law could not have produced an event of the history."""

    def __init__(self, reason: LocalizedText) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(slots=True)
class UnderLaw:
    """``state`` is the case so far; ``settings`` are those that the law would have pinned."""

    version: Procedure
    settings: Mapping[str, str]
    calendar: WorkingCalendar
    state: Case

    def here(self) -> Title | str:
        """What people call the step where the case is."""
        return self.version.steps[self.state.step].title or self.state.step

    def open(self, event: Event, given: Mapping[str, Any]) -> Event:
        """The opening of the case with what was given then. Raises CannotFollow."""
        fields = self.version.fields
        defaults = {name: literal(s.type, s.default) for name, s in fields.items() if s.default is not None}
        values = {**defaults, **{name: value for name, value in given.items() if name in fields}}
        missing = [name for name, spec in fields.items() if spec.required and name not in values]
        if missing:
            raise CannotFollow(say("opening a case needs {fields}", fields=field_labels(self.version, missing)))
        data = {key: value for key, value in event.data.items() if key not in ("opens", "replaces", "publish")}
        data |= {"law": self.version.digest, "settings": dict(self.settings)}
        new = replace(self.state, values=values)
        return self.made(event, plan(self.version, new, opening_branch(self.version), values, event.by), data)

    def move(self, event: Event, move: Move, given: Mapping[str, Any]) -> Event:
        """A move with its effects. Raises CannotFollow."""
        action = move.action
        data: dict[str, Any] = {
            key: value for key, value in event.data.items() if key in ("as", "on_behalf_of", "code")
        }
        data["rule"] = action.rule
        if move.overflow:
            data["overflow"] = True
        if action.stops_clock_until:
            data["until"] = self._pause_end(action, given)
        branch = branch_of(self.version, action, move.overflow)
        return self.made(event, plan(self.version, self.state, branch, given, event.by), data, action.name)

    def rung(self, rung: Rung, event: Event) -> Event:
        """A rung with its effects."""
        branch = branch_of(self.version, rung, is_used_up(self.state, rung))
        data: dict[str, Any] = {"rung": rung.index, "when": rung.when, "rule": rung.rule}
        if rung.raises:
            data["raise"] = rung.raises
        return self.made(event, plan(self.version, self.state, branch, {}, event.by), data)

    def settle(self, event: Event) -> list[Event]:
        """The moves that nobody makes, as the law makes them after this event. Raises CannotFollow."""
        found: list[Event] = []
        while len(found) <= MOST_AUTOMATIC_MOVES:
            move = automatic(self.version, self.state, event.at, self.calendar)
            if move is None:
                return found
            found.append(self.move(replace(event, kind=EventKind.MOVE, by="system", data={}), move, {}))
        raise CannotFollow(say("moves that nobody makes go in a circle"))

    def made(self, event: Event, transition: Transition, data: dict[str, Any], action: str | None = None) -> Event:
        """The event as the version has it, taken into the state; which children it opened is put in by ``opened``."""
        data |= transition.ending() | transition.opened(repeat("")) | transition.links | transition.published()
        made = replace(
            event,
            action=action,
            from_step=self.state.step or None,
            to_step=transition.branch.target,
            set=transition.values,
            data=data,
            tells=_tells(event, transition.notifications),
        )
        self.state = evolve(self.state, made)
        return made

    def stay(self, event: Event, values: Mapping[str, Any]) -> Event:
        """An event that moves nothing by itself, such as the answer of a child."""
        return self.made(
            event, plan(self.version, self.state, Branch(None, False, ()), values, event.by), {**event.data}
        )

    def opened(self, made: Iterable[Event], opened: list[tuple[str, str, str]]) -> None:
        """Put in which child cases were opened: they must be just those that the law opens. Raises CannotFollow."""
        expected = [
            (group, item["each"])
            for event in made
            for group, items in event.data.get("opens", {}).items()
            for item in items
        ]
        if sorted(expected) != sorted((group, each) for group, each, _ in opened):
            groups = [group for group, _ in expected] or say("none")
            raise CannotFollow(say("other cases would have been opened: {groups}", groups=groups))
        waiting = list(opened)
        children = list(self.state.children)
        for place, child in enumerate(children):
            if not child.case:
                entry = next(item for item in waiting if item[:2] == (child.group, child.each))
                waiting.remove(entry)
                children[place] = replace(child, case=entry[2])
        self.state = replace(self.state, children=tuple(children))

    def _pause_end(self, action: Action, given: Mapping[str, Any]) -> str:
        field = action.stops_clock_until or ""
        day = given.get(field) or self.state.values.get(field)
        if not day:
            raise CannotFollow(say("there is no day on which the clock goes on"))
        return pause_end(str(day), self.calendar).isoformat()


def _tells(event: Event, notifications: Iterable[Tell]) -> tuple[dict[str, Any], ...]:
    """What the version tells whom, for what watches it; the persons are left aside."""
    planned = tuple({"to": tell.to, "who": "", "kind": tell.kind} for tell in notifications)
    kept = tuple(dict(tell) for tell in event.tells) if event.kind in ("joined", "parted", "code") else ()
    return (*planned, *kept)

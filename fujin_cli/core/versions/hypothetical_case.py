"""A case as another law would have it: every event as that law makes it, with what follows from it by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.child_cases import each_of, takes_place
from fujin_cli.core.cases.deadlines import pause_end
from fujin_cli.core.cases.event import Event
from fujin_cli.core.cases.evolve import evolve
from fujin_cli.core.cases.moves import Move, automatic, rung_target, used_up
from fujin_cli.core.model.effects import Effects
from fujin_cli.core.model.procedure import Action, Procedure, Rung
from fujin_cli.core.model.values import literal
from fujin_cli.core.text.message import LocalizedText, Title, say
from fujin_cli.core.wording.labels import fields_called

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
            raise CannotFollow(say("opening a case needs {fields}", fields=fields_called(self.version, missing)))
        step = self.version.steps[self.version.first]
        data = {key: value for key, value in event.data.items() if key not in ("opens", "replaces", "publish")}
        data |= {"law": self.version.digest, "settings": dict(self.settings)}
        values |= self._set(step.on_enter, values, event)
        return self.made(event, self.version.first, values, [step.on_enter], data)

    def move(self, event: Event, move: Move, given: Mapping[str, Any]) -> Event:
        """A move with its effects. Raises CannotFollow."""
        action = move.action
        effects = action.then.effects if move.overflow and action.then else action.effects
        data: dict[str, Any] = {
            key: value for key, value in event.data.items() if key in ("as", "on_behalf_of", "code")
        }
        data["rule"] = action.rule
        if move.overflow:
            data["overflow"] = True
        if action.stops_clock_until:
            data["until"] = self._pause_end(action, given)
        parts = self._parts(effects, move.to)
        return self.made(event, move.to, self._after(parts, given, event), parts, data, action.name)

    def rung(self, rung: Rung, event: Event) -> Event:
        """A rung with its effects."""
        to = rung_target(self.version, self.state, rung)
        effects = rung.then.effects if rung.then and used_up(self.state, rung) else rung.effects
        target = to if isinstance(to, str) and to else None
        parts = self._parts(effects, target)
        data: dict[str, Any] = {"rung": rung.index, "when": rung.when, "rule": rung.rule}
        if rung.raises:
            data["raise"] = rung.raises
        return self.made(event, target, self._after(parts, {}, event), parts, data)

    def settle(self, event: Event) -> list[Event]:
        """The moves that nobody makes, as the law makes them after this event. Raises CannotFollow."""
        found: list[Event] = []
        while len(found) <= MOST_AUTOMATIC_MOVES:
            move = automatic(self.version, self.state, event.at, self.calendar)
            if move is None:
                return found
            found.append(self.move(replace(event, kind="move", by="system", data={}), move, {}))
        raise CannotFollow(say("moves that nobody makes go in a circle"))

    def made(
        self,
        event: Event,
        to: str | None,
        values: Mapping[str, Any],
        parts: Sequence[Effects],
        data: dict[str, Any],
        action: str | None = None,
    ) -> Event:
        """The event as the law has it, taken into the state."""
        target = self.version.steps[to] if to else None
        if target and target.end:
            data |= {"outcome": target.end, "counts_as": list(target.counts_as)}
        after = replace(self.state, values={**self.state.values, **values})
        data |= self._groups(after, parts) | self._joined(after, parts)
        published = [name for part in parts for name in part.publish]
        if published:
            data["publish"] = published
        made = replace(
            event,
            action=action,
            from_step=self.state.step or None,
            to_step=to,
            set=values,
            data=data,
            tells=_tells(event, parts),
        )
        self.state = evolve(self.state, made)
        return made

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

    # parts of an event

    def _parts(self, effects: Effects, to: str | None) -> list[Effects]:
        return [effects, self.version.steps[to].on_enter] if to else [effects]

    def _after(self, parts: Iterable[Effects], given: Mapping[str, Any], event: Event) -> dict[str, Any]:
        values = dict(given)
        for part in parts:
            values |= self._set(part, {**self.state.values, **values}, event)
        return values

    def _set(self, effects: Effects, values: Mapping[str, Any], event: Event) -> dict[str, Any]:
        fields = self.version.fields
        found = {n: literal(fields[n].type, text) if n in fields else text for n, text in effects.sets.items()}
        found |= {name: list(dict.fromkeys([*values.get(name, []), event.by])) for name in effects.adds}
        return found

    def _pause_end(self, action: Action, given: Mapping[str, Any]) -> str:
        field = action.stops_clock_until or ""
        day = given.get(field) or self.state.values.get(field)
        if not day:
            raise CannotFollow(say("there is no day on which the clock goes on"))
        return pause_end(str(day), self.calendar).isoformat()

    def _groups(self, after: Case, parts: Iterable[Effects]) -> dict[str, Any]:
        """The child cases that the law opens here; which they are is settled against the history."""
        opens: dict[str, list[dict[str, Any]]] = {}
        replaces: list[str] = []
        for part in parts:
            for spec in part.opens:
                replaces += [
                    child.case
                    for child in self.state.children
                    if child.group == spec.group and not child.replaced and takes_place(spec.instead_of, child.outcome)
                ]
                for each, _ in each_of(after, spec.one_each):
                    item = {"case": "", "each": each, **({"leaves": True} if spec.leaves else {})}
                    opens.setdefault(spec.group, []).append(item)
        return {**({"opens": opens} if opens else {}), **({"replaces": replaces} if replaces else {})}

    def _joined(self, after: Case, parts: Iterable[Effects]) -> dict[str, Any]:
        """The case that this one is joined to here, or parts from."""
        found: dict[str, Any] = {}
        for part in parts:
            for effect in part.does:
                joined = self.state.joined_to
                other = joined[1] if effect.verb == "part" and joined else after.values.get(effect.field)
                if other:
                    found[effect.verb + "s"] = {"field": effect.field, "case": other}
        return found


def _tells(event: Event, parts: Sequence[Effects]) -> tuple[dict[str, Any], ...]:
    """What the law tells whom, for what watches it; the persons are left aside."""
    told = tuple({"to": tell.to, "who": "", "kind": tell.kind} for part in parts for tell in part.tells)
    kept = tuple(dict(tell) for tell in event.tells) if event.kind in ("joined", "parted", "code") else ()
    return (*told, *kept)

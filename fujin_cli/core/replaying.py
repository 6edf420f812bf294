"""The history of one case under another law: could that law have produced it, and where would the case stand?

This is the criterion of ADEPT (Rinderle, Reichert, Dadam 2004). The history is what people, partners, other cases and
deadlines did, by name and data; what follows by itself, and reminders, are the law's own and are made anew. Who may act
is left aside: whoever acted was entitled then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fujin_cli.core.calendar import WorkingCalendar
from fujin_cli.core.case import Case, evolve
from fujin_cli.core.children import each_of, takes_place
from fujin_cli.core.deadlines import pause_end
from fujin_cli.core.event import Event
from fujin_cli.core.message import Message, say, with_id
from fujin_cli.core.moves import Move, automatic, due, moves, rung_target, used_up
from fujin_cli.core.procedure import Action, Effects, Procedure, Rung
from fujin_cli.core.renames import renames_between, rung_names
from fujin_cli.core.values import literal

MOST_AUTOMATIC_MOVES = 100
_FACTS = frozenset({"wrong-code", "code", "told", "undelivered"})  # no law has a say in them


class CannotFollow(Exception):
    """The law could not have produced an event of the history."""

    def __init__(self, event: Event, reason: Message) -> None:
        super().__init__(str(reason))
        self.event = event
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Followed:
    """The case as the other law would have left it; or the first event that this law cannot have produced, and why."""

    case: Case | None
    event: Event | None = None
    reason: Message | None = None


def follow(
    case: Case, old: Procedure, new: Procedure, settings: Mapping[str, str], calendar: WorkingCalendar
) -> Followed:
    """Replay ``case`` (of the law ``old``) under ``new``; ``settings`` are those that the new law would pin."""
    replayed = _Replay(case, old, new, settings, calendar)
    try:
        return Followed(replayed.run())
    except CannotFollow as problem:
        return Followed(None, problem.event, problem.reason)


class _Replay:
    def __init__(
        self, case: Case, old: Procedure, new: Procedure, settings: Mapping[str, str], calendar: WorkingCalendar
    ) -> None:  # fmt: skip
        self.origin = case
        self.old, self.new = old, new
        self.renames = renames_between(old, new)
        self.settings = settings
        self.calendar = calendar
        self.state = Case(case.id)
        self.event: Event | None = None  # the one that is being followed

    def run(self) -> Case:
        """The case under the new law. Raises CannotFollow."""
        events, begun = since_mapped(self.origin)
        if begun is not None:
            self._begin_at(begun)
        for chunk in _chunks(events):
            self._follow(chunk)
        return self.state

    def _begin_at(self, case: Case) -> None:
        """A case that was put somewhere by a mapping has no history of its own before that."""
        step = self.renames.step(case.step)
        self.event = case.events[-1]
        if step not in self.new.steps:
            raise self._no(say("there is no step {step}", step=with_id(self._old_title(case.step), case.step)))
        self.state = replace(
            case, step=step, values=self._values(case.values), settings=self.settings, law=self.new.digest,
            counts={self.renames.action(rule): count for rule, count in case.counts.items()},
        )  # fmt: skip

    def _no(self, reason: Message) -> CannotFollow:
        assert self.event is not None  # noqa: S101 - set before anything is followed
        return CannotFollow(self.event, reason)

    def _values(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {self.renames.fields.get(name, name): value for name, value in values.items()}

    # words for the reasons

    @property
    def _here(self) -> object:
        step = self.new.steps.get(self.state.step)
        return (step.title if step else None) or self.state.step

    def _titles(self, names: Iterable[str]) -> list[object]:
        fields = {**self.old.fields, **self.new.fields}
        return [with_id(fields[name].title if name in fields else None, name) for name in names]

    def _old_title(self, step: str) -> object:
        return self.old.steps[step].title if step in self.old.steps else None

    def _action(self, event: Event, name: str) -> object:
        rule = event.data.get("rule")
        titles = (action.title for _, action in self.old.all_actions() if action.rule == rule)
        return with_id(next(titles, None), name)

    # one event, with what followed it by itself

    def _follow(self, chunk: Sequence[Event]) -> None:
        event = chunk[0]
        self.event = event
        opened = _opened(chunk)
        if event.kind in _FACTS:
            self.state = evolve(self.state, event)
            return
        match event.kind:
            case "opened":
                done: Event | None = self._open(event)
            case "action":
                done = self._act(event)
            case "rung":
                done = self._rung(event)
            case "time-up":
                done = self._time_up(event)
            case _:
                done = self._other(event)
        if done is None:
            return
        made = [done, *self._settle(event)]
        self._check_opened(made, opened)

    def _open(self, event: Event) -> Event:
        new, fields = self.new, self.new.fields
        given = {name: value for name, value in self._values(event.set).items() if name in fields}
        defaults = {name: literal(s.type, s.default) for name, s in fields.items() if s.default is not None}
        values = {**defaults, **given}
        missing = [name for name, spec in fields.items() if spec.required and name not in values]
        if missing:
            raise self._no(say("opening a case needs {fields}", fields=self._titles(missing)))
        step = new.steps[new.first]
        data = {key: value for key, value in event.data.items() if key not in ("opens", "replaces", "publish")}
        data |= {"law": new.digest, "settings": dict(self.settings)}
        values |= self._set(step.on_enter, values, event)
        return self._made(event, new.first, values, [step.on_enter], data)

    def _act(self, event: Event) -> Event:
        rule = str(event.data.get("rule", ""))
        name = self.renames.action_name(rule) if rule else str(event.action)
        known = {move.action.name: move for move in moves(self.new, self.state, event.at, self.calendar)}
        move = known.get(name)
        if move is None:
            raise self._no(
                say("there is no action {action} at {step}", action=self._action(event, name), step=self._here)
            )
        if move.refusal:
            raise self._no(move.refusal.message)
        given = self._entered(event, rule)
        self._check_inputs(move.action, given)
        return self._move(event, move, given)

    def _entered(self, event: Event, rule: str) -> dict[str, Any]:
        """What somebody entered with the action; not what the old law set by itself."""
        action = next((action for _, action in self.old.all_actions() if action.rule == rule), None)
        asked = {entry.field for entry in (*action.needs, *action.may)} if action else set(event.set)
        return self._values({name: value for name, value in event.set.items() if name in asked})

    def _check_inputs(self, action: Action, given: Mapping[str, Any]) -> None:
        missing = [entry.field for entry in action.needs if entry.field not in given]
        if missing:
            raise self._no(
                say("{action} needs: {fields}", action=action.title or action.name, fields=self._titles(missing))
            )
        asked = {entry.field for entry in (*action.needs, *action.may)}
        extra = [name for name in given if name not in asked]
        if extra:
            title = action.title or action.name
            raise self._no(say("{action} does not ask for {fields}", action=title, fields=self._titles(extra)))

    def _move(self, event: Event, move: Move, given: Mapping[str, Any]) -> Event:
        action = move.action
        effects = action.then.effects if move.overflow and action.then else action.effects
        data: dict[str, Any] = {
            key: value for key, value in event.data.items() if key in ("as", "on_behalf_of", "code")
        }
        data["rule"] = action.rule
        if move.overflow:
            data["overflow"] = True
        if action.stops_clock_until:
            day = given.get(action.stops_clock_until) or self.state.values.get(action.stops_clock_until)
            if not day:
                raise self._no(say("there is no day on which the clock goes on"))
            data["until"] = pause_end(str(day), self.calendar).isoformat()
        parts = [effects, *([self.new.steps[move.to].on_enter] if move.to else [])]
        values = dict(given)
        for part in parts:
            values |= self._set(part, {**self.state.values, **values}, event)
        return self._made(event, move.to, values, parts, data, action.name)

    def _set(self, effects: Effects, values: Mapping[str, Any], event: Event) -> dict[str, Any]:
        fields = self.new.fields
        found = {n: literal(fields[n].type, text) if n in fields else text for n, text in effects.sets.items()}
        found |= {name: list(dict.fromkeys([*values.get(name, []), event.by])) for name in effects.adds}
        return found

    def _made(
        self, event: Event, to: str | None, values: Mapping[str, Any], parts: Sequence[Effects],
        data: dict[str, Any], action: str | None = None,
    ) -> Event:  # fmt: skip
        """The event as the new law has it, taken into the state."""
        target = self.new.steps[to] if to else None
        if target and target.end:
            data |= {"outcome": target.end, "counts_as": list(target.counts_as)}
        after = replace(self.state, values={**self.state.values, **values})
        data |= self._groups(after, parts)
        published = [name for part in parts for name in part.publish]
        if published:
            data["publish"] = published
        for part in parts:
            for effect in part.does:
                joined = self.state.joined_to
                other = joined[1] if effect.verb == "part" and joined else after.values.get(effect.field)
                if other:
                    data[effect.verb + "s"] = {"field": effect.field, "case": other}
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

    def _groups(self, after: Case, parts: Iterable[Effects]) -> dict[str, Any]:
        """The child cases that the new law opens here; which they are is settled against the history."""
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

    # what nobody makes

    def _settle(self, event: Event) -> list[Event]:
        """The moves that nobody makes, as the new law makes them after this event."""
        found: list[Event] = []
        while len(found) <= MOST_AUTOMATIC_MOVES:
            move = automatic(self.new, self.state, event.at, self.calendar)
            if move is None:
                return found
            found.append(self._move(replace(event, kind="move", by="system", data={}), move, {}))
        raise self._no(say("moves that nobody makes go in a circle"))

    def _rung(self, event: Event) -> Event | None:
        """A rung that does more than tell must be one of the new law's and due; reminders are made anew when due."""
        found = self._matching(event)
        if found is None or not does_more(found):
            if _was_lively(self.old, event):
                raise self._no(say("no such deadline passes at {step} then", step=self._here))
            if found is not None and self._due(found, event):
                self._happened(found, event)
            return None
        if not self._due(found, event):
            raise self._no(say("no such deadline passes at {step} then", step=self._here))
        return self._happened(found, event)

    def _happened(self, rung: Rung, event: Event) -> Event:
        to = rung_target(self.new, self.state, rung)
        effects = rung.then.effects if rung.then and used_up(self.state, rung) else rung.effects
        target = to if isinstance(to, str) and to else None
        parts = [effects, *([self.new.steps[target].on_enter] if target else [])]
        values: dict[str, Any] = {}
        for part in parts:
            values |= self._set(part, {**self.state.values, **values}, event)
        data: dict[str, Any] = {"rung": rung.index, "when": rung.when, "rule": rung.rule}
        if rung.raises:
            data["raise"] = rung.raises
        return self._made(event, target, values, parts, data)

    def _matching(self, event: Event) -> Rung | None:
        if self.renames.step(event.from_step or "") != self.state.step:
            return None
        old = self.old.steps.get(event.from_step or "")
        names = {rung.index: name for name, rung in rung_names(old)} if old else {}
        name = names.get(event.data.get("rung", -1))
        return next((rung for known, rung in rung_names(self.new.steps[self.state.step]) if known == name), None)

    def _due(self, rung: Rung, event: Event) -> bool:
        return any(entry.rung == rung for entry in due(self.new, self.state, event.at, self.calendar))

    def _time_up(self, event: Event) -> Event:
        if not any(entry.kind == "time-up" for entry in due(self.new, self.state, event.at, self.calendar)):
            raise self._no(say("no period ends at {step} then", step=self._here))
        return self._made(event, None, {}, [], dict(event.data))

    def _other(self, event: Event) -> Event | None:
        """What other cases did, the end of a pause, and what a migration that fits says of itself."""
        if event.kind in ("migrated", "migration-undone"):
            return None
        if event.kind == "resume" and self.state.paused is None:
            raise self._no(say("the clock does not stand still there"))
        if event.kind == "child" and event.data.get("case") not in {child.case for child in self.state.children}:
            raise self._no(say("{case} was not opened", case=event.data.get("case")))
        if event.kind == "other-ended" and self.state.joined_to is None:
            raise self._no(say("the case is joined to no other"))
        return self._made(event, None, self._values(event.set), [], dict(event.data))

    # child cases

    def _check_opened(self, made: Iterable[Event], opened: list[tuple[str, str, str]]) -> None:
        """The new law must have opened just the child cases that are there; their ids are put in."""
        expected = [
            (group, item["each"])
            for event in made
            for group, items in event.data.get("opens", {}).items()
            for item in items
        ]
        if sorted(expected) != sorted((group, each) for group, each, _ in opened):
            raise self._no(
                say(
                    "other cases would have been opened: {groups}",
                    groups=[group for group, _ in expected] or say("none"),
                )
            )
        waiting = list(opened)
        children = list(self.state.children)
        for place, child in enumerate(children):
            if not child.case:
                entry = next(item for item in waiting if item[:2] == (child.group, child.each))
                waiting.remove(entry)
                children[place] = replace(child, case=entry[2])
        self.state = replace(self.state, children=tuple(children))


def _tells(event: Event, parts: Sequence[Effects]) -> tuple[dict[str, Any], ...]:
    """What the new law tells whom, for what watches it; the persons are left aside."""
    told = tuple({"to": tell.to, "who": "", "kind": tell.kind} for part in parts for tell in part.tells)
    kept = tuple(dict(tell) for tell in event.tells) if event.kind in ("joined", "parted", "code") else ()
    return (*told, *kept)


def since_mapped(case: Case) -> tuple[Sequence[Event], Case | None]:
    """The history that a law has to answer for: all of it, or what came after the newest mapping, and the case then."""
    from fujin_cli.core.case import replay

    past = case.past
    for place in range(len(past) - 1, -1, -1):
        event = past[place]
        if event.kind == "migrated" and event.data.get("mapped") and not _undone(past[place + 1 :], event):
            return past[place + 1 :], replay(case.id, case.events[: place + 1])
    return past, None


def _undone(later: Iterable[Event], event: Event) -> bool:
    return any(other.kind == "migration-undone" and other.data.get("undoes") == event.n for other in later)


def _chunks(events: Iterable[Event]) -> list[list[Event]]:
    """Every event with the moves that followed it by themselves."""
    found: list[list[Event]] = []
    for event in events:
        if event.kind == "move" and found:
            found[-1].append(event)
        else:
            found.append([event])
    return found


def _opened(chunk: Iterable[Event]) -> list[tuple[str, str, str]]:
    return [
        (group, item.get("each", ""), item["case"])
        for event in chunk
        for group, items in event.data.get("opens", {}).items()
        for item in items
    ]


def _was_lively(law: Procedure, event: Event) -> bool:
    if event.to_step is not None or event.set or event.data.get("opens"):
        return True
    step = law.steps.get(event.from_step or "")
    rung = next((rung for rung in step.ladder if rung.index == event.data.get("rung")), None) if step else None
    return rung is not None and does_more(rung)


def does_more(rung: Rung) -> bool:
    """Whether a rung does more than tell somebody: then it is a part of the history, else the law's own reminder."""
    parts = [rung.effects, *([rung.then.effects] if rung.then else [])]
    return bool(rung.to) or any(part.opens or part.sets or part.adds or part.does for part in parts)

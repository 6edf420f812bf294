"""What can happen to an abstract case: the moves of ``moves.py``, over abstract data, with everything time allows.

What changes nothing and is no move (a message delivered, a wrong code, a new code, the end of a pause) is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, reduce
from itertools import product
from operator import or_
from typing import Any

from fujin_cli.core.atoms import happens
from fujin_cli.core.effects import Effects
from fujin_cli.core.event import Event
from fujin_cli.core.explore_data import NO_VALUE, fits
from fujin_cli.core.explore_groups import Ending
from fujin_cli.core.explore_live import live
from fujin_cli.core.explore_shape import watched
from fujin_cli.core.explore_state import AbstractFacts, Label, Shape, State, same_atom
from fujin_cli.core.explore_time import rungs_open, visible
from fujin_cli.core.explore_ways import Way, way_of, way_to
from fujin_cli.core.facts import holds
from fujin_cli.core.moves import available
from fujin_cli.core.procedure import Action, Atom, Condition, Input, Rung, Step
from fujin_cli.core.values import literal

Found = tuple[Label, tuple[tuple[str, Any], ...], State, int]  # what happens, with which data, leading where, its marks
_SOME_DAY = datetime(2000, 1, 1, tzinfo=UTC)


def _without(numbers: tuple[int, ...], places: tuple[int, ...], nothing: int) -> tuple[int, ...]:
    left = list(numbers)
    for place in places:
        left[place] = nothing
    return tuple(left)


class Model:
    """The abstract cases of one procedure under one choice of settings."""

    def __init__(self, shape: Shape, brought: frozenset[str] = frozenset()) -> None:
        self.shape = shape
        self.law = shape.procedure
        self.places = {entry.field.name: place for place, entry in enumerate(shape.domains)}
        self.step_places = {name: place for place, name in enumerate(shape.steps)}
        self.group_places = {group.name: place for place, group in enumerate(shape.groups)}
        self.watch = watched(self.law)
        self.limited = [(bit, atom.where) for bit, atom in enumerate(self.watch) if atom.where]
        self.any_limited = sum(1 << bit for bit, _ in self.limited)
        always = {
            f"{'group' if test.kind in ('group', 'case') else test.kind}:{test.name}"
            for atom in self.watch
            if atom.where
            for alternative in atom.where.alternatives
            for test in alternative
        }
        alive = live(self.law, frozenset(f"field:{name}" for name in brought), frozenset(always))
        self.dead = [self._dead(alive[name]) for name in shape.steps]
        self.restarts = tuple(self._restarts(test.since) for test in shape.counted)
        self.any_restart = reduce(or_, self.restarts, 0)
        self.counts = {test.name for test in shape.counted}
        self._guards: dict[tuple[int, tuple[Any, ...]], bool] = {}
        self._ways: dict[tuple[str, str, bool, bool], Way] = {}
        self._rungs: dict[tuple[int, int, bool, bool], list[tuple[Way, int]]] = {}
        self._choices: dict[str, list[tuple[Mapping[int, int], list[Input]]]] = {}
        self._marks: dict[int, int] = {}  # by the identity of labels, which are kept
        self.label = cache(Label)
        self.live_values = cache(self._live_values)
        self.live_groups = cache(self._live_groups)
        self.visible = {name: visible(step, self._noticed) for name, step in self.law.steps.items()}

    def _dead(self, alive: frozenset[str]) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
        """The places of values, groups and counters that can matter no more."""
        shape = self.shape
        return (
            tuple(place for place, entry in enumerate(shape.domains) if f"field:{entry.field.name}" not in alive),
            tuple(place for place, group in enumerate(shape.groups) if f"group:{group.name}" not in alive),
            tuple(place for place, test in enumerate(shape.counted) if f"times:{test.name}" not in alive),
        )

    def _restarts(self, since: Atom | None) -> int:
        """The watched atoms from which counting begins anew, as bits."""
        return sum(1 << bit for bit, atom in enumerate(self.watch) if since is not None and same_atom(atom, since))

    def normal(self, state: State) -> State:
        """The state without what can matter no more."""
        step, fired, time_up, values, groups, times, joined = state
        dead_values, dead_groups, dead_times = self.dead[step]
        if dead_values:
            values = self.live_values(step, values)
        if dead_groups:
            groups = self.live_groups(step, groups)
        if dead_times:
            times = _without(times, dead_times, 0)
        return State(step, fired, time_up, values, groups, times, joined)

    def _live_values(self, step: int, values: tuple[int, ...]) -> tuple[int, ...]:
        return _without(values, self.dead[step][0], NO_VALUE)

    def _live_groups(self, step: int, groups: tuple[tuple[int, ...], ...]) -> tuple[tuple[int, ...], ...]:
        left = list(groups)
        for place in self.dead[step][1]:
            left[place] = self.shape.groups[place].without_ended(left[place])
        return tuple(left)

    # the beginning

    def openings(self, options: Sequence[Sequence[int]]) -> Iterator[Found]:
        """Every case as it may begin; ``options`` are the values that each remembered field may have."""
        step = self.law.steps[self.law.first]
        empty = State(
            self.step_places[step.name], 0, False, (), tuple(group.empty for group in self.shape.groups),
            (0,) * len(self.shape.counted), 0,
        )  # fmt: skip
        opening = way_to({"kind": "opened", "name": "opened"}, step.name, (step.on_enter,))
        way = self._ways.setdefault(("", "opened", False, True), opening)
        for values in product(*options):
            for label, data, state, marks in self._effects(empty._replace(values=values), {}, way):
                yield label, data + self._said(values), state, marks

    def _said(self, values: Sequence[int]) -> tuple[tuple[str, Any], ...]:
        named = zip(self.shape.domains, values, strict=True)
        return tuple((entry.field.name, entry.values[value]) for entry, value in named if value != NO_VALUE)

    # what follows

    def successors(self, state: State) -> list[Found]:
        """Everything that can happen next."""
        step = self.law.steps[self.shape.steps[state.step]]
        found: list[Found] = []
        if step.end is None and self._automatic(state, found):
            for place, group in enumerate(self.shape.groups):
                if group.instant:
                    found += self._answers(state, place)
            found += self._other_ended(state)
            return found
        actions = [*step.actions.values()] if not step.end else []
        if step.reopen:
            actions.append(step.reopen)
        actions += [action for action in self.law.anytime.values() if available(action, step)]
        for action in actions:
            if state.time_up and action.rule.split(".")[0] == step.name:
                continue
            if self.holds(action.when, state):
                for _, overflow in self._targets(action, state):
                    found += self._act(state, action, overflow, "action")
        if not step.end:
            found += self._time(state)
            found += self._other_ended(state)
        for place in range(len(self.shape.groups)):
            found += self._answers(state, place)
            if not step.end:
                found += self._reopened(state, place)
        return found

    def settles(self, state: State) -> bool:
        """Whether something happens by itself at once, whatever limits are used up."""
        return self.law.steps[self.shape.steps[state.step]].end is None and self._automatic(state, [])

    def holds(self, condition: Condition | None, state: State) -> bool:
        """Whether a guard holds; asked once of each state."""
        if condition is None:
            return True
        key = (id(condition), state[2:])
        if key not in self._guards:
            self._guards[key] = holds(condition, AbstractFacts(self.shape, self.places, state))
        return self._guards[key]

    def _automatic(self, state: State, found: list[Found]) -> bool:
        """Add the moves that nobody makes; True where one of them is certain."""
        for action in self.law.steps[self.shape.steps[state.step]].then:
            if not self.holds(action.when, state):
                continue
            for _, overflow in self._targets(action, state):
                found += self._act(state, action, overflow, "move")
            if not self._may_wait(action, state) and not (action.limit and not action.then):
                return True
        return False

    def _targets(self, action: Action | Rung, state: State) -> Iterator[tuple[str | None, bool]]:
        """Where a move may lead: with a limit and ``then`` to either, never to an end that own children forbid."""
        ways = [(action.to, False)] + ([(action.then.to, True)] if action.limit and action.then else [])
        for to, overflow in ways:
            if not (to and self.law.steps[to].end and self.shape.own_open(state)):
                yield to, overflow

    def _may_wait(self, move: Action | Rung, state: State) -> bool:
        """Whether one of the ways that a move may lead is closed, so that it may not happen now."""
        return len(list(self._targets(move, state))) < (2 if move.limit and move.then else 1)

    def _act(self, state: State, action: Action, overflow: bool, kind: str) -> Iterator[Found]:
        way = self._way(action, kind, overflow)
        for given in self._inputs(state, action):
            yield from self._effects(state, given, way)

    def _way(self, move: Action | Rung, kind: str, overflow: bool, told: bool = True) -> Way:
        key = (move.rule, kind, overflow, told)
        if key not in self._ways:
            self._ways[key] = way_of(self.law, move, kind, overflow, told)
        return self._ways[key]

    def _parts(self, effects: Effects, to: str | None) -> list[Effects]:
        return [effects, self.law.steps[to].on_enter] if to else [effects]

    def _inputs(self, state: State, action: Action) -> Iterator[Mapping[int, int]]:
        """Every choice of values for the remembered fields that are entered: place → index."""
        if action.rule not in self._choices:
            self._choices[action.rule] = list(self._choices_of(action))
        for given, asked in self._choices[action.rule]:
            if asked:
                values = [given.get(place, value) for place, value in enumerate(state.values)]
                if not all(self._fits(entry, self.places[entry.field], values) for entry in asked):
                    continue
            yield given

    def _choices_of(self, action: Action) -> Iterator[tuple[Mapping[int, int], list[Input]]]:
        """Every choice of values, and the inputs whose conditions have to be asked of it in every state."""
        asked: list[tuple[Input, bool]] = [(entry, True) for entry in action.needs]
        asked += [(entry, False) for entry in action.may]
        known = [(entry, must, self.places[entry.field]) for entry, must in asked if entry.field in self.places]
        options = [
            list(range(1, len(self.shape.domains[place].values))) + ([] if must else [-1]) for _, must, place in known
        ]
        for chosen in product(*options):
            given = {place: index for (_, _, place), index in zip(known, chosen, strict=True) if index != -1}
            yield given, [entry for entry, _, place in known if place in given and entry.conditions]

    def _fits(self, entry: Input, place: int, values: Sequence[int]) -> bool:
        def other(name: str) -> Any:
            there = self.places.get(name)
            return None if there is None else self.shape.domains[there].values[values[there]]

        own = self.shape.domains[place]
        return fits(own.field, own.values[values[place]], entry, self.shape.settings, other)

    # effects

    def _effects(self, state: State, given: Mapping[int, int], way: Way) -> Iterator[Found]:
        """The states after a move with these inputs."""
        data = tuple(
            (self.shape.domains[place].field.name, self.shape.domains[place].values[index])
            for place, index in given.items()
        )
        before, fired, time_up, known, groups, times, joined = state
        step, fired, time_up = (self.step_places[way.to], 0, False) if way.to else (before, fired, time_up)
        opened: tuple[str, ...] = ()
        for values in self._set(known, given, way.parts) if given or way.writes else (known,):
            if way.opens:
                groups, opened = self._open(state.groups, values, way.parts)
            after = State(step, fired, time_up, values, groups, times, self._joined(joined, values, way))
            yield self._arrived(way.label(self.shape.steps[before], opened), data, after)

    def _joined(self, joined: int, values: Sequence[int], way: Way) -> int:
        for effect in way.does:
            place = self.places.get(effect.field)
            if effect.verb == "part":
                joined = 0
            elif place is None or values[place] != NO_VALUE:
                joined = 1
        return joined

    def _arrived(self, label: Label, data: tuple[tuple[str, Any], ...], state: State) -> Found:
        marks = self.marks(label, state)
        if self.shape.counted:  # what was done is counted before `where` is asked
            counted = self._counted(state, label, marks)
            if counted is not state:
                state = counted
                marks = self.marks(label, state)
        return label, data, self.normal(state), marks

    def _set(
        self, values: tuple[int, ...], given: Mapping[int, int], parts: Sequence[Effects]
    ) -> Iterable[tuple[int, ...]]:
        choices = [[given.get(place, value)] for place, value in enumerate(values)]
        for part in parts:
            for name, text in part.sets.items():
                if name in self.places:
                    place = self.places[name]
                    value = literal(self.law.fields[name].type, text)
                    choices[place] = [self.shape.domains[place].index(value)]
            for name in part.adds:
                if name in self.places:
                    place = self.places[name]
                    own, before = self.shape.domains[place], values[place]
                    choices[place] = [own.index(["…"])] if before == NO_VALUE else sorted(own.longer[before])
        return product(*choices)

    def _open(
        self, groups: tuple[tuple[int, ...], ...], values: Sequence[int], parts: Sequence[Effects]
    ) -> tuple[tuple[tuple[int, ...], ...], tuple[str, ...]]:
        new = list(groups)
        opened: list[str] = []
        for part in parts:
            for opens in part.opens:
                number = 0 if opens.one_each else 1
                for name in opens.one_each:
                    value = self.shape.domains[self.places[name]].values[values[self.places[name]]]
                    number += len(value) if isinstance(value, list) else value is not None
                place = self.group_places[opens.group]
                new[place] = self.shape.groups[place].opened(new[place], opens, number)
                opened += [opens.group] if number else []
        return tuple(new), tuple(opened)

    def _counted(self, state: State, label: Label, marks: int) -> State:
        acted = label.kind == "action" and label.name in self.counts
        if not acted and not marks & self.any_restart:
            return state
        times = list(state.times)
        for place, test in enumerate(self.shape.counted):
            if marks & self.restarts[place]:
                times[place] = 0
            if acted and label.name == test.name:
                times[place] = min(self.shape.most[place], times[place] + 1)
        return state._replace(times=tuple(times))

    # time and other cases

    def _time(self, state: State) -> Iterator[Found]:
        step = self.law.steps[self.shape.steps[state.step]]
        until = step.lasts.until if step.lasts else None
        if not (step.within or step.lasts) or (until and state.values[self.places[until]] == NO_VALUE):
            return
        if step.lasts and not state.time_up:
            label = self.label("time-up", "time up", step=step.name, route=(*step.route, "lasts"))
            yield self._arrived(label, (), state._replace(time_up=True))
        for way, fired in self._rungs_open(step, state):
            yield from self._effects(state if fired == state.fired else state._replace(fired=fired), {}, way)

    def _rungs_open(self, step: Step, state: State) -> list[tuple[Way, int]]:
        """The ways of the rungs that may happen next, each with the rungs that have happened then."""
        key = (state.step, state.fired, state.time_up, self.shape.own_open(state))
        if key in self._rungs:
            return self._rungs[key]
        ways = self._rungs[key] = []
        seen = self.visible[step.name]
        for rung in rungs_open(step, seen, state, lambda rung: self._may_wait(rung, state)):
            for to, overflow in self._targets(rung, state):
                fired = state.fired | (1 << rung.index if rung.index in seen and to is None else 0)
                ways.append((self._way(rung, "rung", overflow), fired))
                effects = rung.then.effects if overflow and rung.then else rung.effects
                if rung.when == "before" and effects.tells:
                    ways.append((self._way(rung, "rung", overflow, told=False), fired))
        return ways

    def _answers(self, state: State, place: int) -> Iterator[Found]:
        group, counts = self.shape.groups[place], state.groups[place]
        if not (counts[0] or counts[1] or counts[2]):
            return
        seen = set()
        for ending in group.endings:
            values = self._brought(state, ending)
            for left, answered in group.answered(counts, ending.outcome):
                key = (group.class_of[ending.outcome], left, values, answered)
                if key in seen:
                    continue
                seen.add(key)
                label = self.label(
                    "child", group.name, step=self.shape.steps[state.step], group=group.name, outcome=ending.outcome,
                    answered=answered,
                )  # fmt: skip
                new = (*state.groups[:place], left, *state.groups[place + 1 :])
                yield self._arrived(label, self._bringing(ending, values), state._replace(values=values, groups=new))

    def _bringing(self, ending: Ending, values: Sequence[int]) -> tuple[tuple[str, Any], ...]:
        """What a child that ends brings, as far as it is remembered."""
        named = [name for name, value in ending.brings if name in self.places and value is not None]
        return tuple((name, self.shape.domains[self.places[name]].values[values[self.places[name]]]) for name in named)

    def _brought(self, state: State, ending: Ending) -> tuple[int, ...]:
        values = list(state.values)
        for name, value in ending.brings:
            if name in self.places and value is not None:
                whole = list(value) if isinstance(value, tuple) else value
                values[self.places[name]] = self.shape.domains[self.places[name]].index(whole)
        return tuple(values)

    def _reopened(self, state: State, place: int) -> Iterator[Found]:
        group = self.shape.groups[place]
        for left in dict.fromkeys(group.reopened(state.groups[place])):
            label = self.label(
                "child", group.name, step=self.shape.steps[state.step], group=group.name, limited=True
            )  # fmt: skip
            new = (*state.groups[:place], left, *state.groups[place + 1 :])
            for chosen in sorted({state.values, *(self._brought(state, ending) for ending in group.endings)}):
                yield self._arrived(label, (), state._replace(values=chosen, groups=new))

    def _other_ended(self, state: State) -> Iterator[Found]:
        if state.joined:
            for place, outcome in enumerate(self.shape.joined_outcomes):
                label = self.label(
                    "other-ended", self.shape.joinable, step=self.shape.steps[state.step], outcome=outcome
                )  # fmt: skip
                yield self._arrived(label, (), state._replace(joined=place + 2))

    # atoms

    def marks(self, label: Label, after: State) -> int:
        """A bit for each watched atom that the event makes true; ``where`` looks at the case after it."""
        marks = self._marks.get(id(label), -1)
        if marks < 0:
            marks = self._marks[id(label)] = self._base_marks(label)
        for bit, where in self.limited if marks & self.any_limited else ():
            if marks >> bit & 1 and not self.holds(where, after):
                marks &= ~(1 << bit)
        return marks

    def _base_marks(self, label: Label) -> int:
        event = self.event(label)
        return sum(1 << bit for bit, atom in enumerate(self.watch) if happens(atom, event, self.law))

    def event(self, label: Label) -> Event:
        """The event that the ledger would have, as far as atoms look at it."""
        effects = self._effects_of(label)
        parts = self._parts(effects, label.to)
        target = self.law.steps[label.to] if label.to else None
        data: dict[str, Any] = {"publish": [name for part in parts for name in part.publish]}
        if target and target.end:
            data["outcome"] = target.end
        if label.opens:
            data["opens"] = dict.fromkeys(label.opens)
        if label.answered:
            data["answered"] = [label.group]
        if label.kind == "rung":
            data["when"] = label.name
        tells = [{"to": tell.to, "kind": tell.kind} for part in parts for tell in part.tells if label.told]
        tells += [{"to": "notice-board", "kind": name} for name in data["publish"]]
        raised = self._raised(label)
        tells += [{"to": raised, "kind": "raised"}] if raised else []
        return Event(
            n=0, at=_SOME_DAY, kind=label.kind, by="", entered_by="",
            action=label.name if label.kind in ("action", "move") else None,
            from_step=None if label.kind == "opened" else label.step, to_step=label.to, tells=tuple(tells), data=data,
        )  # fmt: skip

    def _effects_of(self, label: Label) -> Effects:
        move = self.move(label.rule)
        if move is None:
            return Effects()
        return move.then.effects if label.overflow and move.then else move.effects

    def _raised(self, label: Label) -> str | None:
        move = self.move(label.rule)
        return move.raises if isinstance(move, Rung) else None

    def move(self, rule: str) -> Action | Rung | None:
        """The move or rung with that name; None for what no move makes."""
        return self._moves().get(rule)

    def _moves(self) -> Mapping[str, Action | Rung]:
        if not hasattr(self, "_by_rule"):
            found: dict[str, Action | Rung] = {action.rule: action for _, action in self.law.all_actions()}
            found |= {rung.rule: rung for step in self.law.steps.values() for rung in step.ladder}
            self._by_rule = found
        return self._by_rule

    def _noticed(self, rung: Rung) -> bool:
        """Whether a rung that keeps the step makes any watched atom true, or changes anything."""
        if rung.effects.opens or rung.effects.sets or rung.effects.adds or rung.effects.does:
            return True
        step = rung.rule.split(".")[0]
        return bool(self._base_marks(Label("rung", rung.when, rung.rule, step=step, route=rung.route)))

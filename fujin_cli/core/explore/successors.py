"""What can happen to an abstract case: the moves of ``moves.py``, over abstract data, with everything time allows.

What changes nothing and is no move (a message delivered, a wrong code, a new code, the end of a pause) is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from typing import Any

from fujin_cli.core.cases.moves import actions_at, kept_from_end, obstacle_to
from fujin_cli.core.cases.transition import Branch, branches_of, opening_branch
from fujin_cli.core.explore.apply import MoveEffects, Successor
from fujin_cli.core.explore.domains import NO_VALUE, fits
from fujin_cli.core.explore.environment import OtherCases
from fujin_cli.core.explore.guards import AbstractSituation, Guards
from fujin_cli.core.explore.labelling import AtomMarks, WatchedAtoms
from fujin_cli.core.explore.ladder_order import fired_with, list_open_rungs
from fujin_cli.core.explore.state import Abstraction, Label, State
from fujin_cli.core.explore.transitions import EdgeTemplate, template_along, template_of
from fujin_cli.core.model.procedure import Action, Input, Rung, Step


class Model:
    """The abstract cases of one procedure under one choice of settings."""

    def __init__(self, shape: Abstraction, watch: WatchedAtoms, brought: frozenset[str] = frozenset()) -> None:
        self.shape = shape
        self.version = shape.procedure
        self.guards = Guards(shape)
        self.places = self.guards.places
        self.watch = watch
        self.marks = AtomMarks(watch, self.guards)
        self.changes = MoveEffects(shape, self.marks, self.places, brought)
        self.others = OtherCases(self.changes)
        self._ways: dict[tuple[str, str, bool, bool], EdgeTemplate] = {}
        self._rungs: dict[tuple[int, int, bool, bool], list[tuple[EdgeTemplate, int]]] = {}
        self._choices: dict[str, list[tuple[Mapping[int, int], list[Input]]]] = {}
        self._actions = {
            step.name: actions_at(self.version, step, ended=step.end is not None)
            for step in self.version.steps.values()
        }
        # Any branch may be open: how often limited moves were made is counted by ``feasible_paths``, not in states.
        self._branches = {move.rule: branches_of(self.version, move) for move in self.version.all_moves()}
        self.label = cache(Label)

    # the beginning

    def openings(self, options: Sequence[Sequence[int]]) -> Iterator[Successor]:
        """Every case as it may begin; ``options`` are the values that each remembered field may have."""
        step = self.version.steps[self.version.first]
        empty = State(
            self.changes.step_places[step.name],
            0,
            False,
            (),
            tuple(group.empty for group in self.shape.groups),
            (0,) * len(self.shape.counted),
            0,
        )
        opening = template_along({"kind": "opened", "name": "opened"}, opening_branch(self.version))
        way = self._ways.setdefault(("", "opened", False, True), opening)
        for values in product(*options):
            for label, data, state, marks in self.changes.made(empty._replace(values=values), {}, way):
                yield label, data + self._said(values), state, marks

    def _said(self, values: Sequence[int]) -> tuple[tuple[str, Any], ...]:
        named = zip(self.shape.domains, values, strict=True)
        return tuple((entry.field.name, entry.values[value]) for entry, value in named if value != NO_VALUE)

    # what follows

    def successors(self, state: State) -> list[Successor]:
        """Everything that can happen next."""
        step = self.version.steps[self.shape.steps[state.step]]
        found: list[Successor] = []
        if step.end is None and self._automatic(state, found):
            for place, group in enumerate(self.shape.groups):
                if group.instant:
                    found += self.others.answered(state, place)
            found += self.others.joined_ended(state)
            return found
        situation = AbstractSituation(self.guards, state)
        for action in self._actions[step.name]:
            for branch in self._branches[action.rule]:
                if obstacle_to(self.version, step, action, branch, situation) is None:
                    found += self._act(state, action, branch, "action")
        if not step.end:
            found += self._time(state)
            found += self.others.joined_ended(state)
        for place in range(len(self.shape.groups)):
            found += self.others.answered(state, place)
            if not step.end:
                found += self.others.reopened(state, place)
        return found

    def settles(self, state: State) -> bool:
        """Whether something happens by itself at once, whatever limits are used up."""
        return self.version.steps[self.shape.steps[state.step]].end is None and self._automatic(state, [])

    def _automatic(self, state: State, found: list[Successor]) -> bool:
        """Add the automatic moves that may happen; True where one of them is certain, however often it was made."""
        step = self.version.steps[self.shape.steps[state.step]]
        situation = AbstractSituation(self.guards, state)
        for action in step.then:
            certain = action.limit is None or action.then is not None
            for branch in self._branches[action.rule]:
                if obstacle_to(self.version, step, action, branch, situation) is None:
                    found += self._act(state, action, branch, "move")
                else:
                    certain = False
            if certain:
                return True
        return False

    def _act(self, state: State, action: Action, branch: Branch, kind: str) -> Iterator[Successor]:
        way = self._way(action, kind, branch)
        for given in self._inputs(state, action):
            yield from self.changes.made(state, given, way)

    def _way(self, move: Action | Rung, kind: str, branch: Branch, told: bool = True) -> EdgeTemplate:
        key = (move.rule, kind, branch.overflow, told)
        if key not in self._ways:
            self._ways[key] = template_of(move, kind, branch, told)
        return self._ways[key]

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

    # time

    def _time(self, state: State) -> Iterator[Successor]:
        step = self.version.steps[self.shape.steps[state.step]]
        until = step.lasts.until if step.lasts else None
        if not (step.within or step.lasts) or (until and state.values[self.places[until]] == NO_VALUE):
            return
        if step.lasts and not state.time_up:
            label = self.label("time-up", "time up", step=step.name, route=(*step.route, "lasts"))
            yield self.changes.arrived(label, (), state._replace(time_up=True))
        for way, fired in self._rungs_open(step, state):
            yield from self.changes.made(state if fired == state.fired else state._replace(fired=fired), {}, way)

    def _rungs_open(self, step: Step, state: State) -> list[tuple[EdgeTemplate, int]]:
        """The ways of the rungs that may happen next, each with the rungs that have happened then."""
        key = (state.step, state.fired, state.time_up, self.shape.own_open(state))
        if key in self._rungs:
            return self._rungs[key]
        ways = self._rungs[key] = []
        seen = self.watch.visible[step.name]
        situation = AbstractSituation(self.guards, state)
        for rung in list_open_rungs(step, seen, state, lambda rung: self._may_wait(rung, situation)):
            for branch in self._branches[rung.rule]:
                if (not rung.then and branch.overflow) or kept_from_end(self.version, branch, situation):
                    continue
                fired = fired_with(step, seen, rung, state.fired) if branch.target is None else state.fired
                ways.append((self._way(rung, "rung", branch), fired))
                if rung.reminds and branch.parts[0].tells:
                    ways.append((self._way(rung, "rung", branch, told=False), fired))
        return ways

    def _may_wait(self, rung: Rung, situation: AbstractSituation) -> bool:
        """Whether open children may keep the rung from happening now."""
        return any(kept_from_end(self.version, branch, situation) for branch in self._branches[rung.rule])

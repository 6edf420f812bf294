"""Apply moves to abstract cases, and drop what can no longer matter from the states after them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, reduce
from itertools import product
from operator import or_
from typing import Any

from fujin_cli.core.explore.domains import NO_VALUE
from fujin_cli.core.explore.labelling import AtomMarks
from fujin_cli.core.explore.state import Abstraction, Label, State, is_same_atom
from fujin_cli.core.explore.transitions import EdgeTemplate
from fujin_cli.core.explore.value_classes import ValueClasses, list_options
from fujin_cli.core.model.effects import Effects
from fujin_cli.core.model.operators import parse_literal
from fujin_cli.core.model.procedure import Atom

# What happens, with which data, the state after it, and the watched atoms that it makes true.
Successor = tuple[Label, tuple[tuple[str, Any], ...], State, int]


def _reset_places(numbers: tuple[int, ...], places: tuple[int, ...], nothing: int) -> tuple[int, ...]:
    remaining = list(numbers)
    for place in places:
        remaining[place] = nothing
    return tuple(remaining)


class MoveEffects:
    """Apply the moves of one procedure. ``brought`` are the fields that its ends hand on to openers.

    ``classes`` say which values are merged, where the procedure would be too large otherwise.
    """

    def __init__(
        self,
        shape: Abstraction,
        marks: AtomMarks,
        places: Mapping[str, int],
        brought: frozenset[str],
        classes: ValueClasses | None = None,
    ) -> None:
        self.classes = classes
        self.shape, self.version, self.marks, self.places = shape, shape.procedure, marks, places
        self.step_places = {name: place for place, name in enumerate(shape.steps)}
        self.named_values = [[(own.field.name, value) for value in own.values] for own in shape.domains]
        self.group_places = {group.name: place for place, group in enumerate(shape.groups)}
        alive = marks.watch.compute_live_variables(brought)
        self.dead = [self._list_dead_places(alive[name]) for name in shape.steps]
        self.restarts = tuple(self._find_restart_bits(test.since) for test in shape.counted)
        self.any_restart = reduce(or_, self.restarts, 0)
        self.counts = {test.name for test in shape.counted}
        self.live_values = cache(self._clear_dead_values)
        self.live_groups = cache(self._clear_dead_groups)
        self.merged_groups = cache(classes.groups.represent) if classes else self.live_groups

    def _list_dead_places(self, alive: frozenset[str]) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
        """List the places of values, groups and counters that can no longer matter."""
        shape = self.shape
        return (
            tuple(place for place, own in enumerate(shape.domains) if f"field:{own.field.name}" not in alive),
            tuple(place for place, group in enumerate(shape.groups) if f"group:{group.name}" not in alive),
            tuple(place for place, test in enumerate(shape.counted) if f"times:{test.name}" not in alive),
        )

    def _find_restart_bits(self, since: Atom | None) -> int:
        """Give the watched atoms at which a count begins anew, as bits."""
        return sum(
            1 << bit
            for bit, atom in enumerate(self.marks.watch.atoms)
            if since is not None and is_same_atom(atom, since)
        )

    def normalize(self, state: State) -> State:
        """Remove from a state what can no longer matter."""
        step, fired, time_up, values, groups, times, joined = state
        dead_values, dead_groups, dead_times = self.dead[step]
        if dead_values:
            values = self.live_values(step, values)
        if dead_groups:
            groups = self.live_groups(step, groups)
        if dead_times:
            times = _reset_places(times, dead_times, 0)
        if self.classes is not None:
            values = self.classes.represent(step, values)
            groups = self.merged_groups(step, groups) if groups else groups
        return State(step, fired, time_up, values, groups, times, joined)

    def _clear_dead_values(self, step: int, values: tuple[int, ...]) -> tuple[int, ...]:
        return _reset_places(values, self.dead[step][0], NO_VALUE)

    def _clear_dead_groups(self, step: int, groups: tuple[tuple[int, ...], ...]) -> tuple[tuple[int, ...], ...]:
        remaining = list(groups)
        for place in self.dead[step][1]:
            remaining[place] = self.shape.groups[place].forget_ended_cases(remaining[place])
        return tuple(remaining)

    def apply_move(self, state: State, inputs: Mapping[int, int], template: EdgeTemplate) -> Iterator[Successor]:
        """List the states after a move with these inputs (place of the field → index of the value)."""
        if not inputs and not template.writes:
            yield self._build_successor(state, {}, state.values, template)
            return
        written = self._list_written_values(state.values, template.parts)
        choices = [written.get(place, (inputs.get(place, value),)) for place, value in enumerate(state.values)]
        for values in product(*choices):
            yield self._build_successor(state, inputs, values, template)

    def apply_all_inputs(
        self, state: State, inputs: Mapping[int, Sequence[int | None]], template: EdgeTemplate, used: frozenset[str]
    ) -> Iterator[tuple[Mapping[int, int], Successor]]:
        """List the states after a move with any of these inputs, one for each class of values; with the inputs.

        ``used`` are fields of which the move has to know the values. Raises TooManyClasses.
        """
        assert self.classes is not None  # noqa: S101 - the caller merges values
        step = self.step_places[template.to] if template.to else state.step
        options = list_options(state.values, inputs, self._list_written_values(state.values, template.parts))
        for chosen in self.classes.list_classes(step, options, used | template.uses):
            entered = {place: option.entered for place, option in enumerate(chosen) if option.entered is not None}
            values = tuple(option.after for option in chosen)
            yield entered, self._build_successor(state, entered, values, template)

    def _build_successor(
        self, state: State, inputs: Mapping[int, int], values: tuple[int, ...], template: EdgeTemplate
    ) -> Successor:
        entered = tuple([self.named_values[place][index] for place, index in inputs.items()])
        before, fired, time_up, _, groups, times, joined = state
        step, fired, time_up = (self.step_places[template.to], 0, False) if template.to else (before, fired, time_up)
        opened: tuple[str, ...] = ()
        if template.opens:
            groups, opened = self._open_children(groups, values, template.parts)
        after = State(step, fired, time_up, values, groups, times, self._update_joined(joined, values, template))
        return self.finish_successor(template.build_label(self.shape.steps[before], opened), entered, after)

    def _update_joined(self, joined: int, values: Sequence[int], template: EdgeTemplate) -> int:
        for effect in template.does:
            place = self.places.get(effect.field)
            if effect.verb == "part":
                joined = 0
            elif place is None or values[place] != NO_VALUE:
                joined = 1
        return joined

    def finish_successor(self, label: Label, entered: tuple[tuple[str, Any], ...], state: State) -> Successor:
        """Finish a successor: count what was done, and drop what can no longer matter."""
        marks = self.marks.compute_marks(label, state)
        if self.shape.counted:  # what was done is counted before `where` is asked
            counted = self._update_counts(state, label, marks)
            if counted is not state:
                state = counted
                marks = self.marks.compute_marks(label, state)
        return label, entered, self.normalize(state), marks

    def _list_written_values(self, values: tuple[int, ...], parts: Sequence[Effects]) -> dict[int, Sequence[int]]:
        """List what the effects of a move may write: the place of the field → the values that it may have then."""
        written: dict[int, Sequence[int]] = {}
        for part in parts:
            for name, text in part.sets.items():
                if name in self.places:
                    place = self.places[name]
                    value = parse_literal(self.version.fields[name].type, text)
                    written[place] = [self.shape.domains[place].find_index(value)]
            for name in part.adds:
                if name in self.places:
                    place = self.places[name]
                    own, before = self.shape.domains[place], values[place]
                    written[place] = [own.find_index(["…"])] if before == NO_VALUE else sorted(own.longer[before])
        return written

    def _open_children(
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
                new[place] = self.shape.groups[place].count_after_opening(new[place], opens, number)
                opened += [opens.group] if number else []
        return tuple(new), tuple(opened)

    def _update_counts(self, state: State, label: Label, marks: int) -> State:
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

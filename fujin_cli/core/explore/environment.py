"""List what other cases do to an abstract case: children end, the joined case ends, complainants join and part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from fujin_cli.core.explore.apply import MoveEffects, Successor
from fujin_cli.core.explore.child_groups import Counts, Ending, Group
from fujin_cli.core.explore.domains import NO_VALUE, SAMPLE
from fujin_cli.core.explore.state import Label, State

# The event, what the child brings, and the values and the counts after it.
ChildEnding = tuple[Label, tuple[tuple[str, Any], ...], tuple[int, ...], Counts]


class OtherCases:
    """List the events that come from children and from the case that this one was joined to."""

    def __init__(self, effects: MoveEffects) -> None:
        self.shape, self.places, self._effects = effects.shape, effects.places, effects
        self.label = cache(Label)
        self._brings_values = [
            any(name in self.places for ending in group.endings for name, _ in ending.brings)
            for group in self.shape.groups
        ]
        joined = next((person.also for person in effects.version.people.values() if person.also), None)
        self._joined_place = self.places.get(joined) if joined else None
        self._can_be_joined = bool(joined) or any(effect.does for effect in effects.version.all_effects())
        self._endings: dict[tuple[int, int, Counts, tuple[int, ...]], list[ChildEnding]] = {}

    def list_child_endings(self, state: State, place: int) -> Iterator[Successor]:
        """List what follows when one child of a group ends."""
        group, counts = self.shape.groups[place], state.groups[place]
        if not (counts[0] or counts[1] or counts[2]):
            return
        values_before = state.values if self._brings_values[place] else ()
        key = (place, state.step, counts, values_before)
        if key not in self._endings:
            self._endings[key] = list(self._list_distinct_endings(group, self.shape.steps[state.step], counts, state))
        before, after = state.groups[:place], state.groups[place + 1 :]
        for label, entered, values, counts_after in self._endings[key]:
            new = state._replace(
                values=values if values_before else state.values, groups=(*before, counts_after, *after)
            )
            yield self._effects.finish_successor(label, entered, new)

    def _list_distinct_endings(self, group: Group, step: str, counts: Counts, state: State) -> Iterator[ChildEnding]:
        results = set()
        for ending in group.endings:
            values = self._compute_values_after(state, ending)
            for counts_after, answered in group.list_counts_after_ending(counts, ending.outcome):
                key = (group.class_of[ending.outcome], counts_after, values, answered)
                if key not in results:
                    results.add(key)
                    label = self.label(
                        "child", group.name, step=step, group=group.name, outcome=ending.outcome, answered=answered
                    )
                    yield label, self._name_brought_values(ending, values), values, counts_after

    def _name_brought_values(self, ending: Ending, values: Sequence[int]) -> tuple[tuple[str, Any], ...]:
        """Name the values that a child brings when it ends, for the fields that states remember."""
        named = [name for name, value in ending.brings if name in self.places and value is not None]
        return tuple((name, self.shape.domains[self.places[name]].values[values[self.places[name]]]) for name in named)

    def _compute_values_after(self, state: State, ending: Ending) -> tuple[int, ...]:
        values = list(state.values)
        for name, value in ending.brings:
            if name in self.places and value is not None:
                brought = list(value) if isinstance(value, tuple) else value
                values[self.places[name]] = self.shape.domains[self.places[name]].find_index(brought)
        return tuple(values)

    def list_child_reopenings(self, state: State, place: int) -> Iterator[Successor]:
        """List what follows when an ended child of a group is reopened."""
        group = self.shape.groups[place]
        for counts_after in dict.fromkeys(group.list_counts_after_reopening(state.groups[place])):
            label = self.label("child", group.name, step=self.shape.steps[state.step], group=group.name, limited=True)
            new = (*state.groups[:place], counts_after, *state.groups[place + 1 :])
            for values in sorted(
                {state.values, *(self._compute_values_after(state, ending) for ending in group.endings)}
            ):
                yield self._effects.finish_successor(label, (), state._replace(values=values, groups=new))

    def list_joinings(self, state: State) -> Iterator[Successor]:
        """List what follows when another case joins this one, or parts from it, also after the end.

        The list of joined contacts changes where a guard reads it. It stays where the other case brings no contact, or
        where no guard tells longer lists apart; that is listed only if it shows a watched atom: the step's owner is
        told. Such events are limited: nobody joins for ever.
        """
        if not self._can_be_joined:
            return
        step, place = self.shape.steps[state.step], self._joined_place
        for kind in ("joined", "parted"):
            label = self.label(kind, "", step=step, limited=True)
            if self._effects.marks.watch.compute_base_marks(label):
                yield self._effects.finish_successor(label, (), state)
            for value in self._list_changed_contacts(kind, state.values[place]) if place is not None else ():
                domain = self.shape.domains[place or 0]
                entered = ((domain.field.name, domain.values[value]),) if value != NO_VALUE else ()
                after = (*state.values[:place], value, *state.values[(place or 0) + 1 :])
                yield self._effects.finish_successor(label, entered, state._replace(values=after))

    def _list_changed_contacts(self, kind: str, before: int) -> list[int]:
        """List the values that the list of joined contacts may change to."""
        domain = self.shape.domains[self._joined_place or 0]
        longer = {NO_VALUE: frozenset({domain.find_index([SAMPLE])}), **domain.longer}
        shorter = [value for value, after in longer.items() if before in after]
        return sorted({*(longer.get(before, ()) if kind == "joined" else shorter)} - {before})

    def list_joined_case_endings(self, state: State) -> Iterator[Successor]:
        """List what follows when the case that this one was joined to ends."""
        if state.joined:
            for place, outcome in enumerate(self.shape.joined_outcomes):
                label = self.label(
                    "other-ended", self.shape.joinable, step=self.shape.steps[state.step], outcome=outcome
                )
                yield self._effects.finish_successor(label, (), state._replace(joined=place + 2))

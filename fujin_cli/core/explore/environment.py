"""What other cases do to an abstract case: children that end or are worked at again, the case that it was joined to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from fujin_cli.core.explore.apply import MoveEffects, Successor
from fujin_cli.core.explore.child_groups import Ending
from fujin_cli.core.explore.state import Label, State


class OtherCases:
    """What may come from the children of one procedure's abstract cases, and from those that they were joined to."""

    def __init__(self, changes: MoveEffects) -> None:
        self.shape, self.places, self._changes = changes.shape, changes.places, changes
        self.label = cache(Label)

    def answered(self, state: State, place: int) -> Iterator[Successor]:
        """One child of a group ends."""
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
                    "child",
                    group.name,
                    step=self.shape.steps[state.step],
                    group=group.name,
                    outcome=ending.outcome,
                    answered=answered,
                )
                new = (*state.groups[:place], left, *state.groups[place + 1 :])
                yield self._changes.arrived(
                    label, self._bringing(ending, values), state._replace(values=values, groups=new)
                )

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

    def reopened(self, state: State, place: int) -> Iterator[Successor]:
        """An ended child of a group is worked at again."""
        group = self.shape.groups[place]
        for left in dict.fromkeys(group.reopened(state.groups[place])):
            label = self.label("child", group.name, step=self.shape.steps[state.step], group=group.name, limited=True)
            new = (*state.groups[:place], left, *state.groups[place + 1 :])
            for chosen in sorted({state.values, *(self._brought(state, ending) for ending in group.endings)}):
                yield self._changes.arrived(label, (), state._replace(values=chosen, groups=new))

    def joined_ended(self, state: State) -> Iterator[Successor]:
        """The case that this one was joined to ends."""
        if state.joined:
            for place, outcome in enumerate(self.shape.joined_outcomes):
                label = self.label(
                    "other-ended", self.shape.joinable, step=self.shape.steps[state.step], outcome=outcome
                )
                yield self._changes.arrived(label, (), state._replace(joined=place + 2))

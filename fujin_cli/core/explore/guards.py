"""What decides about the moves of abstract cases: guards, open children and time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fujin_cli.core.cases.conditions import condition_holds
from fujin_cli.core.explore.domains import tests_of
from fujin_cli.core.explore.state import AbstractFacts, Abstraction, State
from fujin_cli.core.model.procedure import Action, Condition


class Guards:
    """Evaluate the guards of one procedure. ``places`` maps each remembered field to its place in ``State.values``."""

    def __init__(self, shape: Abstraction) -> None:
        self.shape = shape
        self.places = {own.field.name: place for place, own in enumerate(shape.domains)}
        self._results: dict[tuple[int, tuple[Any, ...]], bool] = {}
        self._readers: dict[int, Callable[[State], tuple[Any, ...]]] = {}

    def guard_holds(self, condition: Condition | None, state: State) -> bool:
        """Whether a guard holds; evaluated once for all states that are the same in what it reads."""
        if condition is None:
            return True
        read = self._readers.get(id(condition))
        if read is None:
            read = self._readers[id(condition)] = self._build_reader(condition)
        key = (id(condition), read(state))
        holds = self._results.get(key)
        if holds is None:
            holds = self._results[key] = condition_holds(condition, AbstractFacts(self.shape, self.places, state))
        return holds

    def _build_reader(self, condition: Condition) -> Callable[[State], tuple[Any, ...]]:
        """Build the function that picks from a state what the tests of a condition look at."""
        tests = list(tests_of(condition))
        names = {test.name for test in tests}
        values = sorted({self.places[test.name] for test in tests if test.name in self.places})
        groups = [place for place, group in enumerate(self.shape.groups) if group.name in names]
        counts = [place for place, counted in enumerate(self.shape.counted) if counted.name in names]

        def read(state: State) -> tuple[Any, ...]:
            own = state.values
            picked: list[Any] = [own[place] for place in values]
            picked += [state.groups[place] for place in groups]
            picked += [state.times[place] for place in counts]
            return (state.time_up, state.joined, *picked)

        return read


class AbstractSituation:
    """The situation of every case that an abstract one stands for (``moves.Situation``).

    Pauses and moments are not part of a state: what depends on them may be either way, so that they close nothing.
    """

    __slots__ = ("_guards", "_state")

    def __init__(self, guards: Guards, state: State) -> None:
        self._guards, self._state = guards, state

    def is_time_up(self) -> bool:
        """Whether the step's period is over."""
        return self._state.time_up

    def is_paused(self) -> bool:
        """Never: a pause ends."""
        return False

    def is_window_closed(self, action: Action) -> bool:
        """Never: the case may be reopened in time."""
        return False

    def guard_holds(self, condition: Condition | None) -> bool:
        """Whether a guard holds."""
        return self._guards.guard_holds(condition, self._state)

    def has_open_children(self) -> bool:
        """Whether a child that keeps the case from ending is open."""
        return self._guards.shape.has_open_own_child(self._state)

    def is_too_soon(self, action: Action) -> bool:
        """Never: people may wait as long as they like."""
        return False

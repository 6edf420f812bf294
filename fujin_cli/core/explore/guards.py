"""What decides about the moves of abstract cases: guards, open children and time."""

from __future__ import annotations

from typing import Any

from fujin_cli.core.cases.conditions import condition_holds
from fujin_cli.core.explore.state import AbstractFacts, Abstraction, State
from fujin_cli.core.model.procedure import Action, Condition


class Guards:
    """Evaluate the guards of one procedure. ``places`` maps each remembered field to its place in ``State.values``."""

    def __init__(self, shape: Abstraction) -> None:
        self.shape = shape
        self.places = {own.field.name: place for place, own in enumerate(shape.domains)}
        self._results: dict[tuple[int, tuple[Any, ...]], bool] = {}

    def guard_holds(self, condition: Condition | None, state: State) -> bool:
        """Whether a guard holds; evaluated once for each state."""
        if condition is None:
            return True
        key = (id(condition), state[2:])
        if key not in self._results:
            self._results[key] = condition_holds(condition, AbstractFacts(self.shape, self.places, state))
        return self._results[key]


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

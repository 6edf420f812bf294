"""Whether guards hold in abstract cases."""

from __future__ import annotations

from typing import Any

from fujin_cli.core.cases.conditions import holds
from fujin_cli.core.explore.state import AbstractFacts, Shape, State
from fujin_cli.core.model.procedure import Condition


class Guards:
    """The guards of one procedure; ``places`` tells where the value of each remembered field is kept."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.places = {entry.field.name: place for place, entry in enumerate(shape.domains)}
        self._known: dict[tuple[int, tuple[Any, ...]], bool] = {}

    def holds(self, condition: Condition | None, state: State) -> bool:
        """Whether a guard holds; asked once of each state."""
        if condition is None:
            return True
        key = (id(condition), state[2:])
        if key not in self._known:
            self._known[key] = holds(condition, AbstractFacts(self.shape, self.places, state))
        return self._known[key]

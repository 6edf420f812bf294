"""How often moves with a limit were made, packed so that a search can look up where it has been."""

from __future__ import annotations

from collections.abc import Mapping

Used = Mapping[str, int]  # rule → how often it was made, no further than its limit


class Counters:
    """How often each counted rule was made, as one number: a digit for each, no further than its limit."""

    def __init__(self, counted: Mapping[str, int]) -> None:
        self.weights: dict[str, int] = {}
        weight = 1
        for rule, limit in counted.items():
            self.weights[rule] = weight
            weight *= limit + 1
        self.counted = counted
        self._known: dict[int, Used] = {}

    def used(self, number: int) -> Used:
        """What the number stands for."""
        if number not in self._known:
            self._known[number] = {
                rule: number // weight % (self.counted[rule] + 1) for rule, weight in self.weights.items()
            }
        return self._known[number]

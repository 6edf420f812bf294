"""Count how often limited moves were made, packed into one number so that a search can look up its places."""

from __future__ import annotations

from collections.abc import Mapping

Used = Mapping[str, int]  # rule → how often it was made, no further than its limit


class Counters:
    """Pack the counts of several rules into one number: a digit for each, up to its limit."""

    def __init__(self, counted: Mapping[str, int]) -> None:
        self.weights: dict[str, int] = {}
        weight = 1
        for rule, limit in counted.items():
            self.weights[rule] = weight
            weight *= limit + 1
        self.counted = counted
        self._unpacked: dict[int, Used] = {}

    def unpack_counts(self, number: int) -> Used:
        """Unpack a number: rule → how often it was made."""
        if number not in self._unpacked:
            self._unpacked[number] = {
                rule: number // weight % (self.counted[rule] + 1) for rule, weight in self.weights.items()
            }
        return self._unpacked[number]

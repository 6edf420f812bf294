"""Find the guarantees that might be broken by following all of them at once, so that only those are checked one by one.

Every state of every monitor is one bit. Each abstract case keeps all the bits with which a run can reach it, and edges
carry the bits on, until no new bit appears. What many edges do to the same bits is computed once.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.verify.automata import LOST, SETTLED, State
from fujin_cli.core.verify.monitors import Monitor
from fujin_cli.core.verify.product import Letters, TooMany, flag_ended_states

MOST_EDGES = 6_000_000


def find_suspects(exploration: Exploration, monitors: Sequence[Monitor]) -> set[int]:
    """Find the places of the monitors whose guarantee some run breaks, limits aside. Raises TooMany."""
    bits = _Bits(exploration, monitors)
    ended = flag_ended_states(exploration)
    reached, fresh = [0] * len(exploration.states), [0] * len(exploration.states)
    start = bits.start
    for edge in exploration.begins:
        fresh[edge.target] |= bits.advance_bits(start, edge.marks, False)
    todo = list(dict.fromkeys(edge.target for edge in exploration.begins))
    broken = walked = 0
    while todo:
        number = todo.pop()
        new = fresh[number] & ~reached[number]
        fresh[number] = 0
        if not new:
            continue
        reached[number] |= new
        if ended[number]:
            broken |= new
        walked += len(exploration.edges[number])
        if walked > MOST_EDGES:
            raise TooMany
        after_of = bits.cached_results_of(new)
        for _, target, _, _, marks in exploration.edges[number]:
            stays = ended[number] and ended[target]
            after = after_of.get(~marks if stays else marks)
            carried = (bits.advance_bits(new, marks, stays) if after is None else after) & ~reached[target]
            if carried:
                if not fresh[target]:
                    todo.append(target)
                fresh[target] |= carried
    return bits.lost | bits.find_unfulfilled(broken)


class _Bits:
    """Encode the states of all monitors as bits of one number; ``lost`` are the places of lost monitors."""

    def __init__(self, exploration: Exploration, monitors: Sequence[Monitor]) -> None:
        self.monitors = monitors
        self.letters = [Letters(exploration, monitor) for monitor in monitors]
        self.lost: set[int] = set()
        self._place_of: dict[tuple[int, State], int] = {}
        self._states: list[tuple[int, State]] = []
        self._steps: dict[tuple[int, int, bool], int] = {}
        self._results: dict[int, dict[int, int]] = {}
        self.start = 0
        for place, monitor in enumerate(monitors):
            self.start |= self._encode_state(place, monitor.start)

    def _encode_state(self, place: int, state: State) -> int:
        """Give the bit of a state; none for states that no event changes any more."""
        if state == LOST:
            self.lost.add(place)
        if state in (LOST, SETTLED):
            return 0
        key = (place, state)
        if key not in self._place_of:
            self._place_of[key] = len(self._states)
            self._states.append(key)
        return 1 << self._place_of[key]

    def advance_bits(self, bits: int, marks: int, stays: bool) -> int:
        """Compute the bits after an event."""
        after = self.cached_results_of(bits)[~marks if stays else marks] = self._advance_each_bit(bits, marks, stays)
        return after

    def cached_results_of(self, bits: int) -> dict[int, int]:
        """Give the known bits after an event: by its marks, by ~marks where the case stays ended."""
        if bits not in self._results:
            self._results[bits] = {}
        return self._results[bits]

    def _advance_each_bit(self, bits: int, marks: int, stays: bool) -> int:
        after = 0
        while bits:
            low = bits & -bits
            bits ^= low
            after |= self._advance_bit(low.bit_length() - 1, marks, stays)
        return after

    def _advance_bit(self, number: int, marks: int, stays: bool) -> int:
        key = (number, marks, stays)
        if key not in self._steps:
            place, state = self._states[number]
            letter = self.letters[place].letter_of(marks, stays)
            self._steps[key] = self._encode_state(place, self.monitors[place].step(state, letter))
        return self._steps[key]

    def find_unfulfilled(self, bits: int) -> set[int]:
        """Find the monitors with a state among ``bits`` in which no case may end."""
        return {
            place
            for number, (place, state) in enumerate(self._states)
            if bits >> number & 1 and not self.monitors[place].is_fulfilled(state)
        }


def collect_marks(explorations: Sequence[Exploration]) -> int:
    """Collect the marks of all events, under any choice of settings."""
    marks = 0
    for exploration in explorations:
        for edge in chain(exploration.begins, *exploration.edges):
            marks |= edge.marks
    return marks

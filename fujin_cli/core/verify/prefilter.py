"""Which of many guarantees might be broken, all of them followed at once, so that only those are looked at one by one.

Every state of every monitor is one bit. Beside each abstract case a number keeps all the bits with which a run can come
there, and edges carry the bits on, until nothing new comes up. What many edges do to the same bits is worked out once.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.verify.automata import LOST, SETTLED, State
from fujin_cli.core.verify.monitors import Monitor
from fujin_cli.core.verify.product import Letters, TooMany, list_ended_states

MOST_EDGES = 20_000_000


def find_suspects(found: Exploration, monitors: Sequence[Monitor]) -> set[int]:
    """The places of the monitors whose promise some run breaks, limits aside. Raises TooMany."""
    bits = _Bits(found, monitors)
    ended = list_ended_states(found)
    seen, fresh = [0] * len(found.states), [0] * len(found.states)
    start = bits.start
    for edge in found.begins:
        fresh[edge.target] |= bits.after(start, edge.marks, False)
    todo = list(dict.fromkeys(edge.target for edge in found.begins))
    broken = walked = 0
    while todo:
        number = todo.pop()
        new = fresh[number] & ~seen[number]
        fresh[number] = 0
        if not new:
            continue
        seen[number] |= new
        if ended[number]:
            broken |= new
        walked += len(found.edges[number])
        if walked > MOST_EDGES:
            raise TooMany
        known = bits.known(new)
        for _, target, _, _, marks in found.edges[number]:
            stays = ended[number] and ended[target]
            after = known.get(~marks if stays else marks)
            carried = (bits.after(new, marks, stays) if after is None else after) & ~seen[target]
            if carried:
                if not fresh[target]:
                    todo.append(target)
                fresh[target] |= carried
    return bits.lost | bits.not_kept(broken)


class _Bits:
    """The states of all monitors as bits of one number; ``lost`` are the places of monitors that were lost."""

    def __init__(self, found: Exploration, monitors: Sequence[Monitor]) -> None:
        self.monitors = monitors
        self.letters = [Letters(found, monitor) for monitor in monitors]
        self.lost: set[int] = set()
        self._place_of: dict[tuple[int, State], int] = {}
        self._states: list[tuple[int, State]] = []
        self._steps: dict[tuple[int, int, bool], int] = {}
        self._known: dict[int, dict[int, int]] = {}
        self.start = 0
        for place, monitor in enumerate(monitors):
            self.start |= self._bit(place, monitor.start)

    def _bit(self, place: int, state: State) -> int:
        """The bit of a state; none for what can change no more."""
        if state == LOST:
            self.lost.add(place)
        if state in (LOST, SETTLED):
            return 0
        key = (place, state)
        if key not in self._place_of:
            self._place_of[key] = len(self._states)
            self._states.append(key)
        return 1 << self._place_of[key]

    def after(self, bits: int, marks: int, stays: bool) -> int:
        """The bits after an event."""
        after = self.known(bits)[~marks if stays else marks] = self._after(bits, marks, stays)
        return after

    def known(self, bits: int) -> dict[int, int]:
        """What is known of the bits after an event: by its marks, by ~marks where the case stays ended."""
        if bits not in self._known:
            self._known[bits] = {}
        return self._known[bits]

    def _after(self, bits: int, marks: int, stays: bool) -> int:
        after = 0
        while bits:
            low = bits & -bits
            bits ^= low
            after |= self._step(low.bit_length() - 1, marks, stays)
        return after

    def _step(self, number: int, marks: int, stays: bool) -> int:
        key = (number, marks, stays)
        if key not in self._steps:
            place, state = self._states[number]
            letter = self.letters[place].of(marks, stays)
            self._steps[key] = self._bit(place, self.monitors[place].step(state, letter))
        return self._steps[key]

    def not_kept(self, bits: int) -> set[int]:
        """The monitors of those bits in whose states nothing may end."""
        return {
            place
            for number, (place, state) in enumerate(self._states)
            if bits >> number & 1 and not self.monitors[place].kept(state)
        }


def collect_marks(explorations: Sequence[Exploration]) -> int:
    """The marks that any event has, under any choice of settings."""
    marks = 0
    for found in explorations:
        for edge in chain(found.begins, *found.edges):
            marks |= edge.marks
    return marks

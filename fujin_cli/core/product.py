"""The case automaton beside monitors, breadth first, so that the first way found to anything is a shortest one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import NamedTuple

from fujin_cli.core.explore import Exploration
from fujin_cli.core.explore_state import Edge
from fujin_cli.core.monitors import LOST, Monitor, State
from fujin_cli.core.procedure import Atom

MOST_PAIRS = 300_000


class TooMany(Exception):
    """There are more pairs of a case and its monitors than can be looked at."""


class Pair(NamedTuple):
    """Where a case stands, and what each monitor remembers; ``used`` counts what has a limit, where that is asked."""

    number: int
    states: tuple[State, ...]
    used: tuple[int, ...] = ()


class Letters:
    """Turns the marks of an edge into a monitor's letter (``monitors.py`` says what the bits mean)."""

    def __init__(self, found: Exploration, monitor: Monitor) -> None:
        bits: dict[int, int] = {id(atom): 1 << bit for bit, atom in enumerate(found.model.watch)}
        self.roles = [sum({_bit(bits, atom, found.model.watch) for atom in role}) for role in monitor.roles]
        self.stays = 1 << len(self.roles)

    def of(self, marks: int, stays: bool) -> int:
        """The letter of an event with these marks; ``stays``: at the end where the case stood before."""
        letter = self.stays if stays else 0
        for place, wanted in enumerate(self.roles):
            if marks & wanted:
                letter |= 1 << place
        return letter


def _bit(bits: dict[int, int], atom: Atom, watch: Sequence[Atom]) -> int:
    return bits[id(atom)] if id(atom) in bits else 1 << watch.index(atom)


class Product:
    """What is reachable of (case × monitors); ``ends`` are looked at by ``bad`` and ``good`` alone."""

    def __init__(self, found: Exploration, monitors: Sequence[Monitor]) -> None:
        self.found = found
        self.monitors = monitors
        self.letters = [Letters(found, monitor) for monitor in monitors]
        self.ended = [found.ended(number) for number in range(len(found.states))]
        self.came: dict[Pair, tuple[Pair | None, Edge]] = {}
        self._steps: dict[tuple[tuple[State, ...], int, bool], tuple[State, ...]] = {}

    def step(self, states: tuple[State, ...], edge: Edge) -> tuple[State, ...]:
        """What the monitors remember after an event."""
        stays = edge.source >= 0 and self.ended[edge.source] and self.ended[edge.target]
        key = (states, edge.marks, stays)
        if key not in self._steps:
            self._steps[key] = tuple(
                monitor.step(state, letters.of(edge.marks, stays))
                for monitor, letters, state in zip(self.monitors, self.letters, states, strict=True)
            )
        return self._steps[key]

    def begins(self) -> list[tuple[Edge, Pair]]:
        """The pairs after the opening."""
        start = tuple(monitor.start for monitor in self.monitors)
        return [(edge, Pair(edge.target, self.step(start, edge))) for edge in self.found.begins]

    def follows(self, pair: Pair) -> list[tuple[Edge, Pair]]:
        """The pairs after one event more."""
        return [(edge, Pair(edge.target, self.step(pair.states, edge))) for edge in self.found.edges[pair.number]]

    def broken(self, pair: Pair) -> bool:
        """Whether a promise is broken here: lost for good, or not kept where the case stands at an end."""
        if LOST in pair.states:
            return True
        return self.ended[pair.number] and not self._kept(pair)

    def good(self, pair: Pair) -> bool:
        """Whether the case stands at an end and every promise is kept."""
        return self.ended[pair.number] and self._kept(pair)

    def _kept(self, pair: Pair) -> bool:
        return all(monitor.kept(state) for monitor, state in zip(self.monitors, pair.states, strict=True))

    def search(self, wanted: Callable[[Pair], bool]) -> Pair | None:
        """The nearest pair that is wanted; None where there is none. Raises TooMany."""
        self.came = {}
        todo: deque[Pair] = deque()
        for edge, pair in self.begins():
            if pair not in self.came:
                self.came[pair] = (None, edge)
                todo.append(pair)
        while todo:
            at = todo.popleft()
            if wanted(at):
                return at
            if LOST in at.states:
                continue
            for edge, pair in self.follows(at):
                if pair not in self.came:
                    self.came[pair] = (at, edge)
                    todo.append(pair)
            if len(self.came) > MOST_PAIRS:
                raise TooMany(self.found.model.law.name)
        return None

    def way_to(self, pair: Pair) -> list[Edge]:
        """The way by which ``search`` came to a pair."""
        way: list[Edge] = []
        at: Pair | None = pair
        while at is not None:
            at, edge = self.came[at]
            way.append(edge)
        return way[::-1]

    def pairs_of(self, run: Sequence[Edge]) -> list[Pair]:
        """The pairs along a run from the opening on."""
        states = tuple(monitor.start for monitor in self.monitors)
        found = []
        for edge in run:
            states = self.step(states, edge)
            found.append(Pair(edge.target, states))
        return found

    def hopeful(self) -> set[Pair]:
        """The pairs from which an end can be reached where every promise is kept. Raises TooMany."""
        self.search(lambda pair: False)
        back: dict[Pair, list[Pair]] = {}
        for pair in self.came:
            if LOST not in pair.states:
                for _, after in self.follows(pair):
                    back.setdefault(after, []).append(pair)
        todo = [pair for pair in self.came if self.good(pair)]
        found = set(todo)
        while todo:
            for before in back.get(todo.pop(), ()):
                if before not in found:
                    found.add(before)
                    todo.append(before)
        return found

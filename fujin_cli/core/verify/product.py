"""The case automaton beside monitors: what is reachable of both together, with places numbered as they are found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from fujin_cli.core.explore.feasible_paths import Runs, idle, runs_of
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.explore.state import Edge
from fujin_cli.core.model.procedure import Atom
from fujin_cli.core.verify.automata import LOST, State
from fujin_cli.core.verify.monitors import Monitor

MOST_PAIRS = 300_000


class TooMany(Exception):
    """There are more pairs of a case and what its monitors remember than can be looked at."""


class Letters:
    """Turns an edge into a monitor's letter (``monitors.py`` says what its bits mean)."""

    def __init__(self, found: Exploration, monitor: Monitor) -> None:
        watch = found.model.watch.atoms
        places = {id(atom): place for place, atom in enumerate(watch)}
        self.wanted = [_bits(role, places, watch) for role in monitor.roles]
        self.stays = 1 << len(self.wanted)

    def of(self, marks: int, stays: bool) -> int:
        """The letter of an event with these marks; ``stays``: at the end where the case stood before."""
        letter = self.stays if stays else 0
        for place, wanted in enumerate(self.wanted):
            if marks & wanted:
                letter |= 1 << place
        return letter


def _bits(role: Iterable[Atom], places: dict[int, int], watch: Sequence[Atom]) -> int:
    bits = 0
    for atom in role:
        bits |= 1 << (places[id(atom)] if id(atom) in places else watch.index(atom))
    return bits


def list_ended_states(found: Exploration) -> list[bool]:
    """For each state whether the case stands at an end."""
    ends = [found.model.version.steps[name].end is not None for name in found.model.shape.steps]
    return [ends[state.step] for state in found.states]


Pair = tuple[int, tuple[State, ...]]  # the number of an abstract case, and what each monitor remembers


@dataclass(slots=True)
class Product:
    """Everything reachable. ``ways`` and ``begins`` are the edges of the cases between the places of the product."""

    found: Exploration
    monitors: Sequence[Monitor]
    pairs: list[Pair] = field(default_factory=list)
    ways: list[list[Edge]] = field(default_factory=list)
    begins: list[Edge] = field(default_factory=list)
    ended: list[bool] = field(default_factory=list)
    _kept: dict[tuple[State, ...], bool] = field(default_factory=dict)

    def runs(self) -> Runs:
        """The product as runs whose limits can be counted."""
        return replace(runs_of(self.found), ways=self.ways, begins=self.begins)

    def original(self, edge: Edge) -> Edge:
        """The edge of the cases that an edge of the product is."""
        source = self.pairs[edge.source][0] if edge.source >= 0 else -1
        return edge._replace(source=source, target=self.pairs[edge.target][0])

    def kept(self, place: int) -> bool:
        """Whether every promise would be kept if the case ended here."""
        states = self.pairs[place][1]
        if states not in self._kept:
            every = zip(self.monitors, states, strict=True)
            self._kept[states] = all(monitor.kept(state) for monitor, state in every)
        return self._kept[states]

    def broken(self, place: int) -> bool:
        """Whether a promise is broken here: lost for good, or not kept where the case stands at an end."""
        return LOST in self.pairs[place][1] or (self.at_end(place) and not self.kept(place))

    def good(self, place: int) -> bool:
        """Whether the case stands at an end and every promise is kept."""
        return self.at_end(place) and self.kept(place)

    def at_end(self, place: int) -> bool:
        """Whether the case stands at an end."""
        return self.ended[self.pairs[place][0]]

    def places(self, wanted: Callable[[int], bool]) -> set[int]:
        """The places that are wanted."""
        return {place for place in range(len(self.pairs)) if wanted(place)}


def build_product(found: Exploration, monitors: Sequence[Monitor], enough: bool = False) -> Product:
    """The product, breadth first; nothing follows where a promise is lost. Raises TooMany.

    ``enough``: no further than to the first place that is good.
    """
    product = Product(found, monitors, ended=list_ended_states(found))
    numbers: dict[Pair, int] = {}

    def place_of(pair: Pair) -> int:
        number = numbers[pair] = len(product.pairs)
        if number >= MOST_PAIRS:
            raise TooMany
        product.pairs.append(pair)
        product.ways.append([])
        return number

    step, pairs, ways, ended = _stepper(found, monitors), product.pairs, product.ways, product.ended
    known: dict[tuple[State, ...], dict[int, tuple[State, ...]]] = {}  # by marks, by ~marks where the case stays ended
    start = tuple(monitor.start for monitor in monitors)
    for edge in found.begins:
        pair = (edge.target, step(start, edge.marks, False))
        place = numbers[pair] if pair in numbers else place_of(pair)
        product.begins.append(edge._replace(target=place))
    for number, (case, states) in enumerate(pairs):  # which grows meanwhile
        if enough and product.good(number):
            break
        if states not in known:
            known[states] = {}
        after_of, at_end = known[states], ended[case]
        for edge in found.edges[case] if LOST not in states else ():
            _, target, label, data, marks = edge
            stays = at_end and ended[target]
            after = after_of.get(~marks if stays else marks)
            if after is None:
                after = after_of[~marks if stays else marks] = step(states, marks, stays)
            if target == case and after == states and idle(edge):
                continue
            pair = (target, after)
            ways[number].append(Edge(number, numbers[pair] if pair in numbers else place_of(pair), label, data, marks))
    return product


def _stepper(
    found: Exploration, monitors: Sequence[Monitor]
) -> Callable[[tuple[State, ...], int, bool], tuple[State, ...]]:
    letters = [Letters(found, monitor) for monitor in monitors]

    def step(states: tuple[State, ...], marks: int, stays: bool) -> tuple[State, ...]:
        return tuple(
            monitor.step(state, own.of(marks, stays))
            for monitor, own, state in zip(monitors, letters, states, strict=True)
        )

    return step

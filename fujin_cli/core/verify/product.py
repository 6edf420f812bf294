"""Build the product of the case automaton and monitors: everything reachable of both together."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, field, replace

from fujin_cli.core.explore.feasible_paths import Runs, is_idle, runs_of
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.explore.state import Edge
from fujin_cli.core.model.procedure import Atom
from fujin_cli.core.verify.automata import LOST, State
from fujin_cli.core.verify.monitors import Monitor

MOST_PAIRS = 300_000
MOST_PAIR_EDGES = 500_000


class TooMany(Exception):
    """Raised where there are more pairs of a case and monitor states than can be looked at."""


class Letters:
    """Turn an edge into a monitor's letter (``monitors.py`` says what its bits mean)."""

    def __init__(self, exploration: Exploration, monitor: Monitor) -> None:
        watch = exploration.model.watch.atoms
        places = {id(atom): place for place, atom in enumerate(watch)}
        self.role_bits = [_compute_role_bits(role, places, watch) for role in monitor.roles]
        self.stays = 1 << len(self.role_bits)

    def letter_of(self, marks: int, stays: bool) -> int:
        """Give the letter of an event with these marks; ``stays``: at the end where the case stood before."""
        letter = self.stays if stays else 0
        for place, bits in enumerate(self.role_bits):
            if marks & bits:
                letter |= 1 << place
        return letter


def _compute_role_bits(role: Iterable[Atom], places: dict[int, int], watch: Sequence[Atom]) -> int:
    bits = 0
    for atom in role:
        bits |= 1 << (places[id(atom)] if id(atom) in places else watch.index(atom))
    return bits


def flag_ended_states(exploration: Exploration) -> list[bool]:
    """List for each state whether the case stands at an end."""
    ends = [exploration.model.version.steps[name].end is not None for name in exploration.model.shape.steps]
    return [ends[state.step] for state in exploration.states]


Pair = tuple[int, tuple[State, ...]]  # the number of an abstract case, and what each monitor remembers


@dataclass(slots=True)
class Product:
    """Hold everything reachable. ``edges`` and ``begins`` are the edges of the cases between places of the product."""

    exploration: Exploration
    monitors: Sequence[Monitor]
    pairs: list[Pair] = field(default_factory=list)
    edges: list[list[Edge]] = field(default_factory=list)
    begins: list[Edge] = field(default_factory=list)
    ended: list[bool] = field(default_factory=list)
    _fulfilled: dict[tuple[State, ...], bool] = field(default_factory=dict)

    def build_runs(self) -> Runs:
        """Give the product as runs whose limits can be counted."""
        return replace(runs_of(self.exploration), edges=self.edges, begins=self.begins)

    def find_case_edge(self, edge: Edge) -> Edge:
        """Give the edge of the cases behind an edge of the product."""
        source = self.pairs[edge.source][0] if edge.source >= 0 else -1
        return edge._replace(source=source, target=self.pairs[edge.target][0])

    def is_fulfilled(self, place: int) -> bool:
        """Whether every guarantee is fulfilled if the case ends at this place."""
        states = self.pairs[place][1]
        if states not in self._fulfilled:
            pairs = zip(self.monitors, states, strict=True)
            self._fulfilled[states] = all(monitor.is_fulfilled(state) for monitor, state in pairs)
        return self._fulfilled[states]

    def is_broken(self, place: int) -> bool:
        """Whether a guarantee is broken: lost for good, or not fulfilled where the case stands at an end."""
        return LOST in self.pairs[place][1] or (self.is_at_end(place) and not self.is_fulfilled(place))

    def is_good_end(self, place: int) -> bool:
        """Whether the case stands at an end and every guarantee is fulfilled."""
        return self.is_at_end(place) and self.is_fulfilled(place)

    def is_at_end(self, place: int) -> bool:
        """Whether the case stands at an end."""
        return self.ended[self.pairs[place][0]]

    def select_places(self, condition: Callable[[int], bool]) -> set[int]:
        """Select the places for which ``condition`` holds."""
        return {place for place in range(len(self.pairs)) if condition(place)}


def build_product(
    exploration: Exploration, monitors: Sequence[Monitor], enough: bool = False, repeated: Container[str] = ()
) -> Product:
    """Build the product, breadth first; nothing follows where a guarantee is lost. Raises TooMany.

    ``enough``: stop at the first place where the case ends well. ``repeated`` are rules that runs may make again even
    where that changes nothing of the abstract case: one person more takes part, say.
    """
    product = Product(exploration, monitors, ended=flag_ended_states(exploration))
    numbers: dict[Pair, int] = {}

    def add_place(pair: Pair) -> int:
        number = numbers[pair] = len(product.pairs)
        if number >= MOST_PAIRS:
            raise TooMany
        product.pairs.append(pair)
        product.edges.append([])
        return number

    step, pairs, edges, ended = _build_step_function(exploration, monitors), product.pairs, product.edges, product.ended
    steps: dict[tuple[State, ...], dict[int, tuple[State, ...]]] = {}  # by marks, by ~marks where the case stays ended
    start = tuple(monitor.start for monitor in monitors)
    for edge in exploration.begins:
        pair = (edge.target, step(start, edge.marks, False))
        place = numbers[pair] if pair in numbers else add_place(pair)
        product.begins.append(edge._replace(target=place))
    walked = 0
    for number, (case, states) in enumerate(pairs):  # which grows meanwhile
        walked += len(exploration.edges[case])
        if walked > MOST_PAIR_EDGES:
            raise TooMany
        if enough and product.is_good_end(number):
            break
        if states not in steps:
            steps[states] = {}
        after_of, at_end = steps[states], ended[case]
        for edge in exploration.edges[case] if LOST not in states else ():
            _, target, label, entered, marks = edge
            stays = at_end and ended[target]
            after = after_of.get(~marks if stays else marks)
            if after is None:
                after = after_of[~marks if stays else marks] = step(states, marks, stays)
            if target == case and after == states and is_idle(edge) and label.rule not in repeated:
                continue
            pair = (target, after)
            edges[number].append(
                Edge(number, numbers[pair] if pair in numbers else add_place(pair), label, entered, marks)
            )
    return product


def _build_step_function(
    exploration: Exploration, monitors: Sequence[Monitor]
) -> Callable[[tuple[State, ...], int, bool], tuple[State, ...]]:
    letters = [Letters(exploration, monitor) for monitor in monitors]

    def step(states: tuple[State, ...], marks: int, stays: bool) -> tuple[State, ...]:
        return tuple(
            monitor.step(state, own.letter_of(marks, stays))
            for monitor, own, state in zip(monitors, letters, states, strict=True)
        )

    return step

"""Circles in which a case can go round for ever, because no move of them has a limit that stops it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from fujin_cli.core.explore import graph
from fujin_cli.core.explore.feasible_paths import (
    Undecided,
    find_breach,
    find_feasible_lasso,
    find_feasible_path,
    runs_of,
)
from fujin_cli.core.explore.reachability import Exploration, once
from fujin_cli.core.explore.state import Edge

MOST_TRIED = 200  # moves of which a circle is looked for: many circles have one cause


@dataclass(frozen=True, slots=True)
class Loop:
    """A shortest run to a circle, and the circle; ``steps`` are those that it enters, in its order."""

    run: tuple[Edge, ...]
    circle: tuple[Edge, ...]

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps that the circle enters."""
        return tuple(edge.label.to for edge in self.circle if edge.label.to)


def _free(edge: Edge) -> bool:
    return not edge.label.limited


def _moves(edge: Edge) -> bool:
    return edge.label.to is not None


def _by_itself(edge: Edge) -> bool:
    return edge.label.kind == "move"


@once
def find_loops(found: Exploration) -> tuple[tuple[Loop, ...], tuple[Loop, ...]] | None:
    """Loops of moves that nobody makes, and all others; of several through the same steps the first one found.

    None where there is too much to look at.
    """
    finder = _Finder(found)
    try:
        finder.exact(lambda edge: _free(edge) and _by_itself(edge), graph.any_edge)
        alone = tuple(finder.kept)
        finder.plain()
        finder.exact(_free, lambda edge: not finder.surely_free(edge))
    except Undecided:
        return None
    return alone, tuple(finder.kept[len(alone) :])


class _Finder:
    """Finds loops. One that goes through all the steps of a known one is left out: mending that may mend both."""

    def __init__(self, found: Exploration) -> None:
        self.found, self.runs = found, runs_of(found)
        self.order = self.runs.order
        self.kept: list[Loop] = []

    def _is_new(self, circle: Sequence[Edge]) -> bool:
        steps = {edge.label.to for edge in circle}
        return not any(steps >= set(known.steps) for known in self.kept)

    def surely_free(self, edge: Edge) -> bool:
        """Whether limits have nothing to do with the edge."""
        return not edge.label.limited and not edge.label.overflow and not self.order.before(edge)

    def plain(self) -> None:
        """Circles that no limit has to do with, each beginning with a move that leads to a step."""
        ways = self.runs.ways
        component = graph.find_components(ways, self.surely_free)
        moves: dict[tuple[str, str | None], dict[int, Edge]] = {}  # the edges of each by where they begin
        for edge in (edge for edges in ways for edge in edges):
            if component[edge.source] == component[edge.target] and self.surely_free(edge) and _moves(edge):
                moves.setdefault((edge.label.rule, edge.label.to), {}).setdefault(edge.source, edge)
        for begins in list(moves.values())[:MOST_TRIED]:
            circle = graph.find_cycle(ways, next(iter(begins.values())), component, self.surely_free)
            run = self._run_to(begins) if self._is_new(circle) else None
            if run is not None:
                circle = graph.find_cycle(ways, begins[run[-1].target], component, self.surely_free)
                self.kept.append(Loop(tuple(run), tuple(circle)))

    def _run_to(self, numbers: Collection[int]) -> list[Edge] | None:
        """A shortest run to the first of these states, else, where limits keep cases from it, to any of them."""
        first = self.found.way_to(next(iter(numbers)))
        return first if find_breach(first, self.order) is None else find_feasible_path(self.runs, numbers)

    def exact(self, allowed: graph.Allowed, doubtful: graph.Allowed) -> None:
        """For each set of places that lead to one another, one edge of which is ``doubtful``, a circle that is new."""
        component = graph.find_components(self.runs.ways, allowed)
        inner = [e for edges in self.runs.ways for e in edges if component[e.source] == component[e.target]]
        inner = list(filter(allowed, inner))
        whole = {component[edge.source] for edge in inner if _moves(edge)}
        whole &= {component[edge.source] for edge in inner if doubtful(edge)}
        whole -= {component[loop.circle[0].source] for loop in self.kept}
        for number in sorted(whole)[:MOST_TRIED]:
            inside = {place for place, own in enumerate(component) if own == number}
            found = find_feasible_lasso(self.runs, inside, allowed, _moves)
            if found is not None and self._is_new(found[1]):
                self.kept.append(Loop(tuple(found[0]), tuple(found[1])))

"""Find cycles in which a case can go round for ever, because no move of them has a limit that stops it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from fujin_cli.core.explore import graph
from fujin_cli.core.explore.feasible_paths import (
    Undecided,
    find_breached_rule,
    find_feasible_lasso,
    find_feasible_path,
    runs_of,
)
from fujin_cli.core.explore.reachability import Exploration, cache_per_exploration
from fujin_cli.core.explore.state import Edge

MOST_TRIED = 200  # moves of which a circle is looked for: many circles have one cause
FEWEST_TRIED = 20
MOST_WALKED = 2_000_000  # edges that the search for circles walks over


@dataclass(frozen=True, slots=True)
class Loop:
    """Hold a shortest run to a cycle, and the cycle; ``steps`` are those that it enters, in its order."""

    run: tuple[Edge, ...]
    circle: tuple[Edge, ...]

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps that the cycle enters."""
        return tuple(edge.label.to for edge in self.circle if edge.label.to)


def _is_unlimited(edge: Edge) -> bool:
    return not edge.label.limited


def _has_target_step(edge: Edge) -> bool:
    return edge.label.to is not None


def _is_automatic(edge: Edge) -> bool:
    return edge.label.kind == "move"


@cache_per_exploration
def find_loops(exploration: Exploration) -> tuple[tuple[Loop, ...], tuple[Loop, ...]] | None:
    """Find loops of automatic moves, and all others; of several through the same steps the first one.

    None where there is too much to look at.
    """
    finder = _Finder(exploration)
    try:
        finder.collect_exact_loops(lambda edge: _is_unlimited(edge) and _is_automatic(edge), graph.is_any_edge)
        alone = tuple(finder.loops)
        finder.collect_plain_loops()
        finder.collect_exact_loops(_is_unlimited, lambda edge: not finder.is_surely_free(edge))
    except Undecided:
        return None
    return alone, tuple(finder.loops[len(alone) :])


class _Finder:
    """Find loops. One through all the steps of an earlier one is left out: a fix of that may fix both."""

    def __init__(self, exploration: Exploration) -> None:
        self.exploration, self.runs = exploration, runs_of(exploration)
        self.order = self.runs.order
        self.loops: list[Loop] = []
        edges = sum(map(len, self.runs.edges))
        self.most_tried = min(MOST_TRIED, max(FEWEST_TRIED, MOST_WALKED // max(1, edges)))

    def _is_new(self, circle: Sequence[Edge]) -> bool:
        steps = {edge.label.to for edge in circle}
        return not any(steps >= set(loop.steps) for loop in self.loops)

    def is_surely_free(self, edge: Edge) -> bool:
        """Whether no limit concerns the edge."""
        return not edge.label.limited and not edge.label.overflow and not self.order.list_prior_edges(edge)

    def collect_plain_loops(self) -> None:
        """Find cycles that no limit concerns, each beginning with a move that leads to a step."""
        edges = self.runs.edges
        component = graph.find_components(edges, self.is_surely_free)
        moves: dict[tuple[str, str | None], dict[int, Edge]] = {}  # the edges of each by where they begin
        for edge in (edge for leaving in edges for edge in leaving):
            if (
                component[edge.source] == component[edge.target]
                and self.is_surely_free(edge)
                and _has_target_step(edge)
            ):
                moves.setdefault((edge.label.rule, edge.label.to), {}).setdefault(edge.source, edge)
        for begins in list(moves.values())[: self.most_tried]:
            circle = graph.find_cycle(edges, next(iter(begins.values())), component, self.is_surely_free)
            run = self._find_run_to(begins) if self._is_new(circle) else None
            if run is not None:
                circle = graph.find_cycle(edges, begins[run[-1].target], component, self.is_surely_free)
                self.loops.append(Loop(tuple(run), tuple(circle)))

    def _find_run_to(self, numbers: Collection[int]) -> list[Edge] | None:
        """Find a shortest run to the first of these states, or to any of them where limits prevent that."""
        first = self.exploration.find_path_to(next(iter(numbers)))
        return first if find_breached_rule(first, self.order) is None else find_feasible_path(self.runs, numbers)

    def collect_exact_loops(self, allowed: graph.Allowed, doubtful: graph.Allowed) -> None:
        """Find a new cycle in each component that has a ``doubtful`` edge, keeping to limits."""
        component = graph.find_components(self.runs.edges, allowed)
        inner = [e for edges in self.runs.edges for e in edges if component[e.source] == component[e.target]]
        inner = list(filter(allowed, inner))
        components = {component[edge.source] for edge in inner if _has_target_step(edge)}
        components &= {component[edge.source] for edge in inner if doubtful(edge)}
        components -= {component[loop.circle[0].source] for loop in self.loops}
        for number in sorted(components)[: self.most_tried]:
            inside = {place for place, own in enumerate(component) if own == number}
            lasso = find_feasible_lasso(self.runs, inside, allowed, _has_target_step)
            if lasso is not None and self._is_new(lasso[1]):
                self.loops.append(Loop(tuple(lasso[0]), tuple(lasso[1])))

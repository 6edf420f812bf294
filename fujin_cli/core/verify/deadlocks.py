"""Find cases that can no longer end: those that are stuck, and those that only go round.

Whatever limits are used up, a case can end where an end is reached without a limited move. Only where that fails are
counters kept: there a case is lost once it has used up what would have led it on. That a child may be reopened does not
count as a way on: nobody of this case can do it, and its time runs out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from fujin_cli.core.cases.conditions import single_test_holds
from fujin_cli.core.explore import graph
from fujin_cli.core.explore.feasible_paths import Runs, Undecided, compute_place_limit, find_counted_path, runs_of
from fujin_cli.core.explore.limit_counters import Used
from fujin_cli.core.explore.reachability import Exploration, cache_per_exploration
from fujin_cli.core.explore.state import AbstractFacts, Edge
from fujin_cli.core.model.procedure import Test

_At = tuple[int, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class DeadEnd:
    """Hold a shortest run to a case that can no longer end, and the cycle that it may repeat for ever.

    ``circle`` is empty where the case is stuck. ``steps`` are those that the case can still reach.
    """

    number: int  # its state
    steps: frozenset[str]
    run: tuple[Edge, ...]
    circle: tuple[Edge, ...] = ()


@cache_per_exploration
def find_dead_ends(exploration: Exploration) -> tuple[DeadEnd, ...] | None:
    """Find one dead end for each way to be stuck at a step, and one for each set of steps without a way out.

    None where there is too much to look at.
    """
    ends = [number for number in range(len(exploration.states)) if exploration.is_ended(number)]
    lost = LostCases(runs_of(exploration), ends, exploration.step_of)
    try:
        return (
            *lost.find_stuck_cases(lambda number: find_awaited_test(exploration, number)),
            *lost.find_circling_cases(),
        )
    except Undecided:
        return None


def can_always_end(exploration: Exploration) -> bool:
    """Whether a case can end from every state, whatever limits are used up."""
    ends = [number for number in range(len(exploration.states)) if exploration.is_ended(number)]
    return not LostCases(runs_of(exploration), ends, exploration.step_of).inside


def find_awaited_test(exploration: Exploration, number: int) -> Test | None:
    """Find the first test of other cases that alone keeps a move of the state's step closed."""
    model, state = exploration.model, exploration.states[number]
    facts = AbstractFacts(model.shape, model.places, state)
    step = model.version.steps[exploration.step_of(number)]
    if any(edge.target != number and not _is_reopening(edge) for edge in exploration.edges[number]):
        return None  # it is a limit that keeps it
    for action in (*step.then, *step.actions.values()):
        for tests in action.when.alternatives if action.when else ():
            missed = [test for test in tests if not single_test_holds(test, facts)]
            if missed and all(test.kind in ("group", "case") for test in missed):
                return missed[0]
    return None


def _is_reopening(edge: Edge) -> bool:
    return edge.label.kind == "child" and edge.label.limited


def _classify_alike(number: int) -> Hashable:
    return None


class LostCases:
    """Find the places that only limited moves lead out of to one of ``ends``, with the counters of those moves."""

    def __init__(self, runs: Runs, ends: Iterable[int], step: Callable[[int], str]) -> None:
        self.runs, self.step, self.order = runs, step, runs.order
        self.safe = graph.find_ancestors(runs.edges, ends, self._can_always_be_taken)
        self.inside = [number for number in range(len(runs.edges)) if number not in self.safe]
        rules = {e.label.rule for number in self.inside for e in runs.edges[number]}
        self.rules = sorted(rules & runs.limits.keys())
        self.most = tuple(runs.limits[rule] for rule in self.rules)
        self.place_of = {rule: place for place, rule in enumerate(self.rules)}
        self._fates: dict[_At, str] = {}

    def _can_always_be_taken(self, edge: Edge) -> bool:
        """Whether the edge can be taken once every limit is used up."""
        return not edge.label.limited and not any(move.label.overflow for move in self.order.list_prior_edges(edge))

    def can_end(self, start: int) -> bool:
        """Whether a case can end from that place, with nothing used up."""
        return start in self.safe or self._decide_fate(self._build_case(start, {})) == "can end"

    # the two sorts

    def find_stuck_cases(self, sort: Callable[[int], Hashable] = _classify_alike) -> Iterator[DeadEnd]:
        """Find for each step and ``sort`` of being stuck there a shortest run to such a case."""
        numbers: dict[tuple[str, Hashable], set[int]] = {}
        for number in self.inside:
            if all(e.target == number or _is_reopening(e) or self._can_close(e) for e in self.runs.edges[number]):
                numbers.setdefault((self.step(number), sort(number)), set()).add(number)
        for (step, _), own in numbers.items():
            run = self._find_run_to_fate(own, "stuck")
            if run is not None:
                yield DeadEnd(run[-1].target, frozenset({step}), tuple(run))

    def find_circling_cases(self) -> Iterator[DeadEnd]:
        """Find for each set of steps that a case can only go round in a shortest run there, and a cycle."""
        remaining = set(self.inside)
        while remaining:
            run = self._find_run_to_fate(remaining, "going")
            if run is None:
                return
            counts = Counter(edge.label.rule for edge in run)
            after = self._list_reachable_cases(self._build_case(run[-1].target, counts))
            steps = frozenset(self.step(number) for number, _ in after)
            path, circle = self._find_path_and_cycle(list(after))
            yield DeadEnd(run[-1].target, steps, (*run, *path), tuple(circle))
            remaining -= {number for number in remaining if self.step(number) in steps}

    # one case with its counters

    def _can_close(self, edge: Edge) -> bool:
        return edge.label.rule in self.place_of or bool(self.order.list_prior_edges(edge))

    def _build_case(self, number: int, used: Used) -> _At:
        return number, tuple(min(most, used.get(rule, 0)) for rule, most in zip(self.rules, self.most, strict=True))

    def _list_next_cases(self, at: _At) -> Iterator[tuple[Edge, _At]]:
        """List what can happen to a case with these counters, where it changes anything but them."""
        number, counters = at
        used = dict(zip(self.rules, counters, strict=True))
        for edge in self.runs.edges[number]:
            if _is_reopening(edge) or self.order.find_forbidding_rule(edge, used, self.place_of) is not None:
                continue
            place = self.place_of.get(edge.label.rule)
            if place is None or edge.label.overflow:
                yield edge, (edge.target, counters)
            else:
                yield edge, (edge.target, (*counters[:place], counters[place] + 1, *counters[place + 1 :]))

    def _find_run_to_fate(self, goals: set[int], fate: str) -> list[Edge] | None:
        return find_counted_path(
            self.runs, goals, lambda number, used: self._decide_fate(self._build_case(number, used)) == fate, self.rules
        )

    def _decide_fate(self, start: _At) -> str:
        """Tell what becomes of a case: it ``can end``, is ``stuck``, may ``become stuck``, or is ``going`` for ever."""
        if start not in self._fates:
            after = self._list_reachable_cases(start)
            into: dict[_At, list[_At]] = {at: [] for at in after}
            leaving: list[_At] = []
            for at in after:
                for edge, next_case in self._list_next_cases(at) if at[0] not in self.safe else ():
                    into[next_case].append(at)
                    leaving += [at] if edge.target != at[0] else []
            ending = graph.find_ancestors_by(into.__getitem__, (at for at in after if at[0] in self.safe))
            moving = graph.find_ancestors_by(into.__getitem__, leaving)
            stuck = after.keys() - ending - moving
            becoming = graph.find_ancestors_by(into.__getitem__, stuck)
            for at in after:
                fate = "stuck" if at in stuck else "become stuck" if at in becoming else "going"
                self._fates[at] = "can end" if at in ending else fate
        return self._fates[start]

    def _list_reachable_cases(self, start: _At) -> dict[_At, None]:
        """List everything that a case can reach, nearest first; cases that can end are not followed."""
        reached = dict.fromkeys([start])
        todo = [start]
        for at in todo:
            if at[0] in self.safe:
                continue
            for _, next_case in self._list_next_cases(at):
                if next_case not in reached:
                    if len(reached) > compute_place_limit(len(self.rules)):
                        raise Undecided
                    reached[next_case] = None
                    todo.append(next_case)
        return reached

    def _find_path_and_cycle(self, after: Sequence[_At]) -> tuple[list[Edge], list[Edge]]:
        """Find a shortest path from the first of these cases, which only reach one another, to a cycle."""
        place_of = {at: place for place, at in enumerate(after)}
        edges = [
            [
                edge._replace(source=place, target=place_of[next_case])
                for edge, next_case in self._list_next_cases(at)
                if next_case != at
            ]
            for place, at in enumerate(after)
        ]
        component = graph.find_components(edges)
        inner = [e for listed in edges for e in listed if component[e.source] == component[e.target]]
        first = next((edge for edge in inner if edge.label.to), inner[0])
        circle = graph.find_cycle(edges, first, component)
        path = graph.find_shortest_path(edges, edges[0], {first.source}) or [] if first.source else []

        def renumber_edges(part: Sequence[Edge]) -> list[Edge]:
            return [e._replace(source=after[e.source][0], target=after[e.target][0]) for e in part]

        return renumber_edges(path), renumber_edges(circle)

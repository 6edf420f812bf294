"""Find runs that keep to every limit, by refining the search with the counters that matter (CEGAR).

States do not hold the counters of limits, so a run over the edges of an exploration may make a move more often than its
limit allows, take what follows a used-up limit (``then``) too early, or wait where an automatic move would happen. The
search first looks for a shortest run without counters; where the run breaks a limit, that limit is counted and the
search begins anew. A run that it returns is a shortest one of all that keep to every limit (counter-example guided
abstraction refinement: Clarke et al. 2000).
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from fujin_cli.core.explore import graph
from fujin_cli.core.explore.ladder_order import map_limited_predecessors
from fujin_cli.core.explore.limit_counters import Counters, Used
from fujin_cli.core.explore.reachability import Exploration, cache_per_exploration
from fujin_cli.core.explore.state import OF_LINKED_CASES, Edge
from fujin_cli.core.model.values import resolve_setting

MOST_LOOKED_AT = 200_000  # places, fewer where more is counted at each

Reached = Callable[[int, Used], bool]


class Undecided(Exception):
    """Raised where there are too many paths to look at all of them."""


@dataclass(frozen=True, eq=False)
class Runs:
    """Hold what runs are made of: the edges that leave each place, those that begin a run, and the limits.

    A product of cases with monitors is one too, as long as its edges keep the labels of the cases.
    """

    edges: Sequence[Sequence[Edge]]
    begins: Sequence[Edge]
    limits: Mapping[str, int]  # rule → how often its normal way can be taken
    instant: frozenset[str] = frozenset()  # groups whose cases can end before anything else happens
    ladders: Mapping[str, frozenset[str]] = field(default_factory=dict)  # rung → limited ones that come before it

    @cached_property
    def order(self) -> LimitOrder:
        """Which edges limits allow."""
        return LimitOrder(self)

    @cached_property
    def predecessors(self) -> list[list[int]]:
        """The predecessors of each place."""
        return graph.list_predecessors(self.edges)


@cache_per_exploration
def runs_of(exploration: Exploration) -> Runs:
    """Build the runs of an exploration, without edges that change nothing (a reminder)."""
    instant = frozenset(group.name for group in exploration.model.shape.groups if group.instant)
    ladders = {
        rule: rungs
        for step in exploration.model.version.steps.values()
        for rule, rungs in map_limited_predecessors(step, exploration.model.shape.office_hours).items()
    }
    edges = [[edge for edge in edges if not is_idle(edge)] for edges in exploration.edges]
    return Runs(edges, exploration.begins, limits_of(exploration), instant, ladders)


def is_idle(edge: Edge) -> bool:
    """Whether an edge neither leads to another place nor uses up a limit."""
    label = edge.label
    return edge.source == edge.target and label.to is None and not label.limited and not label.overflow


def limits_of(exploration: Exploration) -> dict[str, int]:
    """Map every rule with a limit to how often it can be made under the exploration's settings."""
    version, settings = exploration.model.version, exploration.model.shape.settings
    return {
        move.rule: int(resolve_setting(settings, move.limit)) for move in version.all_moves() if move.limit is not None
    }


class LimitOrder:
    """Decide which edges limits allow, by how often their rules were made.

    An automatic move happens as soon as it can, so until its limit is used up nothing else does; and a rung does not
    happen before an earlier one of its ladder that still can.
    """

    def __init__(self, runs: Runs) -> None:
        self.limits, self.instant, self.ladders = runs.limits, runs.instant, runs.ladders
        self._moves: dict[int, list[Edge]] = {}
        self._rungs: dict[int, list[Edge]] = {}
        first = frozenset().union(*runs.ladders.values())
        for edge in (edge for edges in runs.edges for edge in edges):
            if edge.label.kind == "move" and edge.label.rule in runs.limits:
                self._moves.setdefault(edge.source, []).append(edge)
            elif edge.label.rule in first:
                self._rungs.setdefault(edge.source, []).append(edge)

    def list_prior_edges(self, edge: Edge) -> list[Edge]:
        """List the automatic moves and the rungs of the same ladder that come before this edge while they can."""
        earlier = self.ladders.get(edge.label.rule)
        if earlier:
            rungs = [rung for rung in self._rungs.get(edge.source, ()) if rung.label.rule in earlier]
            return [*self._list_prior_moves(edge), *rungs]
        return self._list_prior_moves(edge)

    def _list_prior_moves(self, edge: Edge) -> list[Edge]:
        moves = self._moves.get(edge.source, [])
        label = edge.label
        if not moves or label.kind in OF_LINKED_CASES or (label.kind == "child" and label.group in self.instant):
            return []
        rules = list(dict.fromkeys(move.label.rule for move in moves))
        earlier = set(rules[: rules.index(label.rule)] if label.rule in rules else rules)
        return [move for move in moves if move.label.rule in earlier]

    def can_forbid(self, edge: Edge) -> bool:
        """Whether any limit can keep the edge from being taken."""
        return edge.label.rule in self.limits or edge.label.rule in self.ladders or edge.source in self._moves

    def find_forbidding_rule(self, edge: Edge, used: Used, counted: Container[str]) -> str | None:
        """Find the counted rule for which the edge cannot be taken now; None where it can be taken."""
        if edge.label.rule in counted and not self._is_allowed_by_own_limit(edge, used):
            return edge.label.rule
        rivals = (
            move
            for move in self.list_prior_edges(edge)
            if move.label.rule in counted and self._is_allowed_by_own_limit(move, used)
        )
        return next((move.label.rule for move in rivals), None)

    def _is_allowed_by_own_limit(self, edge: Edge, used: Used) -> bool:
        return (used.get(edge.label.rule, 0) >= self.limits[edge.label.rule]) == edge.label.overflow


def find_feasible_path(
    exploration: Exploration | Runs, goal: Callable[[int], bool] | Container[int], begins: Iterable[Edge] | None = None
) -> list[Edge] | None:
    """Find a shortest run to a place of ``goal`` that keeps to every limit; None where there is none.

    ``begins`` are the edges that a run may begin with (the openings, where left out), with nothing used up. Raises
    Undecided where there is too much to look at.
    """
    runs = exploration if isinstance(exploration, Runs) else runs_of(exploration)
    if begins is not None:
        runs = replace(runs, begins=list(begins))
    reached = goal if callable(goal) else goal.__contains__
    goals = {number for number in range(len(runs.edges)) if reached(number)}
    return find_counted_path(runs, goals)


def find_counted_path(
    runs: Runs, goals: Collection[int], when: Reached | None = None, watched: Iterable[str] = ()
) -> list[Edge] | None:
    """Find a feasible path to one of ``goals`` at which ``when`` holds.

    ``when`` is given the place, and how often each of the ``watched`` rules was made on the way.
    """
    useful = graph.find_ancestors_by(runs.predecessors.__getitem__, goals)
    order = runs.order
    counted = {rule: runs.limits[rule] for rule in watched}
    while True:
        path = _search_shortest_run(runs, goals, when, useful, counted, order)
        broken = None if path is None else find_breached_rule(path, order)
        if path is None or broken is None:
            return path
        counted = {**counted, broken: runs.limits[broken]}


def compute_place_limit(counters: int) -> int:
    """Limit how many places are looked at where each keeps so many counters: memory and time stay bounded."""
    return MOST_LOOKED_AT // (1 + counters // 8)


def find_breached_rule(run: Iterable[Edge], order: LimitOrder) -> str | None:
    """Find the first rule that a run makes too often, or that would have come before what the run does."""
    used: Counter[str] = Counter()
    for edge in run:
        rule = order.find_forbidding_rule(edge, used, order.limits)
        if rule is not None:
            return rule
        used[edge.label.rule] += 1
    return None


def find_feasible_lasso(
    exploration: Exploration | Runs,
    inside: Container[int],
    allowed: graph.Allowed = graph.is_any_edge,
    with_one: graph.Allowed = graph.is_any_edge,
) -> tuple[list[Edge], list[Edge]] | None:
    """Find a shortest run to a place where a case can go round for ever, and the cycle; None where there is none.

    The cycle keeps to places of ``inside`` and edges that are ``allowed``, makes no move that has a limit, takes what
    follows a used-up limit only where the run has used it up, and begins with an edge of ``with_one``. Raises
    Undecided.
    """
    runs = exploration if isinstance(exploration, Runs) else runs_of(exploration)
    cycles = _Cycles(runs, inside, allowed, with_one)
    watched = cycles.watched

    def find_used_up(used: Used) -> frozenset[str]:
        return frozenset(rule for rule in watched if used[rule] >= runs.limits[rule])

    goals = {number for number in range(len(runs.edges)) if number in inside}
    path = find_counted_path(runs, goals, lambda number, used: number in cycles.map_places(find_used_up(used)), watched)
    if path is None:
        return None
    return path, cycles.find_cycle(path[-1].target, find_used_up(Counter(edge.label.rule for edge in path)))


class _Cycles:
    """Find the cycles of a lasso, by which limits are used up."""

    def __init__(self, runs: Runs, inside: Container[int], allowed: graph.Allowed, with_one: graph.Allowed) -> None:
        self.runs, self.with_one, self.order = runs, with_one, runs.order
        self._cycles: dict[frozenset[str], tuple[list[list[Edge]], list[int], dict[int, Edge]]] = {}
        edges = [[edge for edge in leaving if edge.source in inside and allowed(edge)] for leaving in runs.edges]
        followed = [edge for leaving in edges for edge in leaving]
        before = {move.label.rule for edge in followed for move in self.order.list_prior_edges(edge)}
        self.watched = sorted(before | {edge.label.rule for edge in followed if edge.label.overflow})
        self._unlimited = [
            [edge for edge in leaving if not edge.label.limited and edge.target in inside] for leaving in edges
        ]

    def _select_free_edges(self, used_up: frozenset[str]) -> list[list[Edge]]:
        """Select the edges that a case can follow again and again once these limits are used up."""
        limits, used = self.runs.limits, {rule: self.runs.limits[rule] for rule in used_up}

        def is_free(edge: Edge) -> bool:
            return not self.order.can_forbid(edge) or self.order.find_forbidding_rule(edge, used, limits) is None

        return [list(filter(is_free, leaving)) for leaving in self._unlimited]

    def _find_cycle_edges(self, used_up: frozenset[str]) -> tuple[list[list[Edge]], list[int], dict[int, Edge]]:
        if used_up not in self._cycles:
            component = graph.find_components(free := self._select_free_edges(used_up))
            inner = (e for leaving in free for e in leaving if component[e.source] == component[e.target])
            turning = [edge for edge in inner if self.with_one(edge)]
            self._cycles[used_up] = free, component, {edge.source: edge for edge in reversed(turning)}
        return self._cycles[used_up]

    def map_places(self, used_up: frozenset[str]) -> Mapping[int, Edge]:
        """Map each place on a cycle to an edge of one."""
        return self._find_cycle_edges(used_up)[2]

    def find_cycle(self, place: int, used_up: frozenset[str]) -> list[Edge]:
        """Find a cycle through a place of ``map_places``."""
        free, component, edges = self._find_cycle_edges(used_up)
        return graph.find_cycle(free, edges[place], component)


_At = tuple[int, int]  # a place, and how often each counted rule was made on the way there


def _search_shortest_run(
    runs: Runs,
    goals: Collection[int],
    when: Reached | None,
    useful: Container[int],
    counted: Mapping[str, int],
    order: LimitOrder,
) -> list[Edge] | None:
    """Search breadth first for a shortest run that keeps to the limits in ``counted``."""
    counters = Counters(counted)
    weights, used = counters.weights, counters.unpack_counts
    most = compute_place_limit(len(counted))
    incoming: dict[_At, tuple[Edge, _At | None]] = {}
    todo: deque[_At | None] = deque([None])
    while todo:
        before = todo.popleft()
        number = before[1] if before else 0
        for edge in runs.edges[before[0]] if before else runs.begins:
            target, label = edge.target, edge.label
            if target not in useful:
                continue
            weight = weights.get(label.rule)
            at = (target, number if weight is None or label.overflow else number + weight)
            if at in incoming or (
                weights and order.can_forbid(edge) and order.find_forbidding_rule(edge, used(number), counted)
            ):
                continue
            incoming[at] = (edge, before)
            if len(incoming) > most:
                raise Undecided
            if target in goals and (when is None or when(target, used(at[1]))):
                return _rebuild_path(incoming, at)
            todo.append(at)
    return None


def _rebuild_path(incoming: Mapping[_At, tuple[Edge, _At | None]], last: _At) -> list[Edge]:
    path: list[Edge] = []
    at: _At | None = last
    while at is not None:
        edge, at = incoming[at]
        path.append(edge)
    return path[::-1]

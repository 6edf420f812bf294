"""Runs that keep to every limit.

The explorer leaves the counters of limits out of its states, so a run over its edges may make a move more often than
its limit allows, take what follows a used-up limit (``then``) too early, or wait where a move that nobody makes would
happen. Here the counters are kept, and only those that matter: a shortest run is looked for without any; where it
breaks a limit, that limit is counted and the search begins anew. A run found so is a shortest one of all that keep to
every limit.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from fujin_cli.core.explore import graph
from fujin_cli.core.explore.ladder_order import limited_predecessors
from fujin_cli.core.explore.limit_counters import Counters, Used
from fujin_cli.core.explore.reachability import Exploration, once
from fujin_cli.core.explore.state import Edge
from fujin_cli.core.model.values import setting_value

MOST_LOOKED_AT = 200_000  # places, fewer where more is counted at each

Reached = Callable[[int, Used], bool]


class Undecided(Exception):
    """Too many ways to look at all of them."""


@dataclass(frozen=True, eq=False)
class Runs:
    """What runs are made of: the edges that leave each place, those that begin a run, and how often rules may happen.

    A product of cases with something else is one too, as long as its edges keep the labels of the cases'.
    """

    ways: Sequence[Sequence[Edge]]
    begins: Sequence[Edge]
    limits: Mapping[str, int]  # rule → how often its normal way can be taken
    instant: frozenset[str] = frozenset()  # groups whose cases can end before anything else happens
    ladders: Mapping[str, frozenset[str]] = field(default_factory=dict)  # rung → limited ones that come before it

    @cached_property
    def order(self) -> LimitOrder:
        """Which edges limits allow."""
        return LimitOrder(self)

    @cached_property
    def into(self) -> list[list[int]]:
        """For each place those that an edge leads from to it."""
        return graph.list_predecessors(self.ways)


@once
def runs_of(found: Exploration) -> Runs:
    """The runs of an exploration, without what leaves everything as it is (a reminder): that leads nowhere."""
    instant = frozenset(group.name for group in found.model.shape.groups if group.instant)
    ladders = {
        rule: rungs for step in found.model.version.steps.values() for rule, rungs in limited_predecessors(step).items()
    }
    ways = [[edge for edge in edges if not idle(edge)] for edges in found.edges]
    return Runs(ways, found.begins, limits_of(found), instant, ladders)


def idle(edge: Edge) -> bool:
    """Whether an edge neither leads to another place nor uses up a limit."""
    label = edge.label
    return edge.source == edge.target and label.to is None and not label.limited and not label.overflow


def limits_of(found: Exploration) -> dict[str, int]:
    """Every rule with a limit and how often its normal way can be taken, under the exploration's settings."""
    version, settings = found.model.version, found.model.shape.settings
    return {
        move.rule: int(setting_value(settings, move.limit)) for move in version.all_moves() if move.limit is not None
    }


class LimitOrder:
    """Which edge limits allow, by how often their rules were made.

    A move that nobody makes happens as soon as it can, so while its limit is not used up nothing else does; and a rung
    does not happen before an earlier one of its ladder that still can.
    """

    def __init__(self, runs: Runs) -> None:
        self.limits, self.instant, self.ladders = runs.limits, runs.instant, runs.ladders
        self._moves: dict[int, list[Edge]] = {}
        self._rungs: dict[int, list[Edge]] = {}
        first = frozenset().union(*runs.ladders.values())
        for edge in (edge for edges in runs.ways for edge in edges):
            if edge.label.kind == "move" and edge.label.rule in runs.limits:
                self._moves.setdefault(edge.source, []).append(edge)
            elif edge.label.rule in first:
                self._rungs.setdefault(edge.source, []).append(edge)

    def before(self, edge: Edge) -> list[Edge]:
        """The moves, and rungs of the same ladder, of other rules that come before this edge where they can happen."""
        earlier = self.ladders.get(edge.label.rule)
        if earlier:
            rungs = [rung for rung in self._rungs.get(edge.source, ()) if rung.label.rule in earlier]
            return [*self._moves_before(edge), *rungs]
        return self._moves_before(edge)

    def _moves_before(self, edge: Edge) -> list[Edge]:
        moves = self._moves.get(edge.source, [])
        label = edge.label
        if not moves or label.kind == "other-ended" or (label.kind == "child" and label.group in self.instant):
            return []
        rules = list(dict.fromkeys(move.label.rule for move in moves))
        earlier = set(rules[: rules.index(label.rule)] if label.rule in rules else rules)
        return [move for move in moves if move.label.rule in earlier]

    def looks_at(self, edge: Edge) -> bool:
        """Whether any limit can keep the edge from being taken."""
        return edge.label.rule in self.limits or edge.label.rule in self.ladders or edge.source in self._moves

    def forbids(self, edge: Edge, used: Used, counted: Container[str]) -> str | None:
        """The rule for which the edge cannot be taken now, of those that are counted; None where it can."""
        if edge.label.rule in counted and not self._open(edge, used):
            return edge.label.rule
        rivals = (move for move in self.before(edge) if move.label.rule in counted and self._open(move, used))
        return next((move.label.rule for move in rivals), None)

    def _open(self, edge: Edge, used: Used) -> bool:
        return (used.get(edge.label.rule, 0) >= self.limits[edge.label.rule]) == edge.label.overflow


def find_feasible_path(
    found: Exploration | Runs, goal: Callable[[int], bool] | Container[int], begins: Iterable[Edge] | None = None
) -> list[Edge] | None:
    """A shortest run to a place of ``goal`` that keeps to every limit; None where no such run leads there.

    ``begins`` are the edges that a run may begin with (the openings, where left out), with nothing used up. Raises
    Undecided where there is too much to look at.
    """
    runs = found if isinstance(found, Runs) else runs_of(found)
    if begins is not None:
        runs = replace(runs, begins=list(begins))
    reached = goal if callable(goal) else goal.__contains__
    goals = {number for number in range(len(runs.ways)) if reached(number)}
    return find_counted_path(runs, goals)


def find_counted_path(
    runs: Runs, goals: Collection[int], when: Reached | None = None, watched: Iterable[str] = ()
) -> list[Edge] | None:
    """``exact_way`` to one of ``goals`` where ``when`` holds of it and of how often the ``watched`` rules were made."""
    useful = graph.find_ancestors_by(runs.into.__getitem__, goals)
    order = runs.order
    counted = {rule: runs.limits[rule] for rule in watched}
    while True:
        way = _way(runs, goals, when, useful, counted, order)
        broken = None if way is None else find_breach(way, order)
        if way is None or broken is None:
            return way
        counted = {**counted, broken: runs.limits[broken]}


def place_limit(counters: int) -> int:
    """How many places are looked at where each keeps so many counters: memory and time stay bounded."""
    return MOST_LOOKED_AT // (1 + counters // 8)


def find_breach(way: Iterable[Edge], order: LimitOrder) -> str | None:
    """The first rule that a run makes though it cannot, or that would have come before what the run does."""
    used: Counter[str] = Counter()
    for edge in way:
        broken = order.forbids(edge, used, order.limits)
        if broken is not None:
            return broken
        used[edge.label.rule] += 1
    return None


def find_feasible_lasso(
    found: Exploration | Runs,
    inside: Container[int],
    allowed: graph.Allowed = graph.any_edge,
    with_one: graph.Allowed = graph.any_edge,
) -> tuple[list[Edge], list[Edge]] | None:
    """A shortest run to a place where a case can go round for ever, and the round; None where there is none.

    The round keeps to places of ``inside`` and edges that are ``allowed``, makes no move that has a limit, takes what
    follows a used-up limit only where the run has used it up, and begins with an edge of ``with_one``. Raises
    Undecided.
    """
    runs = found if isinstance(found, Runs) else runs_of(found)
    rounds = _Rounds(runs, inside, allowed, with_one)
    watched = rounds.watched

    def used_up(used: Used) -> frozenset[str]:
        return frozenset(rule for rule in watched if used[rule] >= runs.limits[rule])

    goals = {number for number in range(len(runs.ways)) if number in inside}
    way = find_counted_path(runs, goals, lambda number, used: number in rounds.places(used_up(used)), watched)
    if way is None:
        return None
    return way, rounds.round(way[-1].target, used_up(Counter(edge.label.rule for edge in way)))


class _Rounds:
    """Where a case can go round for ever, by which limits are used up."""

    def __init__(self, runs: Runs, inside: Container[int], allowed: graph.Allowed, with_one: graph.Allowed) -> None:
        self.runs, self.inside, self.allowed, self.with_one = runs, inside, allowed, with_one
        self._known: dict[frozenset[str], tuple[list[int], dict[int, Edge]]] = {}
        self.order = runs.order
        edges = [edge for listed in runs.ways for edge in listed if edge.source in inside and allowed(edge)]
        before = {move.label.rule for edge in edges for move in self.order.before(edge)}
        self.watched = sorted({edge.label.rule for edge in edges if edge.label.overflow} | before)

    def _free(self, used_up: frozenset[str]) -> graph.Allowed:
        used = {rule: self.runs.limits[rule] for rule in used_up}

        def free(edge: Edge) -> bool:
            if edge.label.limited or edge.source not in self.inside or edge.target not in self.inside:
                return False
            return self.allowed(edge) and self.order.forbids(edge, used, self.runs.limits) is None

        return free

    def _looked(self, used_up: frozenset[str]) -> tuple[list[int], dict[int, Edge]]:
        if used_up not in self._known:
            free = self._free(used_up)
            component = graph.find_components(self.runs.ways, free)
            inner = (e for listed in self.runs.ways for e in listed if component[e.source] == component[e.target])
            turning = [edge for edge in inner if free(edge) and self.with_one(edge)]
            self._known[used_up] = component, {edge.source: edge for edge in reversed(turning)}
        return self._known[used_up]

    def places(self, used_up: frozenset[str]) -> Mapping[int, Edge]:
        """Each place on a round, with an edge of one."""
        return self._looked(used_up)[1]

    def round(self, place: int, used_up: frozenset[str]) -> list[Edge]:
        """A round through a place of ``places``."""
        component, edges = self._looked(used_up)
        return graph.find_cycle(self.runs.ways, edges[place], component, self._free(used_up))


_At = tuple[int, int]  # a place, and how often each counted rule was made on the way there


def _way(
    runs: Runs,
    goals: Collection[int],
    when: Reached | None,
    useful: Container[int],
    counted: Mapping[str, int],
    order: LimitOrder,
) -> list[Edge] | None:
    """A shortest run that keeps to the limits in ``counted``."""
    counters = Counters(counted)
    weights, used = counters.weights, counters.used
    most = place_limit(len(counted))
    came: dict[_At, tuple[Edge, _At | None]] = {}
    todo: deque[_At | None] = deque([None])
    while todo:
        before = todo.popleft()
        number = before[1] if before else 0
        for edge in runs.ways[before[0]] if before else runs.begins:
            target, label = edge.target, edge.label
            if target not in useful:
                continue
            weight = weights.get(label.rule)
            at = (target, number if weight is None or label.overflow else number + weight)
            if at in came or (weights and order.looks_at(edge) and order.forbids(edge, used(number), counted)):
                continue
            came[at] = (edge, before)
            if len(came) > most:
                raise Undecided
            if target in goals and (when is None or when(target, used(at[1]))):
                return _walked(came, at)
            todo.append(at)
    return None


def _walked(came: Mapping[_At, tuple[Edge, _At | None]], last: _At) -> list[Edge]:
    way: list[Edge] = []
    at: _At | None = last
    while at is not None:
        edge, at = came[at]
        way.append(edge)
    return way[::-1]

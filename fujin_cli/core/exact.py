"""Runs that keep to every limit.

The explorer leaves the counters of limits out of its states, so a run over its edges may make a move more often than
its limit allows, or take what follows a used-up limit (``then``) too early. Here the counters are kept, and only those
that matter: a shortest run is looked for without any; where it breaks a limit, that limit is counted and the search
begins anew. A run found so is a shortest one of all that keep to every limit.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from fujin_cli.core import graph
from fujin_cli.core.explore import Exploration
from fujin_cli.core.explore_state import Edge
from fujin_cli.core.forestalling import Forestalling
from fujin_cli.core.procedure import Action, Rung

MOST_LOOKED_AT = 200_000

Used = Mapping[str, int]  # rule → how often it was made, no further than its limit
Needs = Callable[[Edge], Iterable[tuple[str, bool]]]  # limited rules, and whether each must be used up already
Reached = Callable[[int, Used], bool]


class Undecided(Exception):
    """Too many ways to look at all of them."""


@dataclass(frozen=True, slots=True)
class Runs:
    """What runs are made of: the edges that leave each place, those that begin a run, and how often rules may happen.

    A product of cases with something else is one too, as long as its edges keep the labels of the cases'.
    """

    ways: Sequence[Sequence[Edge]]
    begins: Sequence[Edge]
    limits: Mapping[str, int]  # rule → how often its normal way can be taken
    needs: Needs = lambda edge: ()  # what else an edge asks of counters, beyond its own rule's limit


def runs_of(found: Exploration) -> Runs:
    """The runs of an exploration."""
    return Runs(found.edges, found.begins, limits_of(found), Forestalling(found))


def limits_of(found: Exploration) -> dict[str, int]:
    """Every rule with a limit and how often its normal way can be taken, under the exploration's settings."""
    law, settings = found.model.law, found.model.shape.settings
    rungs = [rung for step in law.steps.values() for rung in step.ladder]
    moves: list[Action | Rung] = [*(action for _, action in law.all_actions()), *rungs]
    return {move.rule: int(settings.get(move.limit, move.limit)) for move in moves if move.limit is not None}


def exact_way(
    found: Exploration | Runs, goal: Callable[[int], bool] | Container[int], begins: Iterable[Edge] | None = None
) -> list[Edge] | None:
    """A shortest run to a place of ``goal`` that keeps to every limit; None where no such run leads there.

    ``begins`` are the edges that a run may begin with (the openings, where left out), with nothing used up. Raises
    Undecided where there is too much to look at.
    """
    runs = found if isinstance(found, Runs) else runs_of(found)
    if begins is not None:
        runs = Runs(runs.ways, list(begins), runs.limits, runs.needs)
    reached = goal if callable(goal) else goal.__contains__
    goals = {number for number in range(len(runs.ways)) if reached(number)}
    return counted_way(runs, goals)


def counted_way(
    runs: Runs, goals: Collection[int], when: Reached | None = None, watched: Iterable[str] = ()
) -> list[Edge] | None:
    """``exact_way`` to one of ``goals`` where ``when`` holds of it and of how often the ``watched`` rules were made."""
    useful = graph.leading_to(runs.ways, goals)
    counted = {rule: runs.limits[rule] for rule in watched}
    while True:
        way = _way(runs, goals, when, useful, counted)
        broken = None if way is None else breach(way, runs.limits, runs.needs)
        if way is None or broken is None:
            return way
        counted = {**counted, broken: runs.limits[broken]}


def breach(way: Iterable[Edge], limits: Mapping[str, int], needs: Needs = lambda edge: ()) -> str | None:
    """The first rule that a run makes more often than its limit allows, whose ``then`` it takes too early, or which
    would have happened by itself before an event of the run.
    """
    used: dict[str, int] = {}
    for edge in way:
        for first, used_up in needs(edge):
            if (used.get(first, 0) >= limits[first]) != used_up:
                return first
        rule = edge.label.rule
        if rule not in limits:
            continue
        if (used.get(rule, 0) >= limits[rule]) != edge.label.overflow:
            return rule
        used[rule] = used.get(rule, 0) + 1
    return None


def exact_lasso(
    found: Exploration | Runs,
    inside: Container[int],
    allowed: graph.Allowed = graph.every,
    with_one: graph.Allowed = graph.every,
) -> tuple[list[Edge], list[Edge]] | None:
    """A shortest run to a place where a case can go round for ever, and the round; None where there is none.

    The round keeps to places of ``inside`` and edges that are ``allowed``, makes no move that has a limit, takes what
    follows a used-up limit only where the run has used it up, and begins with an edge of ``with_one``. Raises
    Undecided.
    """
    runs = found if isinstance(found, Runs) else runs_of(found)
    overflowing = sorted(
        {e.label.rule for listed in runs.ways for e in listed if e.label.overflow and e.source in inside}
    )
    rounds = _Rounds(runs, inside, allowed, with_one)
    way = counted_way(
        runs,
        set(rounds.places(frozenset(overflowing))),
        lambda number, used: number in rounds.places(frozenset(r for r in overflowing if used[r] >= runs.limits[r])),
        overflowing,
    )
    if way is None:
        return None
    made = Counter(edge.label.rule for edge in way)
    return way, rounds.round(way[-1].target, frozenset(r for r in overflowing if made[r] >= runs.limits[r]))


class _Rounds:
    """Where a case can go round for ever, by which limits are used up."""

    def __init__(self, runs: Runs, inside: Container[int], allowed: graph.Allowed, with_one: graph.Allowed) -> None:
        self.runs, self.inside, self.allowed, self.with_one = runs, inside, allowed, with_one
        self._known: dict[frozenset[str], tuple[list[int], dict[int, Edge]]] = {}

    def _free(self, used_up: frozenset[str]) -> graph.Allowed:
        def free(edge: Edge) -> bool:
            label = edge.label
            if label.limited or (label.overflow and label.rule not in used_up):
                return False
            return edge.source in self.inside and edge.target in self.inside and self.allowed(edge)

        return free

    def _looked(self, used_up: frozenset[str]) -> tuple[list[int], dict[int, Edge]]:
        if used_up not in self._known:
            free = self._free(used_up)
            component = graph.components(self.runs.ways, free)
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
        return graph.round_trip(self.runs.ways, edges[place], component, self._free(used_up))


_At = tuple[int, tuple[int, ...]]  # a place, and how often each counted rule was made on the way there


def _way(
    runs: Runs, goals: Collection[int], when: Reached | None, useful: Container[int], counted: Mapping[str, int]
) -> list[Edge] | None:
    """A shortest run that keeps to the limits in ``counted``."""
    most = tuple(counted.values())
    place_of = {rule: place for place, rule in enumerate(counted)}
    came: dict[_At, tuple[Edge, _At | None]] = {}
    todo: deque[tuple[Edge, _At | None]] = deque((edge, None) for edge in runs.begins)
    while todo:
        edge, before = todo.popleft()
        used = before[1] if before else (0,) * len(most)
        after = _after(edge, used, place_of.get(edge.label.rule), most)
        if most and any((used[p] >= most[p]) != up for r, up in runs.needs(edge) if (p := place_of.get(r)) is not None):
            continue
        if after is None or edge.target not in useful or (edge.target, after) in came:
            continue
        at = (edge.target, after)
        came[at] = (edge, before)
        if len(came) > MOST_LOOKED_AT:
            raise Undecided
        if edge.target in goals and (when is None or when(edge.target, dict(zip(counted, after, strict=True)))):
            return _walked(came, at)
        todo.extend((follower, at) for follower in runs.ways[edge.target])
    return None


def _after(edge: Edge, used: tuple[int, ...], place: int | None, most: tuple[int, ...]) -> tuple[int, ...] | None:
    """The counters after an edge; None where they do not allow it."""
    if place is None:
        return used
    if (used[place] >= most[place]) != edge.label.overflow:
        return None
    if edge.label.overflow:
        return used
    return (*used[:place], used[place] + 1, *used[place + 1 :])


def _walked(came: Mapping[_At, tuple[Edge, _At | None]], last: _At) -> list[Edge]:
    way: list[Edge] = []
    at: _At | None = last
    while at is not None:
        edge, at = came[at]
        way.append(edge)
    return way[::-1]

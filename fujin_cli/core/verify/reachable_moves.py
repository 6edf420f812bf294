"""Which steps and moves are possible once limits are counted: what follows a limit that nobody can use up is not."""

from __future__ import annotations

from collections.abc import Mapping

from fujin_cli.core.explore.feasible_paths import Runs, Undecided, find_counted_path, runs_of
from fujin_cli.core.explore.reachability import Exploration, once
from fujin_cli.core.explore.state import Edge


@once
def reachable_steps(found: Exploration) -> frozenset[str]:
    """Every step that some run within the limits comes to; one that is too much to decide counts as possible."""
    known = {found.step(number) for number, used in enumerate(_first_ways(found)) if used is not None}
    doubtful: dict[str, list[int]] = {}
    for number in range(len(found.states)):
        if found.step(number) not in known:
            doubtful.setdefault(found.step(number), []).append(number)
    runs = runs_of(found)
    return frozenset(known | {step for step, numbers in doubtful.items() if _reached(runs, numbers)})


@once
def reachable_rules(found: Exploration) -> frozenset[str]:
    """Every move and rung that happens in some run within the limits, whether its normal way or what follows it."""
    runs = runs_of(found)
    order = runs.order
    ways = _first_ways(found)
    known: set[str] = set()
    doubtful: dict[str, list[Edge]] = {}
    for edge in (edge for edges in found.edges for edge in edges):
        used = ways[edge.source]
        if used is not None and order.forbids(edge, used, order.limits) is None:
            known.add(edge.label.rule)
        else:
            doubtful.setdefault(edge.label.rule, []).append(edge)
    return frozenset(known | {rule for rule, edges in doubtful.items() if rule not in known and _made(runs, edges)})


def reachable_overflows(found: Exploration) -> frozenset[str]:
    """Every move and rung of which what follows its used-up limit happens in some run within the limits."""
    over: dict[str, list[Edge]] = {}
    for edge in (edge for edges in found.edges for edge in edges):
        if edge.label.overflow:
            over.setdefault(edge.label.rule, []).append(edge)
    return frozenset(rule for rule, edges in over.items() if _made(runs_of(found), edges))


@once
def _first_ways(found: Exploration) -> list[Mapping[str, int] | None]:
    """For each state how often its first way makes limited moves; None where that way breaks a limit."""
    order = runs_of(found).order
    ways: list[Mapping[str, int] | None] = []
    for edge in found.first:  # in the order in which states were found, so that the source is known
        used = ways[edge.source] if edge.source >= 0 else {}
        rule = edge.label.rule
        if used is None or order.forbids(edge, used, order.limits) is not None:
            ways.append(None)
        else:
            ways.append({**used, rule: used.get(rule, 0) + 1} if rule in order.limits else used)
    return ways


def _reached(runs: Runs, numbers: list[int]) -> bool:
    try:
        return find_counted_path(runs, set(numbers)) is not None
    except Undecided:
        return True


def _made(runs: Runs, edges: list[Edge]) -> bool:
    """Whether one of these edges, all of one rule, can be taken."""
    at: dict[int, list[Edge]] = {}
    for edge in edges:
        at.setdefault(edge.source, []).append(edge)
    order = runs.order
    rules = {rule for edge in edges for rule in (edge.label.rule, *(move.label.rule for move in order.before(edge)))}
    watched = sorted(rules & runs.limits.keys())
    try:
        way = find_counted_path(
            runs,
            at.keys(),
            lambda number, used: any(order.forbids(edge, used, watched) is None for edge in at[number]),
            watched,
        )
    except Undecided:
        return True
    return way is not None

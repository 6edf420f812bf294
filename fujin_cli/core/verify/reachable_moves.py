"""Find the steps and moves that runs reach within the limits: nothing follows a limit that cannot be used up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from fujin_cli.core.explore.feasible_paths import Runs, Undecided, find_counted_path, runs_of
from fujin_cli.core.explore.reachability import Exploration, cache_per_exploration
from fujin_cli.core.explore.state import Edge


@cache_per_exploration
def find_reachable_steps(exploration: Exploration) -> frozenset[str]:
    """Find every step that some run within the limits reaches; undecided ones count as reachable."""
    reached = {
        exploration.step_of(number) for number, used in enumerate(_count_first_paths(exploration)) if used is not None
    }
    doubtful: dict[str, list[int]] = {}
    for number in range(len(exploration.states)):
        if exploration.step_of(number) not in reached:
            doubtful.setdefault(exploration.step_of(number), []).append(number)
    runs = runs_of(exploration)
    return frozenset(reached | {step for step, numbers in doubtful.items() if _can_be_reached(runs, numbers)})


@cache_per_exploration
def find_reachable_rules(exploration: Exploration) -> frozenset[str]:
    """Find every move and rung that happens in some run within the limits, before or after its own limit."""
    runs = runs_of(exploration)
    order = runs.order
    paths = _count_first_paths(exploration)
    taken: set[str] = set()
    doubtful: dict[str, list[Edge]] = {}
    for edge in (edge for edges in exploration.edges for edge in edges):
        used = paths[edge.source]
        if used is not None and order.find_forbidding_rule(edge, used, order.limits) is None:
            taken.add(edge.label.rule)
        else:
            doubtful.setdefault(edge.label.rule, []).append(edge)
    return frozenset(
        taken | {rule for rule, edges in doubtful.items() if rule not in taken and _can_be_taken(runs, edges)}
    )


def find_reachable_overflows(exploration: Exploration) -> frozenset[str]:
    """Find every move and rung whose branch after the limit happens in some run within the limits."""
    over: dict[str, list[Edge]] = {}
    for edge in (edge for edges in exploration.edges for edge in edges):
        if edge.label.overflow:
            over.setdefault(edge.label.rule, []).append(edge)
    return frozenset(rule for rule, edges in over.items() if _can_be_taken(runs_of(exploration), edges))


@cache_per_exploration
def _count_first_paths(exploration: Exploration) -> list[Mapping[str, int] | None]:
    """Count for each state how often its first path makes limited moves; None where that path breaks a limit."""
    order = runs_of(exploration).order
    paths: list[Mapping[str, int] | None] = []
    for edge in exploration.first:  # in the order in which states were found, so that the source is known
        used = paths[edge.source] if edge.source >= 0 else {}
        rule = edge.label.rule
        if used is None or order.find_forbidding_rule(edge, used, order.limits) is not None:
            paths.append(None)
        else:
            paths.append({**used, rule: used.get(rule, 0) + 1} if rule in order.limits else used)
    return paths


def _can_be_reached(runs: Runs, numbers: list[int]) -> bool:
    try:
        return find_counted_path(runs, set(numbers)) is not None
    except Undecided:
        return True


def find_run_ending_with(runs: Runs, edges: Sequence[Edge]) -> tuple[Edge, ...] | None:
    """Find a shortest run within the limits that ends with one of these edges, which are all of one rule.

    Returns None where there is none. Raises Undecided where there is too much to look at.
    """
    by_source: dict[int, list[Edge]] = {}
    for edge in edges:
        by_source.setdefault(edge.source, []).append(edge)
    order = runs.order
    rules = {
        rule
        for edge in edges
        for rule in (edge.label.rule, *(move.label.rule for move in order.list_prior_edges(edge)))
    }
    limited = sorted(rules & runs.limits.keys())

    def list_allowed_edges(place: int, used: Mapping[str, int]) -> list[Edge]:
        return [edge for edge in by_source[place] if order.find_forbidding_rule(edge, used, limited) is None]

    path = find_counted_path(runs, by_source.keys(), lambda place, used: bool(list_allowed_edges(place, used)), limited)
    if path is None:
        return None
    return (*path, list_allowed_edges(path[-1].target, Counter(edge.label.rule for edge in path))[0])


def _can_be_taken(runs: Runs, edges: list[Edge]) -> bool:
    """Whether one of these edges, all of one rule, can be taken; too much to look at counts as yes."""
    try:
        return find_run_ending_with(runs, edges) is not None
    except Undecided:
        return True

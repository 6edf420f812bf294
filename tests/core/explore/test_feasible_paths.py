"""Runs that keep to every limit: as short as those found by keeping every counter, and none where there is none."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fujin_cli.core.explore import feasible_paths
from fujin_cli.core.explore.explorer import explore_all
from fujin_cli.core.explore.feasible_paths import (
    LimitOrder,
    Runs,
    Undecided,
    find_breached_rule,
    find_feasible_lasso,
    find_feasible_path,
    limits_of,
)
from fujin_cli.core.explore.graph import is_any_edge
from fujin_cli.core.explore.state import Edge, Label
from tests.support.generators.random_graphs import distances, goes_round, runs
from tests.support.small_town import procedure, town

LOOP = """
steps:
  one:
    owner: clerk
    within: 1 hour
    actions:
      on: {to: two, by: clerk}
  two:
    owner: clerk
    within: 1 hour
    actions:
      back: {to: one, by: clerk, limit: 2, then: three}
      out: {to: done, by: clerk}
  three:
    owner: clerk
    within: 1 hour
    actions:
      out: {to: done, by: clerk}
  done: {end: done}
"""


def check_run(given: Runs, way: list[Edge]) -> None:
    assert way[0] in given.begins
    assert all(edge in given.edges[edge.source] for edge in way[1:])
    assert all(one.target == other.source for one, other in pairwise(way))
    assert find_breached_rule(way, LimitOrder(given)) is None


@pytest.mark.slow
@given(runs(), st.integers(0, 6))
@settings(deadline=None, max_examples=1000)
def test_a_way_is_a_shortest_one_of_all_that_keep_to_the_limits(given: Runs, goal: int) -> None:
    way = find_feasible_path(given, {goal})
    expected = min((length for (place, _), length in distances(given).items() if place == goal), default=None)
    assert (None if way is None else len(way)) == expected
    if way is not None:
        check_run(given, way)
        assert way[-1].target == goal


@pytest.mark.no_cover
@pytest.mark.slow
@given(runs(), st.sets(st.integers(0, 6)), st.booleans(), st.booleans())
@settings(deadline=None, max_examples=1500)
def test_a_lasso_is_found_just_where_a_case_can_go_round_for_ever(
    given: Runs, out: set[int], strictly: bool, moving: bool
) -> None:
    inside = set(range(len(given.edges))) - out

    def moves(edge: Edge) -> bool:
        return edge.label.to is not None

    def turns(edge: Edge) -> bool:
        free = edge.label.overflow or not edge.label.limited
        return free and edge.source in inside and edge.target in inside and (moves(edge) or not strictly)

    one = moves if moving else is_any_edge
    found = find_feasible_lasso(given, inside, moves if strictly else is_any_edge, one)
    known = distances(given)
    lassos = [length for node, length in known.items() if goes_round(given, node, turns, one)]
    assert (found is None) == (not lassos)
    if found is not None:
        way, circle = found
        assert len(way) == min(lassos)
        check_run(given, [*way, *circle, *circle, *circle])
        assert circle[0].source == circle[-1].target == way[-1].target
        assert all(map(turns, circle)) and one(circle[0])


def test_what_follows_a_limit_comes_after_it_is_used_up() -> None:
    (found,) = explore_all(town(procedure(LOOP)).procedures).explorations["loop"]
    assert limits_of(found) == {"two.back": 2}
    way = find_feasible_path(found, lambda number: found.step_of(number) == "three")
    assert way is not None
    assert [edge.label.name for edge in way] == ["opened", "on", "back", "on", "back", "on", "back"]
    assert [edge.label.name for edge in found.find_path_to(way[-1].target)] == ["opened", "on", "back"]


def test_a_run_may_begin_elsewhere() -> None:
    (found,) = explore_all(town(procedure(LOOP)).procedures).explorations["loop"]
    two = next(number for number in range(len(found.states)) if found.step_of(number) == "two")
    way = find_feasible_path(found, lambda number: found.step_of(number) == "done", found.edges[two])
    assert [edge.label.name for edge in way or ()] == ["out"]


def test_what_is_too_much_to_look_at_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feasible_paths, "MOST_LOOKED_AT", 5)
    ways = [[Edge(place, place + 1, Label("action", "on", "on"), (), 0)] for place in range(9)]
    with pytest.raises(Undecided):
        find_feasible_path(Runs([*ways, []], [Edge(-1, 0, Label("opened", "opened"), (), 0)], {}), {9})

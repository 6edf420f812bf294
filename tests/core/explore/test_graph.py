"""Walks over graphs, against answers found by trying everything."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fujin_cli.core.explore import graph
from fujin_cli.core.explore.feasible_paths import Runs
from fujin_cli.core.explore.state import Edge
from tests.support.generators.random_graphs import runs

pytestmark = pytest.mark.slow


def free(edge: Edge) -> bool:
    return not edge.label.limited


def reached(given: Runs, start: int) -> set[int]:
    found = {start}
    for _ in given.edges:
        found |= {edge.target for place in found for edge in given.edges[place] if free(edge)}
    return found


@given(runs())
@settings(deadline=None, max_examples=500)
def test_places_share_a_component_just_where_each_reaches_the_other(given: Runs) -> None:
    component = graph.find_components(given.edges, free)
    reach = [reached(given, place) for place in range(len(given.edges))]
    for one in range(len(given.edges)):
        for other in range(len(given.edges)):
            assert (component[one] == component[other]) == (other in reach[one] and one in reach[other])


@given(runs(), st.sets(st.integers(0, 6)))
@settings(deadline=None, max_examples=300)
def test_what_leads_somewhere_and_what_follows(given: Runs, goal: set[int]) -> None:
    goal &= set(range(len(given.edges)))
    reach = [reached(given, place) for place in range(len(given.edges))]
    assert graph.find_ancestors(given.edges, goal, free) == {place for place, there in enumerate(reach) if there & goal}
    assert graph.find_descendants(given.edges, goal, free) == set().union(*(reach[place] for place in goal))


@given(runs())
@settings(deadline=None, max_examples=300)
def test_a_round_trip_comes_back_and_is_a_shortest_one(given: Runs) -> None:
    component = graph.find_components(given.edges, free)
    for edge in (edge for listed in given.edges for edge in listed if free(edge)):
        if component[edge.source] != component[edge.target]:
            continue
        trip = graph.find_cycle(given.edges, edge, component, free)
        assert trip[0] is edge and trip[-1].target == edge.source
        assert all(map(free, trip))
        assert len(trip) == 1 + distance(given, edge.target, edge.source)


def distance(given: Runs, start: int, goal: int) -> int:
    found, steps = {start}, 0
    while goal not in found:
        found |= {edge.target for place in found for edge in given.edges[place] if free(edge)}
        steps += 1
    return steps

"""What is proved is what runs: the engine never does what the explorer did not find, and does all that it found."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fujin_cli.core.explore.explorer import explore_all
from fujin_cli.core.explore.feasible_paths import LimitOrder, find_counted_path, runs_of
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.explore.state import Edge
from tests.core.cases.test_random_operations import Walk
from tests.core.verify.test_guarantees_in_the_engine import small  # noqa: F401  (procedures that are too large are left out)
from tests.support.abstract_cases import check_known
from tests.support.case_sandbox import CaseSandbox
from tests.support.generators.random_procedures import procedure_pairs
from tests.support.run_driver import Driver, Excluded
from tests.support.small_town import town
from tests.support.yaml_trees import city

pytestmark = pytest.mark.slow


@given(st.data())
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_the_engine_takes_no_edge_that_the_explorer_did_not_find(data: st.DataObject) -> None:
    walk = Walk(data.draw, data.draw(procedure_pairs()))
    proved = explore_all(walk.sandbox.workspace.procedures)
    walk.go()
    for case in walk.cases:
        name = walk.sandbox.replay_case(case).procedure
        if name in proved.explorations:
            check_known(proved.explorations[name][0], case, walk.sandbox.ledger.read(case))


def run_along(found: Exploration, edge: Edge) -> list[Edge] | None:
    """A shortest run within the limits that ends with the edge; None where limits never let it happen."""
    runs = runs_of(found)
    order = LimitOrder(runs)
    watched = sorted(
        {edge.label.rule, *(move.label.rule for move in order.list_prior_edges(edge))} & runs.limits.keys()
    )
    way = find_counted_path(
        runs, {edge.source}, lambda _, used: order.find_forbidding_rule(edge, used, watched) is None, watched
    )
    return None if way is None else [*way, edge]


@pytest.mark.hypothesis
def test_every_edge_that_the_explorer_finds_can_be_driven_through_the_engine() -> None:
    done: Counter[str] = Counter()

    @given(st.data())
    @settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
    def drive(data: st.DataObject) -> None:
        workspace = town(*data.draw(procedure_pairs()))
        proved = explore_all(workspace.procedures)
        if "loop" not in proved.explorations:
            return
        found = proved.explorations["loop"][0]
        edges = [edge for listed in found.edges for edge in listed]
        for _ in range(4 if edges else 0):
            run = run_along(found, edges[data.draw(st.integers(0, len(edges) - 1))])
            if run is None:
                continue
            try:
                Driver(CaseSandbox(workspace, community="C1"), proved).open(found, run)
                done["driven"] += 1
            except Excluded:
                done["excluded"] += 1

    drive()
    assert done["driven"] > done["excluded"]  # what abstraction leaves open is the smaller part


def test_the_shipped_procedures_are_explored_at_once() -> None:
    proved = explore_all(city().procedures)
    assert set(proved.explorations) == set(city().procedures)
    assert not proved.too_large and not proved.circular
    for name, listed in proved.explorations.items():
        for found in listed:
            reached = {found.step_of(number) for number in range(len(found.states))}
            assert reached == set(city().procedures[name].steps)

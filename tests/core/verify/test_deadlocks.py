"""Cases that no longer can end, against the answers found by keeping every counter."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fujin_cli.core.explore import feasible_paths
from fujin_cli.core.explore.explorer import explore_all
from fujin_cli.core.explore.feasible_paths import LimitOrder, Runs, find_breached_rule
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.explore.state import Edge
from fujin_cli.core.verify.deadlocks import LostCases, find_dead_ends
from tests.support.generators.random_graphs import Node, distances, following, runs
from tests.support.small_town import procedure, town


def relied_on(edge: Edge) -> bool:
    return not (edge.label.kind == "child" and edge.label.limited)


@pytest.mark.no_cover
@pytest.mark.slow
@given(runs(paired=True), st.sets(st.integers(0, 6), max_size=3))
@settings(deadline=None, max_examples=1500)
def test_dead_ends_are_those_that_trying_everything_finds(given: Runs, ends: set[int]) -> None:
    ends &= set(range(len(given.edges)))
    lost = LostCases(given, ends, str)
    stuck, rounds = list(lost.find_stuck_cases()), list(lost.find_circling_cases())
    after: dict[Node, set[Node]] = {at: following(given, at, relied_on) for at in distances(given)}
    dead = {at for at, there in after.items() if not any(place in ends for place, _ in there)}
    standing = {at for at in dead if all(place == at[0] for place, _ in after[at])}
    going = {at for at in dead if not after[at] & standing}
    assert sorted(end.number for end in stuck) == sorted({place for place, _ in standing})
    assert bool(rounds) == bool(going)
    covered = {step for end in rounds for step in end.steps}
    for at in going:
        if all(at in after[other] for other in after[at]):  # it can always come back to where it is
            assert str(at[0]) in covered
    for end in stuck:
        check_run(given, end.run, distances(given), standing)
    for end in rounds:
        check_round(given, end.run, end.circle, end.steps)


def check_run(given: Runs, run: tuple[Edge, ...], known: dict[Node, int], standing: set[Node]) -> None:
    place = run[-1].target
    assert all(one.target == other.source for one, other in pairwise(run))
    assert find_breached_rule(run, LimitOrder(given)) is None
    assert len(run) == min(known[at] for at in standing if at[0] == place)


def check_round(given: Runs, run: tuple[Edge, ...], circle: tuple[Edge, ...], steps: frozenset[str]) -> None:
    assert all(one.target == other.source for one, other in pairwise([*run, *circle, *circle]))
    assert find_breached_rule([*run, *circle, *circle, *circle], LimitOrder(given)) is None
    assert {str(edge.target) for edge in circle} <= steps
    assert any(edge.source != edge.target for edge in circle)


def explored(text: str) -> Exploration:
    (found,) = explore_all(town(procedure(text)).procedures).explorations["loop"]
    return found


def shown(run: tuple[Edge, ...]) -> list[str]:
    return [edge.label.name for edge in run]


USED_UP = """
steps:
  one:
    owner: clerk
    within: 1 hour
    actions:
      on: {to: two, by: clerk, limit: 2}
  two:
    owner: clerk
    within: 1 hour
    actions:
      back: {to: one, by: clerk}
      out: {to: done, by: clerk}
  done: {end: done}
"""


def test_a_case_is_stuck_once_what_leads_on_is_used_up() -> None:
    (end,) = find_dead_ends(explored(USED_UP)) or ()
    assert end.steps == {"one"}
    assert shown(end.run) == ["opened", "on", "back", "on", "back"]


def test_what_cannot_be_used_up_keeps_nobody() -> None:
    once = USED_UP.replace("      back: {to: one, by: clerk}\n", "")
    assert find_dead_ends(explored(once)) == ()
    bounded = USED_UP.replace("back: {to: one, by: clerk}", "back: {to: one, by: clerk, limit: 1}")
    assert find_dead_ends(explored(bounded)) == ()


def test_too_much_to_look_at_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feasible_paths, "MOST_LOOKED_AT", 1)
    assert find_dead_ends(explored(USED_UP)) is None

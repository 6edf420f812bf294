"""Merging values that nothing tells apart changes nothing but the number of states."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from fujin_cli.core.explore import explorer
from fujin_cli.core.explore.explorer import explore_all
from fujin_cli.core.explore.feasible_paths import Undecided
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.verify.deadlocks import find_dead_ends
from fujin_cli.core.verify.guarantees import Verdict, judge_guarantees
from fujin_cli.core.verify.reachable_moves import find_reachable_rules, find_reachable_steps
from fujin_cli.core.verify.unbounded_cycles import find_loops
from tests.core.verify.test_guarantees_in_the_engine import small  # noqa: F401  (procedures that are too large are left out)
from tests.core.verify.test_random_guarantees import promising
from tests.support.case_sandbox import CaseSandbox
from tests.support.generators.random_guarantees import Promise
from tests.support.run_driver import Driver, Excluded
from tests.support.small_town import procedure, town

GENERATE = (Phase.reuse, Phase.generate)
PAIRS = """
fields:
  agreed: {type: yes_no, optional: yes}
  paid: {type: yes_no, optional: yes}
  scope: {type: choice, of: [small, large], default: small}
steps:
  asking:
    actions:
      ask: {title: ask, to: deciding, by: clerk, needs: [agreed, paid]}
  deciding:
    actions:
      carry: {title: carry, to: closed, by: clerk, when: {agreed: yes, paid: yes}}
      drop: {title: drop, to: closed, by: clerk}
  closed: {title: closed, end: done}
"""


@pytest.fixture
def merging(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explorer, "MOST_UNMERGED_COMBINATIONS", 0)


@pytest.mark.no_cover
def test_values_that_the_only_guard_does_not_tell_apart_are_one_state(merging: None) -> None:
    (found,) = explore_all(town(procedure(PAIRS)).procedures).explorations["loop"]
    at = Counter(found.step_of(number) for number in range(len(found.states)))
    assert at == {"asking": 1, "deciding": 2, "closed": 1}  # the guard holds, or it does not


@pytest.mark.no_cover
def test_what_was_entered_stays_on_the_edge_for_the_shown_run(merging: None) -> None:
    (found,) = explore_all(town(procedure(PAIRS)).procedures).explorations["loop"]
    carried = next(edge for edges in found.edges for edge in edges if edge.label.name == "carry")
    asked = found.find_path_to(carried.source)[-1]
    assert dict(asked.data) == {"agreed": "yes", "paid": "yes"}


def summary(found: Exploration) -> Any:
    """What rules read of an exploration, as far as it does not count states."""
    dead_ends, loops = find_dead_ends(found), find_loops(found)
    return (
        find_reachable_steps(found),
        find_reachable_rules(found),
        None if dead_ends is None else {(sorted(end.steps)[0], bool(end.circle)) for end in dead_ends},
        None if loops is None else (bool(loops[0]), bool(loops[1])),
        {(verdict.guarantee.name, verdict.kind, *extent(verdict)) for verdict in judged(found)},
    )


def extent(verdict: Verdict) -> tuple[int, ...]:
    """How long the shown run is; a cycle may come back sooner where states are merged, as one child more or less."""
    return () if verdict.kind == "never fulfilled" else (len(verdict.run), verdict.turn)


def difference(first: Exploration, second: Exploration) -> dict[int, Any]:
    """The parts of two summaries that differ."""
    pairs = enumerate(zip(summary(first), summary(second), strict=True))
    return {place: pair for place, pair in pairs if pair[0] != pair[1]}


def judged(found: Exploration) -> Any:
    return judge_guarantees(found.model.version, [found])


@pytest.mark.no_cover
@pytest.mark.slow
@pytest.mark.hypothesis
def test_random_procedures_are_judged_alike_with_values_merged(monkeypatch: pytest.MonkeyPatch) -> None:
    done: Counter[str] = Counter()

    @given(promising())
    @settings(deadline=None, max_examples=80, phases=GENERATE, suppress_health_check=list(HealthCheck))
    def compare(made: tuple[list[Any], dict[str, Promise]]) -> None:
        procedures = town(*made[0]).procedures
        monkeypatch.setattr(explorer, "MOST_UNMERGED_COMBINATIONS", 10_000)
        apart = explore_all(procedures).explorations
        monkeypatch.setattr(explorer, "MOST_UNMERGED_COMBINATIONS", 0)
        merged = explore_all(procedures).explorations
        for name in apart.keys() & merged.keys():
            for first, second in zip(apart[name], merged[name], strict=True):
                assert len(second.states) <= len(first.states)
                done["smaller" if len(second.states) < len(first.states) else "equal"] += 1
                assert difference(first, second) == {}, made[0]

    compare()
    assert done["smaller"] > 20, done


@pytest.mark.no_cover
@pytest.mark.slow
@pytest.mark.hypothesis
def test_runs_through_merged_values_can_be_driven_through_the_engine(merging: None) -> None:
    done: Counter[str] = Counter()

    @given(st.data(), promising())
    @settings(deadline=None, max_examples=30, phases=GENERATE, suppress_health_check=list(HealthCheck))
    def drive(data: st.DataObject, made: tuple[list[Any], dict[str, Promise]]) -> None:
        workspace = town(*made[0])
        proved = explore_all(workspace.procedures)
        for verdict in judged(proved.explorations["loop"][0]) if "loop" in proved.explorations else ():
            if verdict.kind not in ("violated", "inevitably violated"):
                continue
            try:
                Driver(CaseSandbox(workspace, community="C1"), proved).open(proved.explorations["loop"][0], verdict.run)
                done["driven"] += 1
            except (Excluded, Undecided):
                done["excluded"] += 1

    drive()
    assert done["driven"] > done["excluded"], done

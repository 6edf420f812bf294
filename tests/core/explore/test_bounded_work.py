"""However many fields, groups, steps and settings a procedure has: it is decided or refused, after bounded work."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from fujin_cli.core.explore.explorer import Explored, explore_all
from fujin_cli.core.explore.reachability import MOST_STATES, MOST_WORK
from fujin_cli.core.explore.successors import Model
from fujin_cli.rules.registry import rules
from fujin_cli.rules.support.context import RuleContext
from tests.support.generators.random_large_procedures import LargeProcedure
from tests.support.large_procedures import child_groups, guarded_fields, read_in_pairs
from tests.support.small_town import town

GENERATE = (Phase.reuse, Phase.generate)  # shrinking takes minutes


def explored(trees: list[Any]) -> Explored:
    return explore_all(town(*trees).procedures)


@pytest.mark.no_cover
@pytest.mark.slow
@pytest.mark.parametrize(
    ("trees", "most"),
    [
        (read_in_pairs(), 100),  # 3¹² inputs, six guards: 2⁶ classes
        (read_in_pairs(every_pair=True), 5000),
        (read_in_pairs(key="may"), 5000),
        (guarded_fields(), 10_000),
        (guarded_fields(in_a_row=False), 7000),
        (child_groups(), 7000),
    ],
    ids=["pairs", "every pair", "pairs that may be entered", "fields in a row", "fields at once", "groups"],
)
def test_what_took_minutes_is_decided_with_few_states(trees: list[Any], most: int) -> None:
    found = explored(trees)
    assert not found.too_large
    assert len(found.explorations["loop"][0].states) < most


@pytest.mark.no_cover
@pytest.mark.slow
@pytest.mark.hypothesis
def test_random_large_procedures_are_decided_or_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    done: Counter[str] = Counter()
    followed = Model.list_successors

    def follow(model: Model, state: Any) -> Any:
        done["followed"] += 1
        return followed(model, state)

    monkeypatch.setattr(Model, "list_successors", follow)

    @given(st.randoms(use_true_random=False))
    @settings(deadline=None, max_examples=25, phases=GENERATE, suppress_health_check=list(HealthCheck))
    def judge(random: Any) -> None:
        workspace = town(*LargeProcedure(lambda *options: random.choice(options)).trees())
        done["followed"] = 0
        context = RuleContext(workspace, date(2026, 6, 1))
        found = context.explorations
        codes = {finding.code for rule in rules((3, 4)) for finding in rule.check(context)}
        assert done["followed"] <= 2 * MOST_STATES + 20
        distinct = {id(run.edges): run.edges for run in found.explorations.get("loop", ())}
        assert sum(len(leaving) for edges in distinct.values() for leaving in edges) <= MOST_WORK
        assert ("loop" in found.explorations) != ("loop" in found.too_large)
        assert ("FJ313" in codes) or not found.too_large
        done["refused" if found.too_large else "decided"] += 1

    judge()
    assert done["decided"] > 2 and done["refused"] > 2, done

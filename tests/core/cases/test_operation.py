"""An operation folds each case that it touches once, however often it looks at it."""

from __future__ import annotations

from collections import Counter

import pytest

from fujin_cli.core.cases import decide, timers
from fujin_cli.core.cases import evolve as evolving
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.event import Event
from fujin_cli.core.cases.operation import Advance
from tests.support.request_cases import COORDINATOR, INSPECTOR, OTHERS, finished, fujin, reported


@pytest.fixture
def folded(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often the first event of each case was folded again."""
    count: Counter[str] = Counter()
    evolve = evolving.evolve

    def counting(case: Case, event: Event) -> Case:
        count[case.id] += event.n == 1
        return evolve(case, event)

    monkeypatch.setattr(evolving, "evolve", counting)  # what `replay` calls; an operation's own events are not counted
    return count


def test_a_move_that_reaches_other_cases_folds_each_once(folded: Counter[str]) -> None:
    d = fujin()
    first = finished(d)
    follower = reported(d, OTHERS[0])
    d.do(follower, "merge", COORDINATOR, duplicate_of=first)
    folded.clear()
    command = Advance(first, "approve", INSPECTOR, code=d.code(first))
    d.run_operation(lambda operation: decide.advance_case(operation, command))
    assert folded == {first: 1, follower: 1}
    assert d.replay_case(follower).outcome == "merged"


def test_a_tick_folds_each_case_once(folded: Counter[str]) -> None:
    d = fujin()
    case = reported(d)
    folded.clear()
    d.later(days=30)
    assert len(d.run_operation(lambda operation: timers.tick(operation, case))) > 1
    assert folded == {case: 1}

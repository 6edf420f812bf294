"""An operation folds each case that it touches once, however often it looks at it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pytest

from fujin_cli.core.cases import operation
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.event import Event
from fujin_cli.core.cases.evolve import replay
from tests.support.case_sandbox import CaseSandbox
from tests.support.request_cases import COORDINATOR, INSPECTOR, OTHERS, finished, fujin, reported


@pytest.fixture
def folded(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each case was folded from its first event."""
    count: Counter[str] = Counter()

    def counting(case: str, events: Iterable[Event]) -> Case:
        count[case] += 1
        return replay(case, events)

    monkeypatch.setattr(operation, "replay", counting)
    return count


def test_a_move_that_reaches_other_cases_folds_each_once(folded: Counter[str]) -> None:
    d = fujin()
    first = finished(d)
    follower = reported(d, OTHERS[0])
    d.do(follower, "merge", COORDINATOR, duplicate_of=first)
    folded.clear()
    d.do(first, "approve", INSPECTOR, code=d.code(first))
    assert d.case(follower).outcome == "merged"
    assert folded == {first: 1, follower: 1}


def test_a_tick_folds_each_case_once(folded: Counter[str]) -> None:
    d: CaseSandbox = fujin()
    case = reported(d)
    folded.clear()
    assert len(d.later(days=30).tick(case)) > 1
    assert folded == {case: 1}

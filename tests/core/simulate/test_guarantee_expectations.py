"""What a scenario expects of guarantees: ``keeps`` and ``fulfils``."""

from __future__ import annotations

from typing import Any

import pytest

from fujin_cli.core.model.scenario_file import compile_scenario
from fujin_cli.core.simulate.expectations import check_scenario
from tests.core.verify.test_event_verdicts import TEXT
from tests.support.small_town import procedure, town

OUTSIDER = TEXT.replace("only: {close: clerk}", "only: {close: coordinator}")


def found(then: dict[str, Any], *actions: str, text: str = TEXT) -> list[str]:
    workspace = town(procedure(text))
    tree = {"scenario": "a", "procedure": "loop", "community": "C1", "when": list(actions), "then": then}
    findings = check_scenario(workspace, workspace.build_calendar(), compile_scenario(tree, "a.yaml"))
    return [f"{finding.code}: {finding.message}" for finding in findings]


@pytest.mark.parametrize(
    ("then", "actions", "expected"),
    [
        ({"keeps": "answered"}, ("ask", "answer", "close"), []),
        ({"keeps": "answered"}, ("ask",), []),
        ({"keeps": "answered"}, ("ask", "close"), ["FJ821: “answered” is violated by close (event 3)"]),
        ({"keeps": ["answered", "once"]}, ("ask", "ask", "answer"), ["FJ821: “once” is violated by ask (event 3)"]),
        ({"fulfils": "answered"}, ("ask",), ["FJ821: “answered” is still pending at the end of the run"]),
        ({"fulfils": "answered"}, ("ask", "answer"), []),
        ({"keeps": "unknown"}, ("ask",), ["FJ821: this procedure has no guarantee unknown"]),
    ],
)
def test_a_guarantee_is_judged_by_the_events_of_the_run(
    then: dict[str, Any], actions: tuple[str, ...], expected: list[str]
) -> None:
    assert found(then, *actions) == expected


def test_a_run_that_is_refused_violates_nothing_unless_more_is_expected() -> None:
    assert found({"keeps": "answered"}, "close", "answer") == []
    (refused,) = found({"keeps": "answered", "step": "done"}, "close", "answer")
    assert "this was refused" in refused


def test_somebody_else_who_may_act_violates_only() -> None:
    assert found({"keeps": "who"}, "ask") == []
    assert found({"keeps": "who"}, "ask", text=OUTSIDER) == ["FJ821: “who” can be violated by somebody else"]

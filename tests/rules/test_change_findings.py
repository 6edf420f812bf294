"""From two versions of a small procedure to the findings of family 6."""

from __future__ import annotations

from datetime import date

import pytest

from fujin_cli.core.findings.finding import Finding
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.versions.compare import Comparison, Side, compare_workspaces
from fujin_cli.rules.change_findings import BREAKING, findings_of_changes
from tests.support.small_town import procedure, town

OLD = """
fields: {reason: {type: text, optional: yes}}
steps:
  asked:
    owner: clerk
    within: 1 working day
    actions: {take: {to: doing, by: clerk}, drop: {to: done, by: clerk, tell: {reporter: answer}}}
  doing:
    owner: clerk
    within: 5 working days
    actions: {finish: {to: done, by: clerk, tell: {reporter: answer}}, wait: {by: clerk, limit: 2}}
  done: {end: done}
guarantees:
  told: {after: opened, eventually: {tells: reporter}}
"""


def compared(old: str, new: str) -> tuple[Comparison, list[Finding]]:
    before, after = (town(procedure(text)) for text in (old, new))
    found = compare_workspaces(before, after, date(2026, 6, 1))
    return found, findings_of_changes(found, side(before), side(after))


def side(workspace: Workspace) -> Side:
    return Side("x", workspace, lambda place: place)


def codes(old: str, new: str) -> list[str]:
    return [finding.code for finding in compared(old, new)[1]]


@pytest.mark.parametrize(
    ("change", "by", "expected"),
    [
        ("limit: 2", "limit: 2, title: pause", []),
        ("within: 5", "within: 6", []),
        ("limit: 2", "limit: 3", ["FJ613", "FJ608"]),
        ("limit: 2", "limit: 1", ["FJ603", "FJ605"]),
        ("drop: {to: done", "leave: {to: done", ["FJ605", "FJ608"]),
        ("by: clerk, tell: {reporter: answer}}, wait", "by: clerk}, wait", ["FJ604", "FJ612"]),
        ("  told: {after: opened, eventually: {tells: reporter}}", "  other: {eventually: {end: done}}", ["FJ611"]),
        ("take: {to: doing, by: clerk}", "take: {to: doing, by: clerk, needs: [reason]}", ["FJ605", "FJ606", "FJ608"]),
        ("finish: {to: done", "finish: {to: asked", ["FJ605", "FJ608"]),
    ],
)
def test_what_a_change_is_called(change: str, by: str, expected: list[str]) -> None:
    assert change in OLD
    assert codes(OLD, OLD.replace(change, by)) == expected


def test_a_step_from_which_nothing_ends() -> None:
    new = OLD.replace("finish: {to: done, by: clerk, tell: {reporter: answer}}", "finish: {to: doing, by: clerk}")
    found = codes(OLD, new)
    assert "FJ607" in found and "FJ604" in found


def test_a_new_name_that_is_said_is_no_loss() -> None:
    renamed = OLD.replace("doing", "working")
    assert "FJ608" not in codes(OLD, renamed)  # the actions are the same whatever the step is called
    difference = compared(OLD, renamed.replace("    within: 5", "    was: doing\n    within: 5"))[0].procedures[0]
    assert [(change.kind, change.part, change.was) for change in difference.changes] == [("renamed", "step", "doing")]
    assert difference.behaviour is not None
    assert [(v.step, v.verdict, v.targets) for v in difference.behaviour.steps] == [
        ("asked", "safe", ("asked",)),
        ("doing", "safe", ("working",)),
    ]


def test_the_run_shown_is_a_shortest_one_and_ends_with_what_is_refused() -> None:
    _, findings = compared(OLD, OLD.replace("limit: 2", "limit: 1"))
    [refused] = [finding for finding in findings if finding.code == "FJ605"]
    assert [str(step.text) for step in refused.trace] == [
        "asked: the case is opened",
        "asked: take by clerk",
        "doing: wait by clerk",
        "doing: wait by clerk",
    ]


def test_what_cannot_be_followed_is_said() -> None:
    circle = OLD.replace(
        "take: {to: doing, by: clerk}", "take: {to: doing, by: clerk, opens: {more: {procedure: loop}}}"
    )
    [finding] = compared(circle, circle.replace("within: 5", "within: 6"))[1]
    assert (finding.code, finding.severity) == ("FJ609", "error")


def test_a_removed_procedure_is_a_breaking_change() -> None:
    before, after = town(procedure(OLD)), town()
    comparison = compare_workspaces(before, after, date(2026, 6, 1))
    findings = findings_of_changes(comparison, side(before), side(after))
    assert [(finding.code, str(finding.place.path)) for finding in findings] == [("FJ610", "loop.yaml")]
    assert "FJ610" in BREAKING

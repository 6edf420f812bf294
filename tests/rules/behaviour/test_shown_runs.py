"""What findings about behaviour show: the shortest run, with who acts and the values that lead there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fujin_cli import language
from fujin_cli.core.explore import feasible_paths
from fujin_cli.core.findings.finding import Finding
from fujin_cli.rules.registry import check_all
from tests.support.golden_workspaces import TODAY, copy_base, findings_of, workspace_of
from tests.support.paths import TESTS


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = TESTS / "golden" / "malformed" / "101-loops-that-never-close"
    shutil.copytree(folder / "workflows", copy_base(tmp_path) / "workflows", dirs_exist_ok=True)
    return tmp_path


def laid(tmp_path: Path, folder: str) -> Path:
    """The tiny workspace with a malformed one laid over it."""
    workflows = TESTS / "golden" / "malformed" / folder / "workflows"
    shutil.copytree(workflows, copy_base(tmp_path) / "workflows", dirs_exist_ok=True)
    return tmp_path


def run(finding: Finding) -> list[str]:
    return [str(step.text) for step in finding.trace]


def one(root: Path, code: str) -> Finding:
    (finding,) = (finding for finding in findings_of(root) if finding.code == code)
    return finding


def test_a_gap_between_guards_is_shown_with_the_value_that_falls_into_it(root: Path) -> None:
    assert [str(step.text) for step in one(root, "FJ303").trace] == [
        "Sent: the case is opened",
        "Sent: measure by helper (amount=3)",
    ]


def test_a_loop_is_shown_gone_round_once(root: Path) -> None:
    finding = one(root, "FJ305")
    assert str(finding.message) == "cases can loop forever: Measured, Sent"
    assert [str(step.text) for step in finding.trace] == [
        "Sent: the case is opened",
        "Sent: measure by helper (amount=4)",
        "Measured: large by clerk",
    ]


def test_a_procedure_with_an_error_of_reference_is_not_followed(root: Path) -> None:
    file = root / "workflows/procedures/order.yaml"
    file.write_text(file.read_text("utf-8").replace("to: forgotten", "to: forgoten"), "utf-8")
    assert {finding.code for finding in findings_of(root)} == {"FJ103"}


def test_families_can_be_left_out(root: Path) -> None:
    workspace = workspace_of(root)
    assert check_all(workspace, TODAY, families=(1, 2)) == []
    assert {finding.code for finding in check_all(workspace, TODAY)} == {"FJ302", "FJ303", "FJ305"}


def test_a_limit_is_used_up_before_a_case_is_stuck(tmp_path: Path) -> None:
    finding = one(laid(tmp_path, "303-stuck-once-a-limit-is-used-up"), "FJ303")
    assert run(finding)[2:] == ["Kept: look by clerk", "Looked: back by clerk"] * 2
    assert str(finding.help) == "add then: to say what happens when the limit is used up"


@pytest.mark.slow
def test_a_closed_circle_is_shown_with_the_way_there_and_gone_round_once(tmp_path: Path) -> None:
    finding = one(laid(tmp_path, "304-round-for-ever-once-a-limit-is-used-up"), "FJ304")
    assert str(finding.message) == "no end can be reached from Kept, Looked"
    assert run(finding)[2:] == [
        *["Kept: close by clerk", "Closing: back by clerk"] * 2,
        "Kept: look by clerk",
        "Looked: back by clerk",
    ]


def test_a_loop_through_what_follows_a_limit_uses_it_up_first(tmp_path: Path) -> None:
    finding = one(laid(tmp_path, "305-a-loop-through-what-follows-a-limit"), "FJ305")
    assert run(finding) == [
        "Sent: the case is opened",
        *["Sent: hand by helper", "Kept: back by clerk"] * 2,
        "Sent: hand by helper",
        "Kept: back by clerk",
        "Looked: again by clerk",
    ]


def test_guards_are_shown_with_the_values_that_they_judge(tmp_path: Path) -> None:
    overlap = one(laid(tmp_path / "1", "309-bounds-that-overlap"), "FJ309")
    assert str(overlap.message) == "small and large are both open when amount is 4"
    gap = one(laid(tmp_path / "2", "310-a-gap-that-only-time-crosses"), "FJ310")
    assert str(gap.message) == "at Measured, no action is possible before the deadline when amount is 4"
    assert run(gap) == ["Sent: the case is opened", "Sent: measure by helper (amount=4)"]
    language.set_language("zh")
    assert str(gap.message) == "在 Measured，当 amount 为“4”时，到时限之前谁也办不了"


def test_waiting_for_other_cases_says_how_they_ended(tmp_path: Path) -> None:
    finding = one(laid(tmp_path, "312-ended-in-a-way-nothing-takes-up"), "FJ312")
    assert str(finding.message) == (
        "a case can wait forever at Running: its cases of orders ended as refused, which no move handles"
    )
    assert run(finding)[-1] == "Running: a case of orders ends: refused"


def test_too_many_runs_are_said_and_not_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feasible_paths, "MOST_LOOKED_AT", 3)
    root = laid(tmp_path, "303-stuck-once-a-limit-is-used-up")
    file = root / "workflows/procedures/order.yaml"
    file.write_text(file.read_text("utf-8").replace("limit: 2", "limit: 3"), "utf-8")  # not explored before
    finding = one(root, "FJ313")
    assert (finding.severity, str(finding.message)) == (
        "warning",
        "order was not checked: its limits allow too many runs",
    )

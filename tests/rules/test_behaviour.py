"""What findings about behaviour show: the shortest run, with who acts and the values that lead there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from fujin_cli import language
from fujin_cli.core.finding import Finding
from fujin_cli.rules.registry import check_all
from tests.support import TESTS, TODAY, copy_base, findings_of, workspace_of


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = language.current()
    language.use("en")
    yield
    language.use(before)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = TESTS / "golden" / "malformed" / "101-loops-that-never-close"
    shutil.copytree(folder / "workflows", copy_base(tmp_path) / "workflows", dirs_exist_ok=True)
    return tmp_path


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
    assert str(finding.message) == "cases can go round for ever: Measured, Sent"
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
    assert {finding.code for finding in check_all(workspace, TODAY)} == {"FJ301", "FJ302", "FJ303", "FJ305"}

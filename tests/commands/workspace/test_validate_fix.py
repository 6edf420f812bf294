"""``fujin validate --fix``: what it writes, what it only shows, and what it answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command_line import City
from tests.support.golden_workspaces import copy_base

ERRAND = "workflows/procedures/errand.yaml"


@pytest.fixture
def town(tmp_path: Path) -> City:
    """A safe fix (a comment that ignores nothing) and a guess (a misspelt name) in one file."""
    copy_base(tmp_path)
    path = tmp_path / ERRAND
    text = path.read_text("utf-8").replace("    owner: clerk\n", "    owner: clark  # kept\n", 1)
    path.write_text(text.replace("title: Joined\n", "title: Joined  # fujin: ignore[FJ112] why\n", 1), "utf-8")
    return City(tmp_path)


def text(town: City) -> str:
    return (town.folder / ERRAND).read_text("utf-8")


def test_safe_fixes_are_made_and_guesses_are_not(town: City) -> None:
    before = text(town)
    ran = town.run("validate", "--fix")
    assert (ran.code, ran.out.splitlines()[-2:]) == (
        1,
        [
            "1 finding fixed in 1 file",
            "1 more finding has an unsafe fix; show it with: fujin validate --fix --unsafe --diff",
        ],
    )
    assert text(town) == before.replace("  # fujin: ignore[FJ112] why", "")
    guessed = town.run("validate", "--fix", "--unsafe")
    assert (guessed.code, guessed.out) == (0, "no findings in 12 files\n1 finding fixed in 1 file\n")
    assert "    owner: clerk  # kept\n" in text(town)
    assert town.run("validate", "--fix", "--unsafe").out == "no findings in 12 files\n0 findings fixed in 0 files\n"


@pytest.mark.parametrize("option", ["--diff", "--dry-run"])
def test_shown_and_not_written(town: City, option: str) -> None:
    before = text(town)
    ran = town.run("validate", "--fix", "--unsafe", option)
    assert ran.code == 1
    assert ran.out.splitlines()[:2] == [f"--- {ERRAND}", f"+++ {ERRAND}"]
    assert "-    owner: clark  # kept\n+    owner: clerk  # kept\n" in ran.out
    assert ran.out.endswith("2 findings would be fixed in 1 file\n")
    assert text(town) == before


@pytest.mark.slow
def test_guesses_that_nobody_asked_for_are_said(town: City) -> None:
    town.run("validate", "--fix")
    shown = town.run("validate", "--fix", "--diff")
    assert (shown.code, shown.out.splitlines()[-2]) == (1, "0 findings would be fixed in 0 files")
    assert "1 more finding has an unsafe fix" in shown.out
    assert "unsafe fix" not in town.run("validate", "--fix", "--unsafe", "--diff").out


def test_a_read_only_file_is_not_called_fixed(town: City) -> None:
    (town.folder / ERRAND).chmod(0o444)
    before = text(town)
    ran = town.run("validate", "--fix", "--unsafe")
    assert (ran.code, ran.out.splitlines()[-1]) == (1, "0 findings fixed in 0 files")
    assert "error[FJ101]" in ran.out
    assert f"{ERRAND} was not changed: it is read-only" in ran.err
    answer = town.run("validate", "--fix", "--unsafe", "--json").json
    assert (answer["fixed"], [entry["code"] for entry in answer["findings"]]) == ([], ["FJ101", "FJ022"])
    assert text(town) == before


def test_as_json(town: City) -> None:
    found = town.run("validate", "--json").json
    assert "fixed" not in found
    assert [(entry["code"], entry["fix"]["safe"]) for entry in found["findings"]] == [("FJ101", False), ("FJ022", True)]
    answer = town.run("validate", "--fix", "--json", "--dry-run").json
    assert answer["fixed"] == [{"path": ERRAND, "code": "FJ022", "title": "delete the comment", "safe": True}]
    assert (answer["version"], answer["dry_run"]) == (1, True)
    assert [entry["code"] for entry in answer["findings"]] == ["FJ101"]


def test_only_the_files_that_were_asked_for(town: City) -> None:
    before = text(town)
    assert town.run("validate", "workflows/rosters", "--fix", "--unsafe").code == 0
    assert text(town) == before
    assert town.run("validate", ERRAND, "--fix", "--unsafe").code == 0
    assert text(town) != before


@pytest.mark.parametrize("option", ["--unsafe", "--diff", "--dry-run"])
def test_options_that_go_with_fix(town: City, option: str) -> None:
    assert town.run("validate", option).code == 2


def test_other_formats_show_what_is_left(town: City) -> None:
    ran = town.run("validate", "--fix", "--format", "github")
    assert (ran.code, "FJ022" in ran.out, "FJ101" in ran.out) == (1, False, True)

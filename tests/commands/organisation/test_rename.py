"""``NOUN rename``: what of the ledger carries the id is said, and the workspace stays valid."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command_line import City


@pytest.fixture
def town(tmp_path: Path) -> City:
    City(tmp_path).ask("init", "town", "--template", "minimal", "--language", "en")
    return City(tmp_path / "town")


def workflows_of(town: City) -> dict[str, bytes]:
    return {path: text for path, text in town.tree().items() if path.startswith("workflows/")}


def open_case(town: City) -> str:
    case: str = town.ask("case", "open", "request", "--community", "C01", "--as", "p-01", "--set", "summary=a")["case"]
    return case


def test_a_dry_run_shows_the_change_and_writes_nothing(town: City) -> None:
    before = workflows_of(town)
    shown = town.run("community", "rename", "C01", "north", "--dry-run")
    assert shown.code == 0 and "+++ workflows/rosters/north.yaml" in shown.out and "dry run: " in shown.out
    assert workflows_of(town) == before
    answer = town.ask("community", "rename", "C01", "north")
    assert answer["moved"] == {"workflows/rosters/C01.yaml": "workflows/rosters/north.yaml"}
    assert town.ask("validate", "--strict")["findings"] == []
    case = town.ask("case", "open", "request", "--community", "north", "--as", "p-01", "--set", "summary=a")["case"]
    assert case.startswith("north-")


def test_an_id_that_open_cases_carry_is_kept_and_a_step_is_not(town: City) -> None:
    case = open_case(town)
    for line in (
        ("community", "rename", "C01", "north"),
        ("procedure", "rename", "request", "wish"),
        ("roster", "rename", "p-01", "x"),
    ):
        refusal = town.refusal(*line)
        assert refusal["code"] == "FJ836" and case in refusal["message"]
    answer = town.ask("procedure", "rename", "request/steps/reported", "received")
    assert any("case migrate" in line for line in answer["next"])
    assert town.ask("case", "show", case)["step"] == "reported"
    assert town.ask("case", "migrate", case, "--apply", "--as", "p-01")
    assert town.ask("case", "show", case)["step"] == "received"


def test_ended_cases_keep_the_old_id(town: City) -> None:
    case = open_case(town)
    town.ask("case", "advance", case, "accept", "--as", "p-01")
    town.ask("case", "advance", case, "close", "--as", "p-01", "--set", "answer=b")
    assert any("old id" in line for line in town.ask("community", "rename", "C01", "north")["next"])
    assert town.ask("case", "show", case)["community"] == "C01"
    assert town.run("ledger", "verify").code == 0


@pytest.mark.parametrize(
    "line",
    ["community rename C02 x", "community rename C01 a/b", "roster rename p-99 x", "procedure rename request/steps x"],
)
def test_what_there_is_not_or_cannot_be_is_wrong_usage(town: City, line: str) -> None:
    assert town.run(*line.split()).code == 2

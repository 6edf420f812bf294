"""``fujin case migrate`` and ``fujin procedure versions`` on a real ledger."""

from __future__ import annotations

import pytest

from tests.commands.workspace.test_diff import ASK, edit
from tests.support.command_line import COORDINATOR, City

pytestmark = pytest.mark.slow

NOW = "2026-06-01T10:00"


@pytest.fixture
def two(city: City) -> tuple[City, str, str]:
    """A case that was accepted and one that was only reported, under a law that then asks for a reason."""
    first = city.open()["case"]
    city.do(first, "accept", now="2026-06-01T09:05")
    second = city.open()["case"]
    edit(city.folder, *ASK)
    return city, first, second


def moved(city: City, *arguments: str, code: int = 0) -> dict[str, dict[str, object]]:
    ran = city.run("case", "migrate", *arguments, "--json", now=NOW)
    assert ran.code == code, ran
    return {entry["case"]: entry for entry in ran.json["cases"]}


def test_a_rehearsal_changes_nothing(two: tuple[City, str, str]) -> None:
    city, first, second = two
    before = city.tree("data/cache")
    found = moved(city, "--all", code=1)
    assert (found[first]["refused"]["code"], found[second]["way"]) == ("FJ830", "replay")  # type: ignore[index]
    assert city.tree("data/cache") == before


def test_a_case_moves_and_comes_back(two: tuple[City, str, str]) -> None:
    city, _first, second = two
    versions = city.ask("procedure", "versions", "resident-request", now=NOW)["versions"]
    assert sorted((entry["state"], entry["open"]) for entry in versions) == [("active", 0), ("draining", 2)]
    applied = ("--all", "--apply", "--as", COORDINATOR, "--request-id", "r-1")
    event = moved(city, *applied, code=1)[second]["event"]
    assert event == 2
    assert moved(city, second, *applied[1:])[second]["repeated"] is True
    [shown] = [entry for entry in city.history(second) if entry["kind"] == "migrated"]
    assert shown["migration"]["step"] == "reported" and not shown["migration"]["mapped"]
    states = {entry["state"] for entry in city.ask("procedure", "versions", "resident-request", now=NOW)["versions"]}
    assert states == {"active", "draining"}
    assert city.refusal("case", "advance", second, "accept", "--as", COORDINATOR, now=NOW)["code"] == "FJ804"
    back = moved(city, second, "--undo", "--apply", "--as", COORDINATOR)
    assert back[second]["way"] == "undone"
    city.do(second, "accept", now=NOW)
    assert moved(city, second, "--undo", "--apply", "--as", COORDINATOR, code=1)[second]["refused"]["code"] == "FJ832"  # type: ignore[index]
    assert city.run("ledger", "verify").code == 0


def test_a_migration_file_must_speak_of_every_case(two: tuple[City, str, str]) -> None:
    city, first, _ = two
    version = next(e["law"] for e in city.ask("procedure", "versions", now=NOW)["versions"] if e["state"] == "draining")
    third = city.open(community="XF02")["case"]
    folder = city.folder / "workflows" / "migrations"
    folder.mkdir()
    text = f"procedure: resident-request\nfrom: {version[:12]}\nreason: r\napprover: p-0101\n"
    (folder / "m.yaml").write_text(f"migration: m\n{text}map: {{handling: handling}}\n", "utf-8")
    assert moved(city, "--all", code=1)[first]["refused"]["code"] == "FJ831"  # type: ignore[index]
    (folder / "m.yaml").write_text(f"migration: m\n{text}map: {{deliberating: reported}}\n", "utf-8")
    assert city.run("validate").code == 0
    found = moved(city, "--all", "--apply", "--as", COORDINATOR)
    assert (found[first]["way"], found[first]["target"], third in found) == ("mapped", "reported", False)
    page = city.run("case", "show", first, now=NOW).out
    assert "by m, approved by" in page and "note: r" in page
    assert "deliberat" in page.lower()  # what happened before is told in the words of its own law
    city.language = "zh"
    assert "批准人" in city.run("case", "show", first, now=NOW).out
    assert city.run("outbox", "list", now=NOW).code == 0


def test_wrong_usage(city: City) -> None:
    for arguments in (
        (),
        ("--all", "--procedure", "resident-request"),
        ("--all", "--undo"),
        ("--procedure", "nothing"),
    ):
        assert city.run("case", "migrate", *arguments).code == 2
    assert city.refusal("case", "migrate", "XF01-202606a-0009")["code"] == "FJ814"
    assert city.run("procedure", "versions", "nothing").code == 2


def test_who_is_on_no_roster_migrates_nothing(two: tuple[City, str, str]) -> None:
    city, _, second = two
    for typed in ((second,), (second, "--undo"), ("--all",)):
        assert city.refusal("case", "migrate", *typed, "--apply", "--as", "reporter", now=NOW)["code"] == "FJ803"

"""Open cases that a changed child procedure would leave waiting for ever are found by every command that looks."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.command_line import COORDINATOR, City, Handled

pytestmark = pytest.mark.slow

NOW = "2026-06-01T10:00"
ORDER, REQUEST = "workflows/procedures/work-order.yaml", "workflows/procedures/resident-request.yaml"


def edit(folder: Path, path: str, *edits: tuple[str, str]) -> None:
    text = (folder / path).read_text("utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    (folder / path).write_text(text, "utf-8")


def rename_verified(folder: Path, was: str = "") -> None:
    """Call the outcome of a verified order "checked", in the order and in the request."""
    edit(
        folder,
        ORDER,
        ("en: Verified}, end: verified", f"en: Verified}}, end: checked{was}"),
        ("before: {end: verified}", "before: {end: checked}"),
    )
    edit(folder, REQUEST, ("when: {orders: {all: verified}}", "when: {orders: {all: checked}}"))


@pytest.fixture
def before(city: City, tmp_path: Path) -> Path:
    """The workspace as it is, for comparing."""
    return Path(shutil.copytree(city.folder / "workflows", tmp_path / "before" / "workflows")).parent


def codes(answer: dict[str, list[dict[str, str]]]) -> list[str]:
    return [finding["code"] for finding in answer["findings"]]


def test_without_was_the_parents_are_stuck_and_are_reported(city: City, handled: Handled, before: Path) -> None:
    waiting = city.open()["case"]
    rename_verified(city.folder)
    compared = city.run("diff", str(before), "--json", now=NOW)
    validated = city.run("validate", "--json", now=NOW)
    assert compared.code == validated.code == 1
    (finding,) = [finding for finding in validated.json["findings"] if finding["code"] == "FJ617"]
    assert waiting in finding["message"] and "orders" in finding["message"]
    assert finding["path"].endswith("resident-request.yaml") and finding["line"] > 0
    assert finding["trace"]
    assert "FJ617" in codes(compared.json)
    verdicts = {case["case"]: case["verdict"] for case in compared.json["cases"]}
    assert verdicts[handled.case] == "incomplete"  # its orders end under their own version
    assert verdicts[waiting] == "safe"
    assert "FJ617" in codes(city.run("validate", "--json", REQUEST, now=NOW).json)
    assert city.run("validate", "--json", "workflows/menu.yaml", now=NOW).code == 0


def test_findings_about_open_cases_are_ignored_by_comments(city: City) -> None:
    city.open()
    rename_verified(city.folder)
    assert "FJ617" in codes(city.run("validate", "--json", now=NOW).json)
    comment = "  # fujin: ignore[FJ617] these end with the old outcome"
    edit(city.folder, REQUEST, ("procedure: resident-request\n", f"procedure: resident-request{comment}\n"))
    assert {"FJ617", "FJ022"}.isdisjoint(codes(city.run("validate", "--json", now=NOW).json))
    shutil.rmtree(city.folder / "data" / "ledger")
    assert "FJ022" not in codes(city.run("validate", "--json", now=NOW).json)  # without a ledger nobody can tell


def test_a_migration_that_would_leave_a_case_waiting_is_refused(city: City, handled: Handled) -> None:
    rename_verified(city.folder)
    ran = city.run("case", "migrate", "--all", "--apply", "--as", COORDINATOR, "--json", now=NOW)
    assert ran.code == 1
    refused = {row["case"]: row["refused"]["code"] for row in ran.json["cases"] if row.get("refused")}
    assert refused == dict.fromkeys([handled.case, *handled.orders], refused[handled.case])


def test_with_was_nothing_is_stuck(city: City, handled: Handled, before: Path) -> None:
    rename_verified(city.folder, ", was: verified")
    compared = city.run("diff", str(before), "--json", now=NOW)
    assert (compared.code, {case["verdict"] for case in compared.json["cases"]}) == (0, {"safe"})
    assert "FJ606" not in codes(compared.json)
    assert "FJ617" not in codes(city.run("validate", "--json", now=NOW).json)
    assert city.run("case", "migrate", "--all", "--apply", "--as", COORDINATOR, now=NOW).code == 0


def test_a_workspace_whose_cases_follow_todays_versions_reports_nothing(city: City, handled: Handled) -> None:
    assert codes(city.ask("validate", now=NOW)) == []


def remove_partner(folder: Path) -> None:
    path = folder / "workflows" / "partners.yaml"
    text = path.read_text("utf-8")
    path.write_text(re.sub(r"^  police:.*\n(?:    .*\n)*", "", text, flags=re.MULTILINE), "utf-8")


def remove_coordinator(folder: Path) -> None:
    edit(folder, "workflows/rosters/XF01-environment.yaml", ("roles: [coordinator]", "roles: []"))


def remove_committee(folder: Path) -> None:
    (folder / "workflows" / "committees" / "XF01-environment.yaml").unlink()
    (folder / "workflows" / "rosters" / "XF01-environment.yaml").unlink()


@pytest.mark.parametrize(
    "remove, words, count",
    [
        (remove_partner, "Police Department (police)", 1),
        (remove_coordinator, "黄红梅 (p-0001)", 1),
        (remove_committee, "XF01-environment", 3),
    ],
    ids=["partner", "coordinator", "committee"],
)
def test_cases_on_which_nobody_is_left_are_listed_everywhere(
    city: City, handled: Handled, before: Path, remove: Callable[[Path], None], words: str, count: int
) -> None:
    remove(city.folder)
    compared = city.run("diff", str(before), "--json", now=NOW)
    (finding,) = [finding for finding in compared.json["findings"] if finding["code"] == "FJ618"]
    assert words in finding["message"] and finding["severity"] == "error"
    assert compared.code == 1 and len(compared.json["stranded"]) == count
    assert set(compared.json["stranded"]) <= {handled.case, *handled.orders}
    assert "FJ618" in codes(city.run("validate", "--json", now=NOW).json)
    (left,) = city.ask("status", now=NOW)["nobody_left"]
    assert left["cases"] == compared.json["stranded"]
    assert left["message"] in city.run("status", now=NOW).err
    (check,) = [check for check in city.run("doctor", "--json", now=NOW).json["checks"] if check["check"] == "people"]
    assert check["state"] == "bad" and left["cases"][0] in check["detail"]


def test_an_organisation_that_strands_nobody_is_silent(city: City, handled: Handled, before: Path) -> None:
    edit(city.folder, "workflows/rosters/XF01-environment.yaml", ("name: 郑桂芬", "name: 郑桂芳"))
    compared = city.run("diff", str(before), "--json", now=NOW)
    assert (compared.code, compared.json["stranded"]) == (0, [])
    assert city.ask("status", now=NOW)["nobody_left"] == []


def test_deadlines_that_other_office_hours_move_are_listed(city: City, handled: Handled, before: Path) -> None:
    head = city.folder / "workflows" / "workspace.yaml"
    head.write_text(head.read_text("utf-8").replace('"13:30-17:00"]', '"13:30-16:00"]'), "utf-8")
    moved = {entry["case"]: entry for entry in city.ask("diff", str(before), now=NOW)["deadlines"]}
    assert (moved[handled.case]["before"][:16], moved[handled.case]["after"][:16]) == (
        "2026-06-08T17:00",
        "2026-06-08T16:00",
    )
    assert handled.case in city.run("diff", str(before), now=NOW).out

"""``fujin config`` and ``fujin doctor`` tell what a file states from what is only a default."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command_line import City

HEAD = "workspace: town\ntitle: Town\nlanguages: [en]\n"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> City:
    town = City(tmp_path_factory.mktemp("settings") / "town")
    town.folder.mkdir()
    assert town.run("init", ".").code == 0
    return town


def settings(town: City, text: str) -> dict[str, tuple[str, str]]:
    path: Path = town.folder / "workflows" / "workspace.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    rows = town.run("config", "--json").json["settings"]
    return {row["setting"]: (row["value"], row["origin"]) for row in rows}


def defaults(town: City) -> str:
    rows = {row["check"]: row["detail"] for row in town.run("doctor", "--json").json["checks"]}
    return str(rows["defaults"])


def test_a_default_is_not_said_to_come_from_a_file(town: City) -> None:
    rows = settings(town, "zone: Asia/Tokyo\ncalendar: {years: {2026: {}, 2028: {}, 2029: {}}}\n")
    assert rows["zone"] == ("Asia/Tokyo", "workspace.yaml")
    assert rows["calendar"] == ("2026, 2028-2029", "workspace.yaml")
    assert rows["office_hours"] == ("08:30-11:30 13:30-17:00", "")
    assert rows["week"] == ("monday tuesday wednesday thursday friday", "")
    assert (rows["rehearsal"], rows["lock wait"][1], rows["actor"]) == (("no", ""), "", ("", ""))
    said = defaults(town)
    assert all(part in said for part in ("office hours: 08:30", "week: Monday", "rehearsal: no", "lock timeout"))
    assert "zone" not in said and "calendar" not in said


def test_what_a_file_states_is_no_default(town: City) -> None:
    hours = "office_hours: {sunday: 09:00-12:00, monday: [09:00-12:00]}".replace("09:00-12:00", '"09:00-12:00"')
    rows = settings(
        town,
        f"zone: Asia/Tokyo\nrehearsal: no\nundo_within: 5 minutes\nweek: [sunday, monday]\n{hours}\ncalendar: none\n",
    )
    assert rows["week"] == ("monday sunday", "workspace.yaml")
    assert rows["office_hours"] == ("monday 09:00-12:00; sunday 09:00-12:00", "workspace.yaml")
    assert (rows["calendar"], rows["rehearsal"]) == (("no year", "workspace.yaml"), ("no", "workspace.yaml"))
    assert defaults(town).split(": ", 1)[1].startswith("lock timeout")


def test_an_invalid_setting_is_not_shown_as_a_default(town: City) -> None:
    rows = settings(town, "zone: Asia/Tokio\ncalendar: none\n")
    assert rows["zone"] == ("not in force", "workspace.yaml")
    assert rows["office_hours"] == ("not in force", "")
    assert town.run("doctor").code == 1

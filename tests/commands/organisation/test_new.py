"""``NOUN new`` and ``roster add``: what is written works at once, and a wrong word writes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command_line import City


@pytest.fixture
def town(tmp_path: Path) -> City:
    City(tmp_path).ask("init", "town", "--template", "minimal", "--language", "en")
    return City(tmp_path / "town")


def test_a_new_procedure_community_and_person_open_a_case_together(town: City) -> None:
    answer = town.ask("community", "new", "C02", "--title", "Second")
    assert (answer["id"], answer["files"]) == ("C02", ["workflows/jurisdiction.yaml", "workflows/rosters/C02.yaml"])
    assert any("roster add C02" in line for line in answer["next"])
    town.ask("procedure", "new", "noise", "--title", "Noise")
    assert town.ask("roster", "add", "C02", "p-21", "--name", "Sample D", "--role", "coordinator")["next"] == []
    assert town.ask("validate", "--strict")["findings"] == []
    opening = ("case", "open", "noise", "--community", "C02", "--as", "p-21", "--set", "summary=a")
    assert town.ask(*opening)["case"].startswith("C02-")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("community new C02 --title x --street street-9", 2),
        ("community new C01 --title x", 1),
        ("partner new school --title x --sort school --can noise", 2),
        ("roster add C09 p-21 --name x --role coordinator", 2),
        ("roster add C01 p-21 --name x --role boss", 2),
        ("roster add C01 p-01 --name x --role coordinator", 1),
        ("procedure new request --title x", 1),
        ("procedure new a/b --title x", 2),
        ("procedure new noise --title x --dry-run", 0),
    ],
)
def test_a_wrong_word_and_a_dry_run_write_nothing(town: City, line: str, code: int) -> None:
    before = {path: text for path, text in town.tree().items() if path.startswith("workflows/")}
    assert town.run(*line.split()).code == code
    assert {path: text for path, text in town.tree().items() if path.startswith("workflows/")} == before


def test_a_seat_is_taken_today_wherever_it_is_today(tmp_path: Path) -> None:
    """`validate` goes by the day of the machine; the workspace may already, or still, have another one."""
    City(tmp_path).ask("init", "town")
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):  # 25 hours apart
        head = tmp_path / "town" / "workflows" / "workspace.yaml"
        head.write_text(head.read_text("utf-8").replace("Asia/Shanghai", zone), "utf-8")
        town = City(tmp_path / "town")
        number = "1" if zone.endswith("Kiritimati") else "2"
        person = ("C01-environment", f"p-9{number}", "--name", "x", "--seat", "member")
        assert not any("term" in line for line in town.ask("roster", "add", *person)["next"])
        assert "FJ204" not in {finding["code"] for finding in town.run("validate", "--json").json["findings"]}

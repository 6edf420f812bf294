"""``fujin config --add-calendar``: the days of a file go into workspace.yaml, for review."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support.command_line import City

HEAD = "workspace: town\ntitle: Town\nlanguages: [en]\nzone: America/Chicago\nrehearsal: yes\n"


@pytest.fixture
def town(tmp_path: Path) -> City:
    town = City(tmp_path / "town")
    town.folder.mkdir()
    assert town.run("init", ".").code == 0
    return town


def put_head(town: City, text: str) -> Path:
    path = town.folder / "workflows" / "workspace.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def test_days_of_a_year_are_written_once(town: City) -> None:
    path = put_head(town, "calendar: none  # ours\n")
    text = "2027-01-01\n2027-07-05 Independence Day\n2026-12-31\n"
    rehearsed = town.run("config", "--add-calendar", "-", "--dry-run", stdin=text)
    assert (rehearsed.code, "calendar: none" in path.read_text("utf-8")) == (0, True)
    assert "2027: {holidays: [2026-12-31/2027-01-01, 2027-07-05]}" in rehearsed.out
    written = town.run("config", "--add-calendar", "-", "--json", stdin=text)
    assert written.json["written"] and written.json["years"] == {
        "2027": {"holidays": ["2026-12-31", "2027-01-01", "2027-07-05"]}
    }
    assert "# ours" in path.read_text("utf-8")
    again = town.run("config", "--add-calendar", "-", stdin=text)
    assert (again.code, "nothing was changed" in again.out) == (0, True)
    assert town.run("validate").code == 0


def test_a_day_that_the_national_calendar_says_is_not_repeated(town: City) -> None:
    path = put_head(town, "calendar: {country: CN}\n")
    before = path.read_text("utf-8")
    assert town.run("config", "--add-calendar", "-", stdin="2026-02-16\n2026-02-14 work\n").code == 0
    assert path.read_text("utf-8") == before
    assert town.run("config", "--add-calendar", "-", stdin="2026-03-04\n").code == 0
    assert "2026: {holidays: [2026-03-04]}" in path.read_text("utf-8")


def test_a_file_of_another_kind_is_wrong_usage(town: City) -> None:
    put_head(town, "calendar: none\n")
    for name, content in (("a.ics", b"\x89PNG\xff\xfe\x00"), ("b.ics", b"hello"), ("c.ics", b"BEGIN:VCALENDAR\nx")):
        (town.folder / name).write_bytes(content)
        ran = town.run("config", "--add-calendar", name)
        assert (ran.code, name in ran.err) == (2, True), ran
    assert town.run("config", "--add-calendar", "none.ics").code == 2
    assert town.run("config", "--dry-run").code == 2


def test_a_calendar_that_would_not_work_is_not_written(town: City) -> None:
    hours = ", ".join(f'{day}: "09:00-17:00"' for day in ("monday", "tuesday", "wednesday", "thursday", "friday"))
    path = put_head(town, f"office_hours: {{{hours}}}\ncalendar: none\n")
    before = path.read_text("utf-8")
    ran = town.run("config", "--add-calendar", "-", stdin="2027-02-20 work\n")
    assert (ran.code, path.read_text("utf-8")) == (1, before)
    assert "lacks saturday, and 2027-02-20 is worked" in ran.err


def test_lines_are_shown_where_the_file_cannot_be_changed(town: City) -> None:
    path = put_head(town, "calendar: &c {years: {2026: {}}}\nactors: {x: y}\nnote: *c\n")
    before = path.read_text("utf-8")
    ran = town.run("config", "--add-calendar", "-", stdin="2027-01-01\n")
    assert (ran.code, path.read_text("utf-8")) == (1, before)
    assert "2027: {holidays: [2027-01-01]}" in ran.out


@pytest.mark.parametrize("now", ["2026-10-31T23:59", "2026-11-01T00:00"])
def test_from_november_on_the_next_year_is_missed(town: City, now: str) -> None:
    put_head(town, "calendar: {years: {2026: {}}}\n")
    missed = "11-01" in now
    for command in ("tick", "doctor"):
        ran = town.run(command, now=now)
        assert ran.code == 0, ran
        assert ("config --add-calendar" in " ".join((ran.out + ran.err).split())) == missed
        assert ("2027" in ran.out + ran.err) == missed
    put_head(town, "calendar: {years: {2026: {}, 2027: {}}}\n")
    assert "--add-calendar" not in town.run("tick", now=now).err


def test_a_year_that_has_begun_uncovered_is_wrong(town: City) -> None:
    put_head(town, "calendar: {years: {2025: {}}}\n")
    assert "2026" in town.run("tick", now="2026-03-01T09:00").err
    checks = {row["check"]: row for row in town.run("doctor", "--json", now="2026-03-01T09:00").json["checks"]}
    assert (checks["calendar"]["state"], "2026" in checks["calendar"]["detail"]) == ("bad", True)


def test_nobody_is_reminded_where_no_working_days_are_counted(town: City) -> None:
    put_head(town, "calendar: none\n")
    assert town.run("tick", now="2026-11-20T09:00").err == ""


def test_a_workspace_without_a_calendar_has_no_holidays_of_china(town: City) -> None:
    put_head(town, "")
    found = town.run("validate", "--json").json["findings"]
    assert [(one["code"], one["line"]) for one in found if one["path"] == "workflows/workspace.yaml"] == [("FJ148", 1)]
    assert "2026" in town.run("tick", now="2026-02-10T09:00").err


def test_an_ics_file_is_written(town: City) -> None:
    pytest.importorskip("icalendar")
    path = put_head(town, "calendar: {country: CN}\n")
    subprocess.run(["git", "init", "-q", str(town.folder)], check=True)
    (town.folder / "2027.ics").write_bytes(
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20270206\r\n"
        b"DTEND;VALUE=DATE:20270213\r\nSUMMARY:A\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:2\r\nDTSTART:20270206T100000Z\r\n"
        b"SUMMARY:Dinner\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    ran = town.run("config", "--add-calendar", "2027.ics")
    assert (ran.code, "Dinner" in ran.err) == (0, True)
    assert "2027: {holidays: [2027-02-06/2027-02-12]}" in path.read_text("utf-8")

"""A time that a change of clock skips or repeats is reported: an entered one, and one at which a case falls due."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command_line import City

HEAD = "workspace: town\ntitle: Town\nlanguages: [en]\nzone: Europe/Amsterdam\nrehearsal: yes\ncalendar: none\n"
PROCEDURE = """
procedure: visit
title: Visit
case_of: community
people: {clerk: {role: supervisor, of: community}}
opened: {by: [clerk]}
fields: {when: {type: moment, optional: yes}}
steps:
  wait:
    title: Wait
    owner: clerk
    within: 1 day
    actions: {finish: {title: Finish, by: clerk, to: over}}
  over: {title: Over, end: done}
"""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> City:
    town = City(tmp_path_factory.mktemp("clocks") / "town")
    town.folder.mkdir()
    assert town.run("init", ".").code == 0
    workflows: Path = town.folder / "workflows"
    (workflows / "workspace.yaml").write_text(HEAD, encoding="utf-8")
    (workflows / "procedures" / "visit.yaml").write_text(PROCEDURE.lstrip(), encoding="utf-8")
    return town


def open_visit(town: City, now: str, *more: str) -> tuple[str, str]:
    ran = town.run("case", "open", "visit", "--community", "C01", "--as", "p-11", "--json", *more, now=now)
    assert ran.code == 0, ran
    return ran.json["due"], ran.err


def test_a_skipped_time_is_reported(town: City) -> None:
    due, warnings = open_visit(town, "2026-03-28T02:30")
    assert due == "2026-03-29T03:00:00+02:00"
    assert "2026-03-29 02:30 does not exist in Europe/Amsterdam" in warnings
    due, warnings = open_visit(town, "2026-03-28T09:30")
    assert (due, warnings) == ("2026-03-29T09:30:00+02:00", "")


def test_a_repeated_time_is_reported(town: City) -> None:
    due, warnings = open_visit(town, "2026-10-24T02:30")
    assert due == "2026-10-25T02:30:00+02:00"
    assert "2026-10-25 02:30 occurs twice" in warnings


def test_an_entered_time_is_reported(town: City) -> None:
    _due, warnings = open_visit(town, "2026-01-01T09:00", "--set", "when=2026-10-25 02:30")
    assert warnings.count("2026-10-25 02:30 occurs twice in Europe/Amsterdam") == 1
    _due, warnings = open_visit(town, "2026-01-01T09:00", "--set", "when=2026-10-25T02:30+01:00")
    assert warnings == ""
    assert "2026-03-29 02:30 does not exist" in town.run("case", "list", now="2026-03-29T02:30").err

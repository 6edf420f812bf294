"""Every command that looks at cases says which volume is lost, and fails."""

from __future__ import annotations

import pytest

from tests.support.command_line import MONDAY, City, Handled

LISTS = (("case", "list"), ("case", "list", "--all"), ("status",), ("tick",), ("outbox", "list"), ("ledger", "verify"))


@pytest.mark.slow
@pytest.mark.parametrize("has_marks", [True, False], ids=["marks", "no-marks"])
def test_commands_report_a_lost_volume(city: City, handled: Handled, has_marks: bool) -> None:
    ledger = city.folder / "data" / "ledger"
    city.run("case", "list")  # summaries are cached now
    (volume,) = (ledger / "XF01").glob("*.json")
    volume.unlink()
    for marks in () if has_marks else ("open", "waiting"):
        for mark in (ledger / marks / "XF01").iterdir():
            mark.unlink()
    for command in (*LISTS, ("case", "show", handled.case), ("case", "note", handled.case, "x", "--as", "p-0105")):
        ran = city.run(*command, now=MONDAY)
        assert ran.code == 1 and volume.name in ran.out + ran.err, (command, ran)
    assert "1 damaged volume" in city.run("doctor").out
    assert city.open()["case"] == handled.case.replace("a-", "b-")

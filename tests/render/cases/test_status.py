from __future__ import annotations

from fujin_cli.core.cases.timers import Fired
from fujin_cli.render.basics.tables import format_for_terminal, format_tsv
from fujin_cli.render.cases.status import count_open_cases, status_json, status_table
from fujin_cli.render.cases.timers import tick_json, tick_text
from tests.support.town_hall import Hall


def row(step: str, procedure: str = "request", **counts: int) -> dict[str, object]:
    zero = dict.fromkeys(("open", "due_today", "overdue", "awaiting_acceptance"), 0)
    place = {"community": "C1", "committee": "C1-light", "procedure": procedure, "step": step}
    return place | zero | counts


def rows(hall: Hall) -> list[dict[str, object]]:
    return count_open_cases([hall.summary(case) for case in hall.ledger.cases()], hall.calendar, hall.now)


def busy(hall: Hall) -> Hall:
    hall.handled()
    hall.request()
    hall.at("2026-06-01T16:55").request()
    ended = hall.request()
    hall.do(ended, "decline", "p-1", reason="重复")
    return hall


def test_rows_count_open_cases_by_place(hall: Hall) -> None:
    assert rows(busy(hall)) == [
        row("acceptance", open=1, awaiting_acceptance=1),
        row("reported", open=2, due_today=1, overdue=1),
    ]
    assert status_json(rows(hall)) == {"version": 1, "rows": rows(hall), "nobody_left": []}


def test_today_is_the_zones_day(hall: Hall) -> None:
    """17:00 in Shanghai on the 3rd is due on that day there, whatever day it is in UTC."""
    hall.handled()
    hall.at("2026-06-03T00:30")  # still the 2nd in UTC
    assert rows(hall) == [row("acceptance", open=1, due_today=1, awaiting_acceptance=1)]
    hall.at("2026-06-03T17:00:01")
    assert rows(hall) == [row("acceptance", open=1, overdue=1, awaiting_acceptance=1)]


def test_the_table_has_totals(hall: Hall) -> None:
    table = status_table(rows(busy(hall)), hall.workspace, hall.titles)
    lines = [line.rstrip() for line in format_for_terminal(table, 120, False).splitlines() if not line.startswith("─")]
    assert lines == [
        "Waiting: Resident request",
        "step                    open  due today  overdue  for acceptance",
        "Reported                   2          1        1               0",
        "Acceptance on the spot     1          0        0               1",
        "",
        "total                      3          1        1               1",
    ]
    piped = format_tsv(status_table(rows(hall), hall.workspace, hall.titles, shown=False)).splitlines()
    assert piped == [
        "community\tcommittee\tstep\topen\tdue today\toverdue\tfor acceptance\tprocedure",
        "C1\tC1-light\tacceptance\t1\t0\t0\t1\trequest",
        "C1\tC1-light\treported\t2\t1\t1\t0\trequest",
    ]
    assert "overdue" in format_for_terminal(table, 60, False)


def test_a_step_that_the_procedure_has_no_more_comes_last_and_units_that_differ_are_shown(hall: Hall) -> None:
    old, elsewhere = row("away", open=1), row("reported", open=1) | {"community": "C2", "committee": None}
    listed = [old, *rows(busy(hall)), elsewhere]
    table = status_table(listed, hall.workspace, lambda procedure, step: step)
    lines = format_for_terminal(table, 120, False)
    assert [line.split()[-5] for line in lines.splitlines()[3:7]] == ["reported", "acceptance", "away", "reported"]
    assert "community" in lines and "committee" in lines


def test_nothing_waits(hall: Hall) -> None:
    assert format_for_terminal(status_table(rows(hall), hall.workspace, hall.titles), 80, False) == (
        "Waiting\nNo cases are waiting.\n"
    )


def test_what_a_tick_did(hall: Hall) -> None:
    case = hall.request()
    paused = hall.request()
    hall.do(paused, "accept", "p-1", lead="power")
    hall.do(paused, "pause", "p-1", reason="等", resume_on="2026-06-02")
    fired = hall.at("2026-06-01T09:30").tick() + hall.at("2026-06-02T09:00").tick()
    resumed = [entry for entry in fired if entry.case == paused]
    moment = "2026-06-01T09:30:00+08:00"
    answer = tick_json(fired[:1], hall.now, hall.calendar)
    assert (answer["version"], answer["now"]) == (1, "2026-06-02T09:00:00+08:00")
    assert answer["fired"] == [
        {
            "case": case,
            "step": "reported",
            "effect": "reported.ladder.2",
            "at": moment,
            "scheduled": "2026-06-01T09:10:00+08:00",
            "left_out": False,
        }
    ]
    procedures = hall.workspace.procedures

    def told(fired: list[Fired], quiet: bool = False) -> str:
        return tick_text(fired, lambda case: procedures["request"], hall.now, hall.calendar, quiet)

    assert told([fired[0], *resumed]) == (
        f"2026-06-01 09:30 +08:00  {case}, Reported: deadline passed (due 2026-06-01 09:10 +08:00)\n"
        f"2026-06-02 09:00 +08:00  {paused}, Handling: the pause is over (due 2026-06-02 00:00 +08:00)\n"
    )
    assert told([]) == "2026-06-02 09:00 +08:00  Nothing is due.\n"
    assert told([], quiet=True) == ""

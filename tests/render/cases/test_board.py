"""The board of open cases: a column for each step."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rich.cells import cell_len

from fujin_cli.core.listing.summary import Summary
from fujin_cli.render.cases.board import BoardStyle, draw_board
from fujin_cli.render.cases.list_columns import ListContext
from tests.support.town_hall import SECRET, Hall


def draw(hall: Hall, summaries: list[Summary], width: int = 80, numbers: bool = False) -> list[str]:
    def find_title(procedure: str, step: str) -> str:
        return step if step == "away" else hall.titles(procedure, step)

    context = ListContext(hall.workspace, find_title, lambda summary: (), hall.calendar, hall.now)
    return draw_board(summaries, context, BoardStyle(width, False, numbers)).splitlines()


def busy(hall: Hall) -> list[Summary]:
    hall.handled()
    hall.request()
    late = hall.at("2026-06-01T09:20").request()
    return [hall.summary(case) for case in (late, *(case for case in hall.ledger.cases() if case != late))]


def test_steps_stand_in_the_order_of_the_flow_with_their_numbers(hall: Hall) -> None:
    lines = draw(hall, [summary for summary in busy(hall) if summary.outcome is None])
    assert lines[0] == "Resident request"
    assert lines[1].split("  ")[0] == "Reported (2)" and "Acceptance on the spot (1)" in lines[1]
    assert lines[-1] == "3 cases, 1 overdue"
    assert SECRET[:6] in "".join(lines)


@pytest.mark.parametrize("width", [20, 40, 80, 120, 200])
def test_a_board_is_as_wide_as_the_terminal_and_no_wider(hall: Hall, width: int) -> None:
    summaries = [replace(summary, subject="路灯不亮" * 60) for summary in busy(hall)]
    lines = draw(hall, summaries, width)
    assert max(map(cell_len, lines)) in (width, width - 1)
    assert all(any(summary.case in line for line in lines) for summary in summaries)


def test_what_does_not_fit_goes_below(hall: Hall) -> None:
    summaries = busy(hall)
    assert len([line for line in draw(hall, summaries, 30) if line.startswith("─")]) > len(
        [line for line in draw(hall, summaries, 120) if line.startswith("─")]
    )


def test_a_step_that_the_procedure_has_no_more_comes_last(hall: Hall) -> None:
    summaries = [replace(summary, step="away") for summary in busy(hall)[:1]] + busy(hall)[1:2]
    heading = draw(hall, summaries, 120)[1]
    assert heading.index("away (1)") > heading.index("(1)")


def test_cases_are_numbered_as_the_list_has_them(hall: Hall) -> None:
    summaries = busy(hall)
    text = "\n".join(draw(hall, summaries, numbers=True))
    assert all(f"@{number} {summary.case}" in text for number, summary in enumerate(summaries, 1))


def test_an_empty_board_says_so(hall: Hall) -> None:
    assert draw(hall, []) == ["No cases found."]

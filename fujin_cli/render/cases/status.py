"""Count open cases by community, committee, procedure and step."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.listing.summary import Summary
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.text.localized import say
from fujin_cli.render.basics.names import Names
from fujin_cli.render.basics.tables import Cell, Column, Table

Row = dict[str, Any]
COUNTS = ("open", "due_today", "overdue", "awaiting_acceptance")


def count_open_cases(summaries: Iterable[Summary], calendar: WorkingCalendar, now: datetime) -> list[Row]:
    """Count open cases per community, committee, procedure and step, in that order; ended ones are left out.

    ``due_today`` counts what is due later on the local day; what has passed is ``overdue`` instead.
    """
    rows: dict[tuple[str, str, str, str], Row] = {}
    for summary in summaries:
        if summary.outcome is not None:
            continue
        key = (summary.community, summary.committee or "", summary.procedure, summary.step)
        row = rows.setdefault(key, _empty_row(summary))
        row["open"] += 1
        row["due_today"] += _is_due_today(summary, calendar, now)
        row["overdue"] += summary.overdue
        row["awaiting_acceptance"] += summary.awaiting_acceptance
    return [rows[key] for key in sorted(rows)]


def _empty_row(summary: Summary) -> Row:
    place = {
        "community": summary.community,
        "committee": summary.committee,
        "procedure": summary.procedure,
        "step": summary.step,
    }
    return place | dict.fromkeys(COUNTS, 0)


def _is_due_today(summary: Summary, calendar: WorkingCalendar, now: datetime) -> bool:
    if summary.due is None or summary.due < now:
        return False
    return calendar.to_local(summary.due).date() == calendar.to_local(now).date()


def status_json(rows: list[Row], stranded: Iterable[tuple[object, Iterable[str]]] = ()) -> dict[str, Any]:
    """Write the rows as JSON, version 1; ``stranded`` says why and on which cases nobody is left who can act."""
    left = [{"message": str(message), "cases": [*cases]} for message, cases in stranded]
    return {"version": 1, "rows": rows, "nobody_left": left}


def status_table(rows: list[Row], workspace: Workspace, titles: Callable[[str, str], str]) -> Table:
    """Write the rows for people, with totals; ``titles`` gives the title of a procedure's step."""
    names = Names(workspace.organisation)
    return Table(
        title=say("Waiting"),
        columns=[
            Column(say("community")),
            Column(say("committee"), drop=1),
            Column(say("step")),
            Column(say("open"), right=True, whole=True),
            Column(say("due today"), right=True),
            Column(say("overdue"), right=True),
            Column(say("for acceptance"), right=True),
        ],
        rows=[
            [
                Cell(names.community_title(row["community"]), plain=row["community"]),
                Cell(names.committee_title(row["committee"]) or say("(office)"), plain=row["committee"]),
                Cell(titles(row["procedure"], row["step"]), plain=row["step"]),
                row["open"],
                row["due_today"],
                Cell(row["overdue"], style="red" if row["overdue"] else ""),
                row["awaiting_acceptance"],
            ]
            for row in rows
        ],
        empty=say("No cases are waiting."),
        footer=[say("total"), None, None, *(sum(row[name] for row in rows) for name in COUNTS)],
    )

"""Count open cases by community, committee, procedure and step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.listing.summary import Summary
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.text.localized import LocalizedText, say, title_of
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


def status_table(
    rows: list[Row], workspace: Workspace, titles: Callable[[str, str], str], *, shown: bool = True
) -> Table:
    """Write the rows with totals; ``titles`` gives the title of a procedure's step.

    ``shown``: for people, the steps of a procedure in the order of its flow, without the units that all rows share.
    Programs get every column, and the rows in the order of ids.
    """
    names = Names(workspace.organisation)
    chosen = _choose_columns(rows) if shown else PROGRAM_COLUMNS
    ordered = sorted(rows, key=lambda row: _place_in_flow(row, workspace)) if shown else rows
    return Table(
        title=_write_title(rows, workspace),
        columns=[_COLUMNS[name] for name in chosen],
        rows=[[_fill_cell(name, row, names, workspace, titles) for name in chosen] for row in ordered],
        empty=say("No cases are waiting."),
        footer=_write_totals(rows, chosen),
    )


PROGRAM_COLUMNS = ("community", "committee", "step", *COUNTS, "procedure")
_COLUMNS = {
    "community": Column(say("community"), drop=1),
    "committee": Column(say("committee"), drop=3),
    "procedure": Column(say("procedure"), drop=2),
    "step": Column(say("step")),
    "open": Column(say("open"), right=True, whole=True),
    "due_today": Column(say("due today"), right=True),
    "overdue": Column(say("overdue"), right=True),
    "awaiting_acceptance": Column(say("for acceptance"), right=True),
}


def _choose_columns(rows: list[Row]) -> list[str]:
    """Choose the columns for people: what all rows share is not repeated in each."""
    differing = [name for name in ("community", "committee", "procedure") if len({row[name] for row in rows}) > 1]
    return [*differing, "step", *COUNTS]


def _write_title(rows: list[Row], workspace: Workspace) -> LocalizedText:
    """Name the procedure above the table, where it is the same for all rows."""
    names = {row["procedure"] for row in rows}
    if len(names) != 1:
        return say("Waiting")
    return say("Waiting: {procedure}", procedure=_procedure_title(names.pop(), workspace))


def _procedure_title(name: str, workspace: Workspace) -> str:
    procedure = workspace.procedures.get(name)
    return title_of(procedure.title if procedure else None, name)


def _place_in_flow(row: Row, workspace: Workspace) -> tuple[str, str, str, int, str]:
    """Order steps as their procedure lists them; those of an older version that it lacks come last."""
    procedure = workspace.procedures.get(row["procedure"])
    steps = [*procedure.steps] if procedure else []
    place = steps.index(row["step"]) if row["step"] in steps else len(steps)
    return (row["community"], row["committee"] or "", row["procedure"], place, row["step"])


def _fill_cell(name: str, row: Row, names: Names, workspace: Workspace, titles: Callable[[str, str], str]) -> object:
    match name:
        case "community":
            return Cell(names.community_title(row["community"]), plain=row["community"])
        case "committee":
            return Cell(names.committee_title(row["committee"]) or say("(office)"), plain=row["committee"] or "")
        case "procedure":
            return Cell(_procedure_title(row["procedure"], workspace), plain=row["procedure"])
        case "step":
            return Cell(titles(row["procedure"], row["step"]), plain=row["step"])
        case "overdue":
            return Cell(row["overdue"], style="red" if row["overdue"] else "")
    return row[name]


def _write_totals(rows: list[Row], columns: Sequence[str]) -> list[object]:
    totals: list[object] = [sum(row[name] for row in rows) if name in COUNTS else None for name in columns]
    return [say("total"), *totals[1:]]

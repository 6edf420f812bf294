"""Add the days of a calendar file to workspace.yaml, for ``fujin config --add-calendar``."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from fujin_cli.commands.common.console import Console
from fujin_cli.commands.common.exit_codes import ExitCode
from fujin_cli.commands.common.stdin import read_stdin_text, read_text_file
from fujin_cli.commands.workspace.write_back import write_back
from fujin_cli.core.text.localized import say, say_count, shorten_list
from fujin_cli.store.workspace.calendar_edit import CannotEdit, YearDays, write_year_lines
from fujin_cli.store.workspace.calendar_file import CalendarDays, read_calendar_days
from fujin_cli.store.workspace.load import MARK, bytes_of
from fujin_cli.use_cases.add_calendar import CalendarRefused, plan_calendar_change, sort_new_days
from fujin_cli.use_cases.session import WrongUsage

SHOWN = 5  # titles that a sentence names


def add_calendar(console: Console, file: Path, *, dry_run: bool) -> int:
    """Write the days of ``file`` (``-`` is stdin) into workspace.yaml; exit code 1 if that cannot be done."""
    days = _read_days(file)
    if days.skipped:
        console.warn(
            say_count(
                "{count} event states no day off and was left out: {titles}",
                "{count} events state no day off and were left out: {titles}",
                count=len(days.skipped),
                titles=shorten_list(days.skipped, SHOWN),
            )
        )
    years = sort_new_days(days, console.session.calendar)
    path, root = MARK.as_posix(), console.session.root
    old = bytes_of(root, path)
    written = False
    if years:
        try:
            change = plan_calendar_change({path: old}, path, years)
        except CannotEdit:
            console.warn(say("{path} cannot be changed without losing a comment; add these lines by hand", path=path))
            console.answer(
                lambda: _answer_json(years, days, written=False, dry_run=dry_run), lambda: write_year_lines(years)
            )
            return ExitCode.FINDINGS
        except CalendarRefused as problem:
            console.warn(say("{path} was not changed: {reason}", path=path, reason=problem.message))
            return ExitCode.FINDINGS
        if not dry_run:
            if write_back(console, path, old or b"", change.text.encode()) != "written":
                return ExitCode.FINDINGS
            written = True
    console.answer(
        lambda: _answer_json(years, days, written=written, dry_run=dry_run), lambda: _answer_text(years, path, written)
    )
    return ExitCode.OK


def _read_days(file: Path) -> CalendarDays:
    """Read the days of the file. Raises WrongUsage."""
    name = str(file)
    if name == "-":
        text = read_stdin_text()
    else:
        try:
            with file.open("rb") as stream:
                text = read_text_file(stream, name)
        except OSError as problem:
            raise WrongUsage(say("{path}: {problem}", path=name, problem=problem.strerror or str(problem))) from None
    try:
        return read_calendar_days(text)
    except ValueError as problem:
        raise WrongUsage(
            say("{path}: {problem}", path=name, problem=problem.args[0]),
            say("take a calendar file (.ics), or lines such as 2027-02-05/2027-02-12 and 2027-02-14 work"),
        ) from None


def _answer_text(years: YearDays, path: str, written: bool) -> str:
    if not years:
        return str(say("the calendar has these days already; nothing was changed")) + "\n"
    sentence = say("written to {path}; review the days", path=path) if written else say("nothing was written")
    return f"{write_year_lines(years)}{sentence}\n"


def _answer_json(years: YearDays, days: CalendarDays, *, written: bool, dry_run: bool) -> dict[str, Any]:
    listed = {
        str(year): {key: [_iso(day) for day in added] for key, added in lists.items()} for year, lists in years.items()
    }
    return {"version": 1, "years": listed, "skipped": list(days.skipped), "written": written, "dry_run": dry_run}


def _iso(day: date) -> str:
    return day.isoformat()

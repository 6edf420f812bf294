"""Plan which days of a calendar file are added to workspace.yaml: those that the calendar does not say already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.text.localized import LocalizedText
from fujin_cli.store.workspace.calendar_edit import YearDays, add_calendar_days
from fujin_cli.store.workspace.calendar_file import CalendarDays


class CalendarRefused(Exception):
    """With the added days, the calendar could not be used; the argument is a LocalizedText."""

    def __init__(self, message: LocalizedText) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """The new text of workspace.yaml, and the days that it adds by year."""

    text: str
    years: YearDays


def sort_new_days(days: CalendarDays, calendar: WorkingCalendar) -> YearDays:
    """Sort the days that the calendar does not say already under the years to which they are added.

    The last days of a December that nothing covers go to the year after it, as in a notice about that year.
    """
    stated = dict.fromkeys(days.holidays, False) | dict.fromkeys(days.workdays, True)
    added = {day: works for day, works in stated.items() if not _is_said(calendar, day, works)}
    own = {day.year for day in added if day.month < 12} | (calendar.years or frozenset())
    years: dict[int, dict[str, list[date]]] = {}
    for day, works in sorted(added.items()):
        year = day.year + 1 if day.year not in own and day.year + 1 in own else day.year
        lists = years.setdefault(year, {"holidays": [], "workdays": []})
        lists["workdays" if works else "holidays"].append(day)
    return {year: {key: listed for key, listed in lists.items() if listed} for year, lists in years.items()}


def _is_said(calendar: WorkingCalendar, day: date, works: bool) -> bool:
    """Whether the calendar says the same, also of a December whose days are listed under the year after it."""
    covered = calendar.years is None or {day.year, day.year + day.month // 12} & calendar.years
    return bool(covered) and calendar.exceptions.get(day.isoformat(), day.weekday() in calendar.week) == works


def plan_calendar_change(contents: Mapping[str, bytes | None], path: str, years: YearDays) -> CalendarChange:
    """Add the days to the text of workspace.yaml, and check the calendar that it makes then.

    Raises CannotEdit, and CalendarRefused.
    """
    from fujin_cli.store.workspace.read_files import read_files

    text = add_calendar_days((contents[path] or b"").decode("utf-8-sig"), path, years)
    files = read_files({path: text.encode()})
    if files.calendar is None:
        raise CalendarRefused(files.findings[0].message)
    return CalendarChange(text, years)

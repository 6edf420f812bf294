"""Say which year the calendar lacks, and how to add it: this year, and from November on the next one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from fujin_cli.core.text.localized import LocalizedText, say

if TYPE_CHECKING:
    from datetime import datetime

    from fujin_cli.core.calendar.working_calendar import NotCovered, WorkingCalendar
    from fujin_cli.use_cases.session import Session

FIRST_MONTH = 11  # the State Council publishes the next year's days off in October or November


def find_missing_year(session: Session) -> int | None:
    """Find the year that the calendar should cover by now and does not; None also where nobody counts working days."""
    calendar = session.calendar
    if calendar.years is None or _counts_no_working_days(session.loaded.head.get("calendar")):
        return None
    today = calendar.to_local(session.now)
    needed = [today.year, today.year + 1] if today.month >= FIRST_MONTH else [today.year]
    return next((year for year in needed if year not in calendar.years), None)


def _counts_no_working_days(stated: object) -> bool:
    """Whether workspace.yaml says that there is no calendar: ``none`` and no year."""
    if isinstance(stated, Mapping):
        return stated.get("country") == "none" and not stated.get("years")
    return stated == "none"


def describe_missing_year(year: int) -> LocalizedText:
    """Say that the calendar lacks a year, and how to add it."""
    return say(
        "the calendar does not cover {year}, so nothing in working days or hours gets a due date then; once its "
        "days off are published, add them with `fujin config --add-calendar FILE.ics`, or under calendar: years: in "
        "workflows/workspace.yaml",
        year=year,
    )


def describe_doubtful_due_time(
    case: str, calendar: WorkingCalendar, gap: NotCovered | None, clock: datetime | None
) -> LocalizedText:
    """Say why a case has no due time (``gap``), or that a change of clock skips or repeats it (``clock``, local)."""
    if gap is None and clock is not None:
        from fujin_cli.core.calendar.clock_changes import describe_clock_change

        return say("{case}: {message}", case=case, message=describe_clock_change(calendar, clock))
    return say(
        "{case} has no due time: {reason}; once the days off of a year are published, add them with "
        "`fujin config --add-calendar FILE.ics`, or under calendar: years: in workflows/workspace.yaml",
        case=case,
        reason=gap.args[0] if gap else "",
    )

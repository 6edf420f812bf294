"""Find the deadlines of open cases that another calendar, other office hours or another time zone move.

Settings move none: an open case keeps the values that it was opened with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.deadlines import Deadlines
from fujin_cli.core.model.procedure import Procedure


@dataclass(frozen=True, slots=True)
class MovedDeadline:
    """Hold one open case whose deadline moves; None where a calendar does not cover the day."""

    case: str
    procedure: str
    step: str
    before: datetime | None
    after: datetime | None


def find_moved_deadlines(
    cases: Iterable[Case],
    find_version: Callable[[str], Procedure | None],
    old: WorkingCalendar,
    new: WorkingCalendar,
) -> list[MovedDeadline]:
    """Compare the deadline in force of every case, under its own version if that can be read, by two calendars."""
    moved = []
    for case in cases:
        version = find_version(case.version_digest)
        if version is None:
            continue
        before, after = (Deadlines(case, version, calendar).due_time() for calendar in (old, new))
        if before != after:
            moved.append(MovedDeadline(case.id, case.procedure, case.step, before, after))
    return moved

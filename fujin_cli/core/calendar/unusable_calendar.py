"""The calendar of a workspace whose zone, office hours or days cannot be read: it computes no deadline at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NoReturn

from fujin_cli.core.calendar.duration import Duration, Span
from fujin_cli.core.calendar.working_calendar import NotCovered, WorkingCalendar, parse_clock
from fujin_cli.core.text.localized import LocalizedText, say

OFFICE_HOURS = ((0, 24 * 60),)  # never read: nothing is computed


class CalendarUnusable(NotCovered, ValueError):
    """The calendar cannot be used; its argument is a LocalizedText. ``year`` is 0."""

    def __init__(self, reason: LocalizedText) -> None:
        Exception.__init__(self, reason)
        self.year = 0


@dataclass(frozen=True)
class UnusableCalendar(WorkingCalendar):
    """Show times in ``zone``, and refuse to compute any; ``reason`` names the invalid file."""

    reason: LocalizedText = field(default_factory=lambda: say("the calendar cannot be used"))

    def _refuse(self) -> NoReturn:
        raise CalendarUnusable(self.reason)

    def is_working_day(self, day: date) -> bool:
        """Raise NotCovered."""
        self._refuse()

    def add_duration(self, start: datetime, duration: Duration, stopped: Sequence[Span] = ()) -> datetime:
        """Raise NotCovered."""
        self._refuse()

    def clock_after(self, start: datetime, duration: Duration, stopped: Sequence[Span] = ()) -> datetime | None:
        """Raise NotCovered."""
        self._refuse()

    def subtract_duration(self, moment: datetime, duration: Duration) -> datetime:
        """Raise NotCovered."""
        self._refuse()

    def working_time(self, start: datetime, end: datetime, stopped: Sequence[Span] = ()) -> timedelta:
        """Raise NotCovered."""
        self._refuse()

    def parse_moment(self, text: str) -> datetime:
        """Read a moment; a day alone begins at no certain moment. Raises ValueError, NotCovered."""
        clock = parse_clock(text)
        if clock.tzinfo is None and clock == datetime(clock.year, clock.month, clock.day):
            self._refuse()
        return super().parse_moment(text)

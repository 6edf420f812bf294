"""The working calendar: turns a start and a duration into a moment (docs/reference/contract.md, "Time").

Moments are aware datetimes, UTC in and UTC out; days and office hours are those of the calendar's zone. Clocks are
computed from events and this calendar, never from counters.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from fujin_cli.core.calendar.duration import (
    FOREVER,
    Duration,
    Span,
    elapsed_time,
    goes_by_date,
    intersect_spans,
    moment_after,
    nth_moment,
    running_spans,
    shift_clock,
)
from fujin_cli.core.text.localized import say

Hours = tuple[tuple[int, int], ...]
WORKING_WEEK = frozenset(range(5))  # Monday to Friday
_MINUTES_A_DAY = 24 * 60
_CANONICAL = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{3,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?"
)


class NotCovered(Exception):
    """The calendar does not say which days of ``year`` are worked; its argument is a LocalizedText."""

    def __init__(self, year: int) -> None:
        super().__init__(say("the working calendar does not cover the year {year}", year=year))
        self.year = year


@dataclass(frozen=True)
class WorkingCalendar:
    """When the offices of a workspace are open.

    ``office_hours`` are minutes of the local day, sorted, not overlapping; ``weekday_hours`` has those of the weekdays
    (Monday is 0) that differ. ``week`` are the weekdays that are worked; ``exceptions`` says of a day (ISO) that
    differs from it whether it is worked. ``years`` are those it covers; None is every year. Raises ValueError for
    office hours that are empty or out of order.
    """

    zone: str
    office_hours: Hours
    exceptions: Mapping[str, bool] = field(default_factory=dict)
    years: frozenset[int] | None = None
    week: frozenset[int] = WORKING_WEEK
    weekday_hours: Mapping[int, Hours] = field(default_factory=dict)
    # A tick needs the same few days for every open case.
    _office_spans: dict[date, tuple[Span, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for hours in (self.office_hours, *self.weekday_hours.values()):
            marks = [mark for pair in hours for mark in pair]
            rising = all(opens < closes for opens, closes in hours) and marks == sorted(marks)
            if not marks or not rising or marks[0] < 0 or marks[-1] > _MINUTES_A_DAY:
                raise ValueError(say("office hours are empty, overlap, or end before they begin"))

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def is_working_day(self, day: date) -> bool:
        """Whether ``day`` is worked, make-up days (调休) included. Raises NotCovered."""
        if self.years is not None and day.year not in self.years:
            raise NotCovered(day.year)
        return self.exceptions.get(day.isoformat(), day.weekday() in self.week)

    def hours_of_weekday(self, weekday: int) -> Hours:
        """Give the office hours of a weekday (Monday is 0) when it is worked."""
        return self.weekday_hours.get(weekday, self.office_hours)

    @cached_property
    def office_days(self) -> frozenset[Hours]:
        """The different office hours that a working day can have; make-up days can fall on any weekday."""
        if not self.weekday_hours:
            return frozenset([self.office_hours])
        made_up = {date.fromisoformat(day).weekday() for day, works in self.exceptions.items() if works}
        return frozenset(self.hours_of_weekday(weekday) for weekday in self.week | made_up)

    def add_duration(self, start: datetime, duration: Duration, stopped: Sequence[Span] = ()) -> datetime:
        """Compute when a ``duration`` that began at ``start`` has run out. Raises NotCovered.

        The clock does not run during ``stopped`` (pauses, which may overlap). Hours are elapsed time. Days, weeks,
        months and years go by the local date and keep the time of day, also across a change of clock; months and years
        are clipped to the month's end. Working hours end at the very minute they are used up: at office close, not at
        the next opening. Working days end at the office close of the last one counted; the first one counted comes
        after the start's local date, and one counts only if the clock runs into its close.
        """
        if duration.unit == "working days":
            return self._find_close_after(start, duration.amount, stopped)
        if duration.unit == "working hours":
            first = self.to_local(start).date()
            open_and_running = intersect_spans(self._office_hours_from(first), running_spans(start, stopped))
            return moment_after(timedelta(hours=duration.amount), open_and_running)
        clock = self.clock_after(start, duration, stopped)
        if clock is None:
            return moment_after(elapsed_time(duration), running_spans(start, stopped))
        return self.moment_of_clock(clock)

    def clock_after(self, start: datetime, duration: Duration, stopped: Sequence[Span] = ()) -> datetime | None:
        """Compute the local time (naive) at which days or longer have run out; None for units of another kind.

        A change of clock may skip that time or repeat it (``clock_changes.py``).
        """
        if not goes_by_date(duration):
            return None
        clock = self._local_clock(start)
        pauses = [(self._local_clock(begin), self._local_clock(end)) for begin, end in stopped]
        return moment_after(shift_clock(clock, duration, 1) - clock, running_spans(clock, pauses))

    def subtract_duration(self, moment: datetime, duration: Duration) -> datetime:
        """Compute the moment that lies ``duration`` before ``moment``: a ladder's ``before``. Raises NotCovered.

        Working hours go back by office time. ``1 working day`` before is the office close of the first working day
        before the moment's local date, so that a deadline at one day's close is preceded by the close before it.
        """
        if duration.unit == "working days":
            return self._find_close_before(moment, duration.amount)
        if duration.unit == "working hours":
            return self._subtract_office_time(moment, timedelta(hours=duration.amount))
        if goes_by_date(duration):
            return self.moment_of_clock(shift_clock(self._local_clock(moment), duration, -1))
        return moment - elapsed_time(duration)

    def working_time(self, start: datetime, end: datetime, stopped: Sequence[Span] = ()) -> timedelta:
        """Compute the office time from ``start`` to ``end``, pauses left out; zero backwards. Raises NotCovered."""
        if end <= start:
            return timedelta()
        last = self.to_local(end - timedelta.resolution).date()
        office = self._office_hours_from(self.to_local(start).date(), last)
        within = intersect_spans(office, running_spans(start, [*stopped, (end, FOREVER)]))
        return sum((closes - opens for opens, closes in within), timedelta())

    def to_local(self, moment: datetime) -> datetime:
        """Convert ``moment`` to the zone's local time."""
        return moment.astimezone(self._zone)

    def _local_clock(self, moment: datetime) -> datetime:
        """Convert ``moment`` to the zone's local time without its offset; the end of time stays what it is."""
        try:
            return self.to_local(moment).replace(tzinfo=None, fold=0)
        except OverflowError:
            return datetime.max

    def is_clock_changed(self, clock: datetime) -> bool:
        """Whether a change of clock skips or repeats the local time ``clock`` (naive)."""
        first, second = (clock.replace(tzinfo=self._zone, fold=fold).utcoffset() for fold in (0, 1))
        return first != second

    def start_of_day(self, day: date) -> datetime:
        """Compute when ``day`` begins in the zone, in UTC."""
        return self.moment_of_clock(datetime.combine(day, time()))

    def parse_moment(self, text: str) -> datetime:
        """Read a moment (``written_moments``), as UTC; without an offset it is in the zone, without a time at midnight.

        Raises ValueError, whose argument is a LocalizedText, for anything else and for years before 1900 or after 2999.
        """
        moment = parse_clock(text)
        return moment.astimezone(UTC) if moment.tzinfo else self.moment_of_clock(moment)

    def moment_of_clock(self, clock: datetime) -> datetime:
        """Convert local time (naive) to UTC: the first moment of a repeated time, the jump over a skipped one.

        ``clock_changes`` says so.
        """
        moment = clock.replace(tzinfo=self._zone).astimezone(UTC)
        if self.to_local(moment).replace(tzinfo=None) == clock:
            return moment
        clock = clock.replace(microsecond=0)
        before, after = (clock.replace(tzinfo=self._zone, fold=fold).astimezone(UTC) for fold in (1, 0))
        seconds = range(int((after - before).total_seconds()) + 1)
        jumped = bisect_left(
            seconds,
            True,
            key=lambda second: self.to_local(before + timedelta(seconds=second)).replace(tzinfo=None) > clock,
        )
        return before + timedelta(seconds=jumped)

    def _office_hours_on(self, day: date) -> tuple[Span, ...]:
        """Compute the spans of ``day`` in which the office is open, in UTC; none on a day off. Raises NotCovered."""
        spans = self._office_spans.get(day)
        if spans is None:
            midnight = datetime.combine(day, time())
            hours = self.hours_of_weekday(day.weekday()) if self.is_working_day(day) else ()
            both = ([self.moment_of_clock(midnight + timedelta(minutes=mark)) for mark in pair] for pair in hours)
            spans = self._office_spans[day] = tuple((opens, closes) for opens, closes in both if opens < closes)
        return spans

    def _office_hours_from(self, first: date, last: date = date.max) -> Iterator[Span]:
        for day in _iterate_days(first, 1):
            if day > last:
                return
            yield from self._office_hours_on(day)

    def _find_close_after(self, start: datetime, amount: int, stopped: Sequence[Span]) -> datetime:
        closes = (
            spans[-1][1]
            for day in _iterate_days(self.to_local(start).date(), 1, 1)
            if (spans := self._office_hours_on(day))
        )
        counted = (close for close in closes if not any(begin < close <= end for begin, end in stopped))
        return nth_moment(counted, amount)

    def _find_close_before(self, moment: datetime, amount: int) -> datetime:
        days = _iterate_days(self.to_local(moment).date(), -1, 1)
        return nth_moment((spans[-1][1] for day in days if (spans := self._office_hours_on(day))), amount)

    def _subtract_office_time(self, moment: datetime, amount: timedelta) -> datetime:
        spans = (
            span
            for day in _iterate_days(self.to_local(moment).date(), -1)
            for span in reversed(self._office_hours_on(day))
        )
        while True:
            opens, closes = next(spans)
            closes = min(closes, moment)
            if closes - opens >= amount:
                return closes - amount
            amount -= max(closes - opens, timedelta())


def parse_clock(text: str) -> datetime:
    """Read a moment (``written_moments``); without an offset it is local time (naive). Raises ValueError."""
    try:
        moment = _read_moment(text)
    except ValueError:
        raise ValueError(say("not a date or time: {text}; write for example 2026-11-24T09:30", text=text)) from None
    if not 1900 <= moment.year <= 2999:
        raise ValueError(say("not a year between 1900 and 2999: {text}", text=text))
    return moment


def _read_moment(text: str) -> datetime:
    if _CANONICAL.fullmatch(text):
        return datetime.fromisoformat(text)
    from fujin_cli.core.calendar.written_moments import read_written_moment  # most moments are read from the ledger

    return read_written_moment(text)


def format_local_minute(calendar: WorkingCalendar, moment: datetime) -> str:
    """Write a moment for a sentence: ``2026-06-12 17:00 +08:00``."""
    local = calendar.to_local(moment)
    offset = f"{local:%z}"
    return f"{local:%Y-%m-%d %H:%M} {offset[:3]}:{offset[3:5]}"


# Where a workspace is too broken to say when its offices are open.
NO_CALENDAR: Mapping[str, Any] = {
    "zone": "UTC",
    "office_hours": [[510, 690], [810, 1020]],
    "exceptions": {},
    "years": None,
}


def calendar_from_tree(tree: Mapping[str, Any]) -> WorkingCalendar:
    """Build the calendar from plain JSON: ``zone``, ``office_hours``, ``exceptions``, ``years`` (null: every year).

    ``week`` and ``weekday_hours`` (by weekday, as text) are there only where they differ from the usual ones.
    """
    return WorkingCalendar(
        zone=tree["zone"],
        office_hours=_read_hours(tree["office_hours"]),
        exceptions=tree["exceptions"],
        years=None if tree["years"] is None else frozenset(tree["years"]),
        week=frozenset(tree.get("week", WORKING_WEEK)),
        weekday_hours={int(day): _read_hours(hours) for day, hours in tree.get("weekday_hours", {}).items()},
    )


def _read_hours(pairs: Sequence[Sequence[int]]) -> Hours:
    return tuple((opens, closes) for opens, closes in pairs)


def _iterate_days(first: date, step: int, skip: int = 0) -> Iterator[date]:
    """List days from ``first`` on, or back, without the ``skip`` first ones. Raises NotCovered past the last year."""
    for distance in count(skip):
        try:
            yield first + timedelta(days=step * distance)
        except OverflowError:
            raise NotCovered(date.max.year + 1 if step > 0 else 0) from None

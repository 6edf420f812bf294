"""Durations, such as ``30 minutes``, ``4 working hours`` and ``2 working days``.

See docs/reference/contract.md, "Time".

A duration alone has no end: a working calendar (``working_calendar.py``) adds it to a start, within the spans of time
in which it runs.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from fujin_cli.core.text.localized import LocalizedText, say, say_count

MINUTES_OF = {
    "minutes": 1,
    "hours": 60,
    "days": 24 * 60,
    "weeks": 7 * 24 * 60,
    "months": 30 * 24 * 60,
    "years": 365 * 24 * 60,
    "working hours": 60,
    # From close to close is a whole day, not only its office hours: 1 working day outlasts 8 working hours.
    "working days": 24 * 60,
}
Span = tuple[datetime, datetime]
FOREVER = datetime.max.replace(tzinfo=UTC)
UNITS = tuple(MINUTES_OF)
LONGEST = 100 * MINUTES_OF["years"]
_TEXT = re.compile(r"(?P<amount>[0-9]+)\s+(?P<unit>(?:working\s+)?[a-z]+)")


@dataclass(frozen=True, slots=True)
class Duration:
    """``amount`` (at least 1) of ``unit`` (one of ``UNITS``), at most 100 years. Raises ValueError for the rest."""

    amount: int
    unit: str

    def __post_init__(self) -> None:
        if self.unit not in MINUTES_OF:
            raise ValueError(say("unknown unit of time: {unit}; use one of {units}", unit=self.unit, units=UNITS))
        if self.amount < 1:
            raise ValueError(say("a duration is at least 1 unit"))
        if approximate_minutes(self) > LONGEST:
            raise ValueError(say("a duration is at most 100 years"))

    def __str__(self) -> str:
        """The canonical English text, as it stands in YAML: ``1 working day``."""
        return f"{self.amount} {self.unit[:-1] if self.amount == 1 else self.unit}"


def parse_duration(text: str) -> Duration:
    """Read a duration, its unit in the singular or plural.

    Raises ValueError, whose argument is a LocalizedText, for what is no duration, for zero and for more than 100 years.
    """
    match = _TEXT.fullmatch(text.strip() if text.isascii() else _narrow(text))
    if not match or len(match["amount"]) > 12:
        raise ValueError(say("not a duration: {text}; write for example 30 minutes or 2 working days", text=text))
    unit = " ".join(match["unit"].split())
    return Duration(int(match["amount"]), unit if unit.endswith("s") else f"{unit}s")


def _narrow(text: str) -> str:
    from fujin_cli.core.text.half_width import to_half_width  # most durations are ASCII

    return to_half_width(text).strip()


def approximate_minutes(duration: Duration) -> int:
    """Estimate the length in minutes, to compare durations of different units; no deadline is computed from it.

    A month counts as 30 days, a year as 365, a working hour as an hour and a working day as a day.
    """
    return duration.amount * MINUTES_OF[duration.unit]


def goes_by_date(duration: Duration) -> bool:
    """Whether the duration is counted by the local date, such as days and months, and keeps the time of day."""
    return duration.unit in ("days", "weeks", "months", "years")


def elapsed_time(duration: Duration) -> timedelta:
    """Compute the length of minutes or hours."""
    return timedelta(minutes=duration.amount * MINUTES_OF[duration.unit])


def shift_clock(clock: datetime, duration: Duration, sign: int) -> datetime:
    """Move a local time (naive) by days, weeks, months or years; a day that the month lacks becomes its last one."""
    amount = sign * duration.amount
    if duration.unit in ("days", "weeks"):
        return clock + timedelta(**{duration.unit: amount})
    months = clock.year * 12 + clock.month - 1 + (amount if duration.unit == "months" else amount * 12)
    year, month = months // 12, months % 12 + 1
    return clock.replace(year=year, month=month, day=min(clock.day, monthrange(year, month)[1]))


def describe_duration(duration: Duration) -> LocalizedText:
    """Put a duration into words."""
    count = duration.amount
    return {
        "minutes": say_count("{count} minute", "{count} minutes", count=count),
        "hours": say_count("{count} hour", "{count} hours", count=count),
        "days": say_count("{count} day", "{count} days", count=count),
        "weeks": say_count("{count} week", "{count} weeks", count=count),
        "months": say_count("{count} month", "{count} months", count=count),
        "years": say_count("{count} year", "{count} years", count=count),
        "working hours": say_count("{count} working hour", "{count} working hours", count=count),
        "working days": say_count("{count} working day", "{count} working days", count=count),
    }[duration.unit]


def running_spans(start: datetime, stopped: Sequence[Span]) -> Iterator[Span]:
    """List the spans from ``start`` on that lie outside every pause; all are moments, or all are local times."""
    for begin, end in sorted(pause for pause in stopped if pause[0] < pause[1]):
        if start < begin:
            yield start, begin
        start = max(start, end)
    forever = FOREVER if start.tzinfo else datetime.max
    if start < forever:
        yield start, forever


def intersect_spans(first: Iterator[Span], second: Iterator[Span]) -> Iterator[Span]:
    """Intersect two rising sequences of spans, reading no further than needed."""
    span, second_span = next(first, None), next(second, None)
    while span and second_span:
        begin, end = max(span[0], second_span[0]), min(span[1], second_span[1])
        if begin < end:
            yield begin, end
        if span[1] <= second_span[1]:
            span = next(first, None)
        else:
            second_span = next(second, None)


def moment_after(amount: timedelta, spans: Iterator[Span]) -> datetime:
    """Compute the moment at which ``amount`` of time has passed within ``spans``."""
    while True:
        begin, end = next(spans)
        if end - begin >= amount:
            return begin + amount
        amount -= end - begin


def nth_moment(moments: Iterator[datetime], number: int) -> datetime:
    """Get the moment with that number, counted from 1."""
    for _ in range(number - 1):
        next(moments)
    return next(moments)

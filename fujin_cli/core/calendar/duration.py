"""Durations, such as ``30 minutes``, ``4 working hours`` and ``2 working days``.

See docs/reference/contract.md, "Time".

A duration alone has no end: a working calendar (``working_calendar.py``) adds it to a start.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

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

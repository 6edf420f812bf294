"""Read days off and make-up days from a calendar file (iCalendar), or from a year's days as text.

Nothing is guessed: an event that names no whole day, that repeats, or that is no day off is named in ``skipped``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.store.workspace.calendar_years import list_days

LONGEST_EVENT = timedelta(days=366)
_WORKED = re.compile(r"班|\bwork|make-?up", re.IGNORECASE)
_LINE = re.compile(r"([0-9-]{10}(?:\s*/\s*[0-9-]{10})?)(?:[\s,;:，：]+(.*))?")
_YEAR_KEY = re.compile(r"^\s*(?:[{\"']|[0-9]{4}[\"']?\s*:)")


@dataclass(frozen=True, slots=True)
class CalendarDays:
    """The days of a file that differ from the usual week, and the titles of the events that say nothing about them."""

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    skipped: tuple[str, ...] = ()


@dataclass(slots=True)
class _Collected:
    holidays: set[date] = field(default_factory=set)
    workdays: set[date] = field(default_factory=set)
    skipped: list[str] = field(default_factory=list)

    def add_days(self, days: Iterator[date], *, worked: bool) -> None:
        (self.workdays if worked else self.holidays).update(days)


def read_calendar_days(text: str) -> CalendarDays:
    """Read the days of a text: iCalendar, YAML or JSON by year, or lines such as ``2027-02-05/2027-02-12``.

    A line ends in ``work`` or 班 where the day is worked. Raises ValueError, whose argument is a LocalizedText.
    """
    collected = _Collected()
    if text.lstrip("\ufeff \t\r\n").upper().startswith("BEGIN:VCALENDAR"):
        _read_events(text, collected)
    elif _YEAR_KEY.match(text):
        _read_tree(text, collected)
    else:
        _read_lines(text, collected)
    both = sorted(collected.holidays & collected.workdays)
    if both:
        raise ValueError(say("{day} is both a holiday and a working day", day=str(both[0])))
    return CalendarDays(
        frozenset(collected.holidays), frozenset(collected.workdays), tuple(dict.fromkeys(collected.skipped))
    )


def _read_lines(text: str, collected: _Collected) -> None:
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.partition("#")[0].strip().removeprefix("-").strip()
        if not stripped:
            continue
        match = _LINE.fullmatch(stripped)
        if not match:
            raise ValueError(_wrong_line(number, say("not a day: {text}; write for example 2027-02-06", text=stripped)))
        try:
            collected.add_days(list_days(match[1]), worked=bool(_WORKED.search(match[2] or "")))
        except ValueError as problem:
            raise ValueError(_wrong_line(number, problem.args[0])) from None


def _wrong_line(number: int, reason: LocalizedText) -> LocalizedText:
    return say("line {number}: {reason}", number=number, reason=reason)


def _read_tree(text: str, collected: _Collected) -> None:
    """Read ``2027: {holidays: […], workdays: […]}``, or a notice in the form of holiday-cn (JSON)."""
    from fujin_cli.store.yaml.read import read_yaml

    source = read_yaml(text.encode(), "-")
    tree = source.tree
    if source.findings or not isinstance(tree, Mapping):
        problem = source.findings[0].message if source.findings else say("expected a mapping of years")
        raise ValueError(problem)
    if isinstance(tree.get("days"), list):
        for day in tree["days"]:
            worked = isinstance(day, Mapping) and str(day.get("isOffDay")).lower() == "false"
            collected.add_days(list_days(str(day.get("date") if isinstance(day, Mapping) else day)), worked=worked)
        return
    for year, days in tree.items():
        if (
            not re.fullmatch(r"[0-9]{4}", year)
            or not isinstance(days, Mapping)
            or days.keys() - {"holidays", "workdays"}
        ):
            raise ValueError(
                say(
                    "{year} is not a year with holidays and workdays, as in {example}",
                    year=year,
                    example="2027: {holidays: [2027-01-01]}",
                )
            )
        for key, values in days.items():
            for value in [values] if isinstance(values, str) else values or ():
                collected.add_days(list_days(str(value)), worked=key == "workdays")


def _read_events(text: str, collected: _Collected) -> None:
    """Read the whole-day events of an iCalendar file. Raises ValueError."""
    try:
        from icalendar import Calendar
    except ImportError:
        raise ValueError(
            say("calendar files need the extra `office`: pip install 'fujin[office]'; or give the days as text")
        ) from None
    try:
        events = list(Calendar.from_ical(text).walk("VEVENT"))
    except (ValueError, KeyError, IndexError, TypeError) as problem:
        raise ValueError(say("not a calendar file: {reason}", reason=str(problem) or type(problem).__name__)) from None
    # Apple's calendars mark days off and make-up days, beside festivals on which people work.
    marked = any(event.get("X-APPLE-SPECIAL-DAY") for event in events)
    for event in events:
        _read_event(event, marked, collected)


def _read_event(event: Any, marked: bool, collected: _Collected) -> None:
    title = " ".join(str(event.get("SUMMARY", "")).split())[:60] or "?"
    mark = str(event.get("X-APPLE-SPECIAL-DAY", "")).upper()
    first, last = _span_of_event(event)
    if (
        first is None
        or last is None
        or (marked and not mark)
        or str(event.get("STATUS", "")).upper() == "CANCELLED"
        or str(event.get("DESCRIPTION", "")).startswith("Observance")  # Google's word for no day off
        or event.get("RRULE")
        or event.get("RDATE")
    ):
        collected.skipped.append(title)
        return
    if last - first > LONGEST_EVENT:
        raise ValueError(say("{text} is longer than a year", text=title))
    worked = mark == "ALTERNATE-WORKDAY" if mark else bool(_WORKED.search(title))
    collected.add_days((first + timedelta(days=n) for n in range((last - first).days)), worked=worked)


def _span_of_event(event: Any) -> tuple[date | None, date | None]:
    """Find the first day of a whole-day event and the day after its last; None for one with a time of day."""
    try:
        first = event.get("DTSTART").dt
        end = event.get("DTEND").dt if event.get("DTEND") else None
        length = event.get("DURATION").dt if event.get("DURATION") else timedelta(days=1)
    except (AttributeError, ValueError):
        return None, None
    if isinstance(first, datetime) or not isinstance(first, date) or isinstance(end, datetime):
        return None, None
    return first, max(end or first + length, first + timedelta(days=1))

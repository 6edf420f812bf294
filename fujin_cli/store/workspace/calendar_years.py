"""Compute which days are working days: from the national calendar and the years that the workspace adds.

The national calendar is a package that is slow to import, so its days are computed when the configuration is parsed and
cached with it as plain data; ``core.calendar.working_calendar.calendar_from_tree`` makes a calendar from that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fujin_cli.core.calendar.working_calendar import calendar_from_tree
from fujin_cli.core.text.localized import say

COUNTRIES = ("CN", "none")
Days = Mapping[str, Sequence[str]]
AddedYears = Mapping[str, Days] | Mapping[int, Days] | Mapping[str | int, Days]
_HOURS = re.compile(r"([0-9]{1,2}):([0-5][0-9])\s*-\s*([0-9]{1,2}):([0-5][0-9])")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def calendar_data(country: str, zone: str, office_hours: Sequence[str], added_years: AddedYears) -> dict[str, Any]:
    """Compute the plain JSON for ``calendar_from_tree``: zone, office_hours in minutes of the day, exceptions, years.

    ``CN`` takes the national notices that the package has; ``none`` is Monday to Friday in every year. Each of
    ``added_years`` has ``holidays`` and ``workdays`` (ISO days or ``first/last``), which override the package for these
    days only: a year that adds one local day off keeps its festivals. Like a national notice, a year may have days of
    the year before it; that year does not count as covered by them. Raises ValueError, whose argument is a
    LocalizedText.
    """
    if country not in COUNTRIES:
        raise ValueError(say("unknown calendar {country}; known are {countries}", country=country, countries=COUNTRIES))
    worked, covered = _read_national_days() if country == "CN" else ({}, None)
    for year, days in sorted(
        ((_parse_year(name), days) for name, days in added_years.items()), key=lambda pair: pair[0]
    ):
        worked.update(_read_added_days(year, days))
        if covered is not None:
            covered.add(year)
    calendar = {
        "zone": _check_zone(zone),
        "office_hours": sorted(_parse_office_minutes(hours) for hours in office_hours),
        "exceptions": {day.isoformat(): works for day, works in sorted(worked.items()) if works != (day.weekday() < 5)},
        "years": None if covered is None else sorted(covered),
    }
    calendar_from_tree(calendar)
    return calendar


def _read_national_days() -> tuple[dict[date, bool], set[int]]:
    """Map each day of the State Council's notices to whether it is a working day; and list the years they cover."""
    from chinese_calendar.constants import holidays, workdays  # type: ignore[import-untyped]

    worked = dict.fromkeys(holidays, False) | dict.fromkeys(workdays, True)
    return worked, set(range(min(holidays).year, max(holidays).year + 1))


def _read_added_days(year: int, days: Days) -> dict[date, bool]:
    holidays = {day for text in days.get("holidays", ()) for day in _days_between(text)}
    workdays = {day for text in days.get("workdays", ()) for day in _days_between(text)}
    for day in sorted(holidays & workdays):
        raise ValueError(say("{day} is both a holiday and a working day", day=day))
    for day in sorted(holidays | workdays):
        if day.year not in (year - 1, year):
            raise ValueError(say("{day} does not belong to the year {year}", day=str(day), year=year))
    return dict.fromkeys(holidays, False) | dict.fromkeys(workdays, True)


def _days_between(text: str) -> Iterator[date]:
    first, slash, last = text.partition("/")
    day, end = _parse_day(first), _parse_day(last if slash else first)
    if end < day:
        raise ValueError(say("{text} ends before it begins", text=text))
    if (end - day).days > 366:
        raise ValueError(say("{text} is longer than a year", text=text))
    for distance in range((end - day).days + 1):
        yield day + timedelta(days=distance)


def _parse_day(text: str) -> date:
    try:
        if not _DAY.fullmatch(text.strip()):
            raise ValueError
        return date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(say("not a day: {text}; write for example 2027-02-06", text=text)) from None


def _parse_year(name: str | int) -> int:
    if not re.fullmatch(r"[0-9]{4}", str(name)):
        raise ValueError(say("not a year: {text}; write for example 2027", text=name))
    return int(name)


def _parse_office_minutes(text: str) -> list[int]:
    match = _HOURS.fullmatch(text.strip())
    if not match:
        raise ValueError(say("not office hours: {text}; write for example 08:30-11:30", text=text))
    hour, minute, last_hour, last_minute = map(int, match.groups())
    return [hour * 60 + minute, last_hour * 60 + last_minute]


def _check_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):  # unknown, not a name at all, or a folder of zones
        raise ValueError(say("unknown time zone {zone}; write for example Asia/Shanghai", zone=name)) from None

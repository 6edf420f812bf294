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

from fujin_cli.core.calendar.working_calendar import WORKING_WEEK, calendar_from_tree
from fujin_cli.core.text.localized import LocalizedText, say

COUNTRIES = ("CN", "none")
CALENDAR_KEYS = ("zone", "office_hours", "week", "calendar")  # of workspace.yaml
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Days = Mapping[str, Sequence[str]]
AddedYears = Mapping[str, Days] | Mapping[int, Days] | Mapping[str | int, Days]
OfficeHours = Sequence[str] | Mapping[str, Sequence[str]]
_HOURS = re.compile(r"([0-9]{1,2}):([0-5][0-9])\s*-\s*([0-9]{1,2}):([0-5][0-9])")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class InvalidCalendar(ValueError):
    """Raised for settings that make no calendar; its argument is a LocalizedText, ``route`` says where they stand."""

    def __init__(self, message: LocalizedText, *route: str | int) -> None:
        super().__init__(message)
        self.route = route


def calendar_data(
    country: str, zone: str, office_hours: OfficeHours, added_years: AddedYears, week: Sequence[str] | None = None
) -> dict[str, Any]:
    """Compute the plain JSON for ``calendar_from_tree``: zone, office hours in minutes of the day, exceptions, years.

    ``CN`` takes the national notices that the package has; ``none`` covers only ``added_years``. Each of those has
    ``holidays`` and ``workdays`` (ISO days or ``first/last``), which override the package for these days only: a year
    that adds one local day off keeps its festivals. Like a national notice, a year may have days of the year before
    it; that year does not count as covered by them. ``week`` are the weekdays that are worked; None is Monday to
    Friday. Raises InvalidCalendar.
    """
    if country not in COUNTRIES:
        message = say("unknown calendar {country}; known are {countries}", country=country, countries=COUNTRIES)
        raise InvalidCalendar(message, "calendar")
    worked, covered = _read_national_days() if country == "CN" else ({}, set())
    for name, days in sorted(added_years.items(), key=lambda pair: str(pair[0])):
        try:
            worked.update(_read_added_days(_parse_year(name), days))
        except ValueError as problem:
            raise InvalidCalendar(problem.args[0], "calendar", "years", name) from None
        covered.add(_parse_year(name))
    weekdays = sorted(WORKING_WEEK if week is None else {_parse_weekday(name) for name in week})
    if not weekdays:
        raise InvalidCalendar(say("the week has no day that is worked"), "week")
    odd_days = sorted(day for day, works in worked.items() if works != (day.weekday() in weekdays))
    calendar: dict[str, Any] = {
        "zone": _check_zone(zone),
        "exceptions": {day.isoformat(): worked[day] for day in odd_days},
        "years": sorted(covered),
        **_read_office_hours(office_hours, weekdays, stated=week is not None),
        **({"week": weekdays} if frozenset(weekdays) != WORKING_WEEK else {}),
    }
    _check_made_up_days(calendar)
    try:
        calendar_from_tree(calendar)
    except ValueError as problem:
        raise InvalidCalendar(problem.args[0], "office_hours") from None
    return calendar


def _read_office_hours(office_hours: OfficeHours, week: Sequence[int], *, stated: bool) -> dict[str, Any]:
    """Read the hours of all working days, or those of each weekday. ``stated``: the workspace says its week itself."""
    if not isinstance(office_hours, Mapping):
        return {"office_hours": sorted(_parse_office_minutes(hours) for hours in office_hours)}
    by_weekday = {
        str(_parse_weekday(name)): sorted(_parse_office_minutes(span) for span in hours)
        for name, hours in office_hours.items()
    }
    for day in week:
        if str(day) not in by_weekday:
            raise InvalidCalendar(
                say("office_hours lacks {weekday}, which is worked", weekday=WEEKDAYS[day]), "office_hours"
            )
    for day in map(int, by_weekday):
        if not stated and day not in week:
            message = say("say in `week:` whether {weekday} is worked every week", weekday=WEEKDAYS[day])
            raise InvalidCalendar(message, "office_hours", WEEKDAYS[day])
    return {"office_hours": by_weekday[str(week[0])], "weekday_hours": by_weekday}


def _check_made_up_days(calendar: Mapping[str, Any]) -> None:
    """Check that every day that is worked has office hours."""
    by_weekday = calendar.get("weekday_hours") or {}
    for day, works in sorted(calendar["exceptions"].items() if by_weekday else (), reverse=True):
        weekday = date.fromisoformat(day).weekday()
        if works and str(weekday) not in by_weekday:
            message = say("office_hours lacks {weekday}, and {day} is worked", weekday=WEEKDAYS[weekday], day=day)
            raise InvalidCalendar(message, "office_hours")


def _parse_weekday(name: str) -> int:
    if name not in WEEKDAYS:
        raise InvalidCalendar(say("unknown weekday {name}; they are {weekdays}", name=name, weekdays=WEEKDAYS), "week")
    return WEEKDAYS.index(name)


def _read_national_days() -> tuple[dict[date, bool], set[int]]:
    """Map each day of the State Council's notices to whether it is a working day; and list the years they cover."""
    from chinese_calendar.constants import holidays, workdays  # type: ignore[import-untyped]

    worked = dict.fromkeys(holidays, False) | dict.fromkeys(workdays, True)
    return worked, set(range(min(holidays).year, max(holidays).year + 1))


def _read_added_days(year: int, days: Days) -> dict[date, bool]:
    holidays = {day for text in days.get("holidays", ()) for day in list_days(text)}
    workdays = {day for text in days.get("workdays", ()) for day in list_days(text)}
    for day in sorted(holidays & workdays):
        raise ValueError(say("{day} is both a holiday and a working day", day=day))
    for day in sorted(holidays | workdays):
        if day.year not in (year - 1, year):
            raise ValueError(say("{day} does not belong to the year {year}", day=str(day), year=year))
    return dict.fromkeys(holidays, False) | dict.fromkeys(workdays, True)


def list_days(text: str) -> Iterator[date]:
    """List the days of a text: a day, or ``first/last``. Raises ValueError, whose argument is a LocalizedText."""
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
        raise InvalidCalendar(say("not office hours: {text}; write for example 08:30-11:30", text=text), "office_hours")
    hour, minute, last_hour, last_minute = map(int, match.groups())
    return [hour * 60 + minute, last_hour * 60 + last_minute]


def _check_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):  # unknown, not a name at all, or a folder of zones
        message = say("unknown time zone {zone}; write for example Asia/Shanghai", zone=name)
        raise InvalidCalendar(message, "zone") from None

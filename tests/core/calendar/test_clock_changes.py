"""Days go by the local date and keep the time of day, hours are elapsed time: laws over zones whose clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fujin_cli.core.calendar.clock_changes import describe_clock_change
from fujin_cli.core.calendar.duration import Duration
from fujin_cli.core.calendar.working_calendar import WorkingCalendar

# Summer time in the north and the south, of half an hour, none at all, a date line that moved, skipped midnights.
ZONES = (
    "Europe/Amsterdam",
    "America/Chicago",
    "America/Santiago",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Asia/Shanghai",
    "Pacific/Apia",
    "America/Sao_Paulo",
    "Africa/Casablanca",
    "Asia/Beirut",
)
HOURS = ((510, 690), (810, 1020))
calendars = st.sampled_from(ZONES).map(lambda zone: WorkingCalendar(zone, HOURS))
moments = st.datetimes(datetime(2005, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=0)
)


def clock_of(calendar: WorkingCalendar, moment: datetime) -> datetime:
    return calendar.to_local(moment).replace(tzinfo=None, fold=0)


@given(calendars, moments, st.integers(1, 400), st.sampled_from([("days", 1), ("weeks", 7)]))
def test_days_and_weeks_go_by_the_local_date(
    calendar: WorkingCalendar, start: datetime, amount: int, unit: tuple[str, int]
) -> None:
    due = calendar.add_duration(start, Duration(amount, unit[0]))
    expected = clock_of(calendar, start) + timedelta(days=amount * unit[1])
    assert due > start
    if clock_of(calendar, due) != expected:  # the clocks skip it: the moment of the change is taken
        assert calendar.is_clock_changed(expected)
        assert clock_of(calendar, due) > expected > clock_of(calendar, due - timedelta(seconds=1))
    elif calendar.is_clock_changed(expected):  # it occurs twice: the first one is taken
        assert clock_of(calendar, due + timedelta(days=1)) >= expected
        assert all(clock_of(calendar, due - timedelta(minutes=n)) != expected for n in range(1, 181))


@given(calendars, moments, st.integers(1, 5000), st.sampled_from([("minutes", 1), ("hours", 60)]))
def test_hours_and_minutes_are_elapsed_time(
    calendar: WorkingCalendar, start: datetime, amount: int, unit: tuple[str, int]
) -> None:
    duration = Duration(amount, unit[0])
    assert calendar.add_duration(start, duration) - start == timedelta(minutes=amount * unit[1])
    assert start - calendar.subtract_duration(start, duration) == timedelta(minutes=amount * unit[1])


@given(calendars, moments, st.integers(1, 60), st.integers(0, 80), st.integers(0, 80))
def test_a_pause_of_whole_days_moves_the_date_and_keeps_the_time(
    calendar: WorkingCalendar, start: datetime, amount: int, begins: int, lasts: int
) -> None:
    clock = clock_of(calendar, start)
    pause = tuple(calendar.moment_of_clock(clock + timedelta(days=day)) for day in (begins, begins + lasts))
    if any(calendar.is_clock_changed(clock + timedelta(days=day)) for day in (0, begins, begins + lasts)):
        return
    due = calendar.add_duration(start, Duration(amount, "days"), [(pause[0], pause[1])])
    expected = clock + timedelta(days=amount + (lasts if begins < amount else 0))
    assert calendar.is_clock_changed(expected) or clock_of(calendar, due) == expected


@given(calendars, moments, st.integers(1, 60))
def test_before_is_the_way_back(calendar: WorkingCalendar, moment: datetime, amount: int) -> None:
    duration = Duration(amount, "days")
    before = calendar.subtract_duration(moment, duration)
    expected = clock_of(calendar, moment) - timedelta(days=amount)
    assert calendar.is_clock_changed(expected) or clock_of(calendar, before) == expected


@pytest.mark.parametrize(
    ("start", "amount", "due"),
    [
        ("2026-10-15T09:30", "14 days", "2026-10-29T09:30:00+01:00"),  # 14 days and an hour
        ("2026-03-20T09:30", "2 weeks", "2026-04-03T09:30:00+02:00"),
        ("2026-03-28T02:30", "1 day", "2026-03-29T03:00:00+02:00"),  # skipped
        ("2026-10-24T02:30", "1 day", "2026-10-25T02:30:00+02:00"),  # twice
        ("2026-10-24T09:30", "24 hours", "2026-10-25T08:30:00+01:00"),
    ],
)
def test_examples(start: str, amount: str, due: str) -> None:
    calendar = WorkingCalendar("Europe/Amsterdam", HOURS)
    count, unit = amount.split()
    duration = Duration(int(count), unit if unit.endswith("s") else f"{unit}s")
    assert calendar.to_local(calendar.add_duration(calendar.parse_moment(start), duration)).isoformat() == due


def test_the_choice_is_said() -> None:
    calendar = WorkingCalendar("Europe/Amsterdam", HOURS)
    skipped, twice = datetime(2026, 3, 29, 2, 30), datetime(2026, 10, 25, 2, 30)
    assert calendar.is_clock_changed(skipped) and calendar.is_clock_changed(twice)
    assert not calendar.is_clock_changed(datetime(2026, 10, 25, 3, 30))
    said = str(describe_clock_change(calendar, skipped))
    assert "2026-03-29 02:30 does not exist in Europe/Amsterdam" in said and "2026-03-29 03:00 +02:00" in said
    said = str(describe_clock_change(calendar, twice))
    assert "2026-10-25 02:30 occurs twice" in said and "2026-10-25 02:30 +02:00" in said

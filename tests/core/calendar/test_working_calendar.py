"""The working calendar: laws for every start, examples of days that people know, and a clock that counts minutes."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fujin_cli.core.calendar.duration import Duration, parse_duration
from fujin_cli.core.calendar.working_calendar import NotCovered, WorkingCalendar, calendar_from_tree

OFFICE = ((510, 690), (810, 1050))  # 08:30-11:30, 13:30-17:30
# Spring festival 2026: off from Sunday the 15th to Monday the 23rd of February, worked on two Saturdays.
FESTIVAL = {f"2026-02-{day}": False for day in (16, 17, 18, 19, 20, 23)} | {"2026-02-14": True, "2026-02-28": True}
SHANGHAI = WorkingCalendar("Asia/Shanghai", OFFICE, FESTIVAL, frozenset({2025, 2026}))
AMSTERDAM = WorkingCalendar("Europe/Amsterdam", OFFICE)
# Every night, weekends too around the two nights when the clocks change; its edges avoid the hour that comes twice.
NIGHTS = {"2026-03-28": True, "2026-03-29": True, "2026-10-24": True, "2026-10-25": True}
NIGHT_SHIFT = WorkingCalendar("Europe/Amsterdam", ((0, 90), (90, 240), (1320, 1440)), NIGHTS)
# Edges inside the hour that is skipped in March and comes twice in October.
NIGHT_EDGES = WorkingCalendar("Europe/Amsterdam", ((60, 150), (160, 170), (175, 200)), NIGHTS)
LORD_HOWE = WorkingCalendar("Australia/Lord_Howe", ((60, 105), (110, 400)), {"2026-10-04": True, "2026-04-05": True})
CALENDARS = (SHANGHAI, AMSTERDAM, NIGHT_SHIFT, NIGHT_EDGES, LORD_HOWE)

MINUTE = timedelta(minutes=1)
CLOSE_TO_A_CHANGE = st.sampled_from(
    [
        datetime(2026, 3, 28, 12),
        datetime(2026, 10, 24, 12),
        datetime(2026, 2, 13),
        datetime(2026, 10, 3),
        datetime(2026, 4, 4),
    ]
)
OFFSETS = st.integers(0, 5 * 86_400).map(lambda seconds: timedelta(seconds=seconds))
ANY_TIME = st.integers(0, 400 * 86_400).map(lambda seconds: datetime(2025, 2, 1) + timedelta(seconds=seconds))
STARTS = st.one_of(ANY_TIME, st.builds(lambda near, offset: near + offset, CLOSE_TO_A_CHANGE, OFFSETS)).map(
    lambda naive: naive.replace(tzinfo=UTC)
)
EXACT = ("minutes", "hours", "days", "weeks")
LIMITS = {"minutes": 5000, "hours": 200, "days": 20, "weeks": 3, "working hours": 60, "working days": 15}
DURATIONS = st.sampled_from(sorted(LIMITS)).flatmap(
    lambda unit: st.builds(Duration, st.integers(1, LIMITS[unit]), st.just(unit))
)
CALENDAR_TIMES = st.builds(Duration, st.integers(1, 3), st.sampled_from(["months", "years"]))
OFFICE_TIMES = st.integers(1, 60).map(lambda hours: Duration(hours, "working hours"))
PAUSES = st.lists(st.tuples(st.integers(-3000, 12000), st.one_of(st.just(0), st.integers(1, 4000))), max_size=4)


def placed(start, pauses):
    """Pauses given in minutes from ``start`` and minutes of length, as the calendar takes them."""
    begin = start.replace(second=0)
    return [(begin + at * MINUTE, begin + (at + length) * MINUTE) for at, length in pauses]


def at(calendar, text):
    return calendar.parse_moment(text)


def shown(calendar, moment):
    return calendar.to_local(moment).strftime("%Y-%m-%d %H:%M:%S")


def due(calendar, start, duration, *stopped):
    pauses = [(at(calendar, begin), at(calendar, end)) for begin, end in stopped]
    return shown(calendar, calendar.add_duration(at(calendar, start), parse_duration(duration), pauses))


def is_open(calendar, moment, stopped=()):
    """The oracle: whether the office is open, and no pause runs, in the minute that begins at ``moment``."""
    local = calendar.to_local(moment)
    minute = local.hour * 60 + local.minute
    worked = calendar.exceptions.get(local.date().isoformat(), local.weekday() < 5)
    hours = any(opens <= minute < closes for opens, closes in calendar.office_hours)
    return worked and hours and not any(begin <= moment < end for begin, end in stopped)


# --- laws -----------------------------------------------------------------------------------------------------------


@given(st.sampled_from(CALENDARS), STARTS, st.one_of(DURATIONS, CALENDAR_TIMES), PAUSES)
def test_a_deadline_lies_after_its_start_and_in_utc(calendar, start, duration, pauses):
    assume(calendar.years is None or duration.unit not in ("months", "years"))
    end = calendar.add_duration(start, duration, placed(start, pauses))
    assert end > start
    assert end.tzinfo is UTC


@given(st.sampled_from(CALENDARS), STARTS, STARTS, DURATIONS, PAUSES)
def test_who_starts_later_ends_no_earlier(calendar, one, other, duration, pauses):
    first, second = sorted((one, other))
    stopped = placed(first, pauses)
    assert calendar.add_duration(first, duration, stopped) <= calendar.add_duration(second, duration, stopped)


@given(st.sampled_from(CALENDARS), STARTS, st.one_of(DURATIONS, CALENDAR_TIMES), st.integers(0, 5), PAUSES)
def test_a_longer_duration_ends_no_earlier(calendar, start, duration, more, pauses):
    stopped = placed(start, pauses)
    longer = Duration(duration.amount + more, duration.unit)
    assert calendar.add_duration(start, duration, stopped) <= calendar.add_duration(start, longer, stopped)


@pytest.mark.slow
@given(st.sampled_from(CALENDARS), STARTS, st.one_of(DURATIONS, CALENDAR_TIMES), PAUSES, PAUSES, st.randoms())
def test_a_pause_never_shortens_and_their_order_does_not_matter(calendar, start, duration, pauses, more, random):
    some, all_of_them = placed(start, pauses), placed(start, pauses + more)
    end = calendar.add_duration(start, duration, all_of_them)
    assert calendar.add_duration(start, duration) <= calendar.add_duration(start, duration, some) <= end
    random.shuffle(all_of_them)
    assert calendar.add_duration(start, duration, all_of_them) == end


@pytest.mark.slow
@given(STARTS, DURATIONS.filter(lambda duration: duration.unit in EXACT), PAUSES)
def test_wall_time_is_the_duration_and_what_was_paused(start, duration, pauses):
    stopped = placed(start, pauses)
    end = SHANGHAI.add_duration(start, duration, stopped)
    edges = sorted({start, end} | {edge for pause in stopped for edge in pause if start < edge < end})
    ran = sum(
        (
            later - earlier
            for earlier, later in pairwise(edges)
            if not any(begin <= earlier < finish for begin, finish in stopped)
        ),
        timedelta(),
    )
    assert ran == timedelta(**{duration.unit: duration.amount})
    assert SHANGHAI.subtract_duration(SHANGHAI.add_duration(start, duration), duration) == start


@given(st.sampled_from(CALENDARS), STARTS, OFFICE_TIMES, PAUSES)
def test_working_hours_are_office_time_and_end_within_it(calendar, start, duration, pauses):
    stopped = placed(start, pauses)
    end = calendar.add_duration(start, duration, stopped)
    assert calendar.working_time(start, end, stopped) == timedelta(hours=duration.amount)
    assert calendar.working_time(start, end - timedelta(seconds=1), stopped) < timedelta(hours=duration.amount)


@given(st.sampled_from((SHANGHAI, AMSTERDAM, NIGHT_SHIFT)), STARTS, OFFICE_TIMES)
def test_working_hours_end_while_the_office_is_open_or_as_it_closes(calendar, start, duration):
    assert is_open(calendar, calendar.add_duration(start, duration) - timedelta(seconds=1))


@given(st.sampled_from(CALENDARS), STARTS, OFFICE_TIMES)
def test_going_back_undoes_going_on_but_for_time_off(calendar, moment, duration):
    before = calendar.subtract_duration(moment, duration)
    assert calendar.working_time(before, moment) == timedelta(hours=duration.amount)
    assert calendar.working_time(calendar.add_duration(before, duration), moment) == timedelta()
    again = calendar.subtract_duration(calendar.add_duration(moment, duration), duration)
    assert again >= moment
    assert calendar.working_time(moment, again) == timedelta()


@given(st.sampled_from(CALENDARS), STARTS, st.integers(1, 15))
def test_working_days_end_at_the_close_of_the_last_one_counted(calendar, start, amount):
    end = calendar.to_local(calendar.add_duration(start, Duration(amount, "working days")))
    first = calendar.to_local(start).date()
    midnight = calendar.office_hours[-1][1] == 1440
    last = (end - MINUTE).date() if midnight else end.date()
    days = [first + timedelta(days=distance) for distance in range(1, (last - first).days + 1)]
    assert sum(calendar.is_working_day(day) for day in days) == amount
    assert calendar.is_working_day(last)
    assert midnight or end.hour * 60 + end.minute == calendar.office_hours[-1][1]


@given(st.sampled_from((SHANGHAI, AMSTERDAM)), STARTS, st.integers(1, 15))
def test_from_one_close_to_another_and_back(calendar, start, amount):
    duration = Duration(amount, "working days")
    close = calendar.add_duration(start, Duration(1, "working days"))
    assert calendar.subtract_duration(calendar.add_duration(close, duration), duration) == close
    assert calendar.add_duration(calendar.subtract_duration(close, duration), duration) == close
    assert calendar.subtract_duration(start, duration) < start


@pytest.mark.slow
@given(st.sampled_from(CALENDARS), st.lists(STARTS, min_size=3, max_size=3).map(sorted), PAUSES)
def test_working_time_adds_up_and_pauses_only_take_away(calendar, moments, pauses):
    first, second, third = moments
    stopped = placed(first, pauses)
    parts = calendar.working_time(first, second, stopped) + calendar.working_time(second, third, stopped)
    assert calendar.working_time(first, third, stopped) == parts <= calendar.working_time(first, third) <= third - first
    assert calendar.working_time(third, first) == timedelta()


@pytest.mark.slow
@settings(max_examples=60)
@given(st.sampled_from((SHANGHAI, AMSTERDAM, NIGHT_SHIFT)), STARTS, st.integers(1, 6), PAUSES)
def test_working_hours_agree_with_counting_minutes(calendar, start, hours, pauses):
    start = start.replace(second=0)
    stopped = placed(start, pauses)
    moment, left = start, hours * 60
    while left:
        left -= is_open(calendar, moment, stopped)
        moment += MINUTE
    assert calendar.add_duration(start, Duration(hours, "working hours"), stopped) == moment


@pytest.mark.slow
@settings(max_examples=60)
@given(st.sampled_from((SHANGHAI, AMSTERDAM, NIGHT_SHIFT)), STARTS, st.integers(0, 6000), PAUSES)
def test_working_time_agrees_with_counting_minutes(calendar, start, length, pauses):
    start = start.replace(second=0)
    stopped = placed(start, pauses)
    counted = sum(is_open(calendar, start + minute * MINUTE, stopped) for minute in range(length))
    assert calendar.working_time(start, start + length * MINUTE, stopped) == counted * MINUTE


# --- days that people know ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "duration", "end"),
    [
        ("2026-03-02T07:00:05", "30 minutes", "2026-03-02 07:30:05"),
        ("2026-03-06T17:00", "3 days", "2026-03-09 17:00:00"),
        ("2026-03-02T07:00", "2 working days", "2026-03-04 17:30:00"),  # before opening
        ("2026-03-02T23:00", "2 working days", "2026-03-04 17:30:00"),  # after close
        ("2026-03-07T12:00", "2 working days", "2026-03-10 17:30:00"),  # on a day off
        ("2026-03-02T10:00:07", "1 working hour", "2026-03-02 11:00:07"),
        ("2026-03-02T10:00:07", "2 working hours", "2026-03-02 14:00:07"),  # over noon
        ("2026-03-02T09:30", "2 working hours", "2026-03-02 11:30:00"),  # at close, not at the next opening
        ("2026-03-02T06:00", "1 working hour", "2026-03-02 09:30:00"),
        ("2026-03-02T12:00", "1 working hour", "2026-03-02 14:30:00"),
        ("2026-03-06T17:00", "1 working hour", "2026-03-09 09:00:00"),
        ("2026-02-13T10:00", "1 working day", "2026-02-14 17:30:00"),  # a Saturday that is worked
        ("2026-02-13T10:00", "2 working days", "2026-02-24 17:30:00"),  # past the festival
        ("2026-02-14T17:00", "1 working hour", "2026-02-24 09:00:00"),
        ("2026-02-18T12:00", "4 working hours", "2026-02-24 14:30:00"),
        ("2026-02-27T12:00", "1 working day", "2026-02-28 17:30:00"),
        ("2026-01-31T09:00", "1 month", "2026-02-28 09:00:00"),
        ("2026-01-31T09:00", "2 months", "2026-03-31 09:00:00"),
        ("2026-02-01T00:30", "1 month", "2026-03-01 00:30:00"),  # January still, in UTC
        ("2028-02-29T09:00", "1 year", "2029-02-28 09:00:00"),
        ("2026-12-05T09:00", "14 months", "2028-02-05 09:00:00"),
    ],
)
def test_deadlines_in_shanghai(start, duration, end):
    assert due(SHANGHAI, start, duration) == end


@pytest.mark.parametrize(
    ("pause", "duration", "end"),
    [
        (("2026-03-02T12:00", "2026-03-03T12:00"), "1 day", "2026-03-04 10:00:00"),
        (("2026-03-02T09:00", "2026-03-02T11:00"), "30 minutes", "2026-03-02 11:30:00"),  # paused at its start
        (("2026-03-02T11:00", "2026-03-02T14:00"), "1 hour", "2026-03-02 11:00:00"),  # used up as the pause begins
        (("2026-03-02T11:00", "2026-03-02T14:00"), "2 working hours", "2026-03-02 15:00:00"),
        (("2026-03-02T18:00", "2026-03-03T08:00"), "8 working hours", "2026-03-03 11:00:00"),  # no office time lost
        (("2026-03-03T09:00", "2026-03-03T16:00"), "2 working days", "2026-03-04 17:30:00"),  # runs again by its close
        (("2026-03-03T16:00", "2026-03-04T09:00"), "2 working days", "2026-03-05 17:30:00"),
        (("2026-03-03T16:00", "2026-03-03T17:30"), "2 working days", "2026-03-05 17:30:00"),
        (("2026-03-03T17:30", "2026-03-04T09:00"), "2 working days", "2026-03-04 17:30:00"),  # begins as it closes
        (("2026-03-03T16:00", "2026-03-02T16:00"), "2 working days", "2026-03-04 17:30:00"),  # ends before it begins
    ],
)
def test_the_clock_stands_still_in_a_pause(pause, duration, end):
    assert due(SHANGHAI, "2026-03-02T10:00", duration, pause) == end


@pytest.mark.parametrize(
    ("moment", "duration", "before"),
    [
        ("2026-03-04T17:30", "1 working day", "2026-03-03 17:30:00"),
        ("2026-03-04T10:00", "1 working day", "2026-03-03 17:30:00"),
        ("2026-03-09T17:30", "1 working day", "2026-03-06 17:30:00"),
        ("2026-02-24T17:30", "2 working days", "2026-02-13 17:30:00"),
        ("2026-03-04T10:00", "2 working hours", "2026-03-03 17:00:00"),
        ("2026-03-04T10:30", "2 working hours", "2026-03-04 08:30:00"),
        ("2026-03-04T20:00", "4 working hours", "2026-03-04 13:30:00"),
        ("2026-03-04T17:30", "45 minutes", "2026-03-04 16:45:00"),
        ("2026-03-31T17:30", "1 month", "2026-02-28 17:30:00"),
        ("2026-01-05T08:00", "1 month", "2025-12-05 08:00:00"),
    ],
)
def test_a_reminder_before_a_deadline(moment, duration, before):
    assert shown(SHANGHAI, SHANGHAI.subtract_duration(at(SHANGHAI, moment), parse_duration(duration))) == before


def test_make_up_days_are_working_days():
    worked = [day for day in range(1, 29) if SHANGHAI.is_working_day(date(2026, 2, day))]
    assert worked == [2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 14, 24, 25, 26, 27, 28]


# --- years nobody has told --------------------------------------------------------------------------------------------


def test_a_year_that_is_not_covered_is_named_and_never_guessed():
    start = at(SHANGHAI, "2026-12-31T10:00")
    for unfit in (Duration(1, "working days"), Duration(7, "working hours")):
        with pytest.raises(NotCovered, match="2027") as refusal:
            SHANGHAI.add_duration(start, unfit)
        assert refusal.value.year == 2027
    with pytest.raises(NotCovered):
        SHANGHAI.is_working_day(date(2027, 1, 4))
    with pytest.raises(NotCovered) as refusal:
        SHANGHAI.subtract_duration(at(SHANGHAI, "2025-01-01T10:00"), Duration(2, "working hours"))
    assert refusal.value.year == 2025 - 1
    with pytest.raises(NotCovered):
        SHANGHAI.working_time(start, at(SHANGHAI, "2027-01-01T00:01"))


def test_the_year_is_asked_for_only_where_it_matters():
    start = at(SHANGHAI, "2026-12-31T12:00")
    assert shown(SHANGHAI, SHANGHAI.add_duration(start, Duration(4, "working hours"))) == "2026-12-31 17:30:00"
    assert shown(SHANGHAI, SHANGHAI.add_duration(start, Duration(3, "days"))) == "2027-01-03 12:00:00"
    assert due(SHANGHAI, "2030-05-01T12:00", "30 minutes") == "2030-05-01 12:30:00"
    assert SHANGHAI.working_time(start, at(SHANGHAI, "2027-01-01")) == timedelta(hours=4)


def test_past_the_last_year_of_all_there_is_no_calendar():
    with pytest.raises(NotCovered):
        AMSTERDAM.add_duration(datetime(9999, 12, 31, 12, tzinfo=UTC), Duration(1, "working days"))
    with pytest.raises(NotCovered):
        AMSTERDAM.subtract_duration(datetime(1, 1, 1, 12, tzinfo=UTC), Duration(1, "working days"))


# --- clocks that change -----------------------------------------------------------------------------------------------


def test_moments_are_read_in_the_zone_unless_they_say_otherwise():
    assert at(SHANGHAI, "2026-11-24T09:30") == datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
    assert at(SHANGHAI, " 2026-11-24 ") == datetime(2026, 11, 23, 16, tzinfo=UTC)
    assert at(SHANGHAI, "2026-11-24T09:30Z") == datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    assert at(SHANGHAI, "2026-11-24T09:30+02:00") == datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
    assert at(AMSTERDAM, "2026-10-25T02:30") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # comes twice: the first
    assert at(AMSTERDAM, "2026-03-29T02:30:15.5") == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)  # skipped: the jump
    assert at(SHANGHAI, "2026-11-24T09:30").tzinfo is UTC


@pytest.mark.parametrize(
    "text", ["", "tomorrow", "2026-02-30", "24.11.2026", "2026-11-24T25:00", "0001-01-01", "9999-12-31"]
)
def test_what_is_no_moment_is_refused_in_words(text):
    with pytest.raises(ValueError, match=r"not a (date|year)"):
        SHANGHAI.parse_moment(text)


@given(st.sampled_from(CALENDARS), STARTS)
def test_a_moment_shown_with_its_offset_is_read_back(calendar, moment):
    assert calendar.parse_moment(calendar.to_local(moment).isoformat()) == moment
    assert calendar.start_of_day(calendar.to_local(moment).date()) <= moment


def test_a_day_begins_at_its_first_moment():
    assert SHANGHAI.start_of_day(date(2026, 11, 24)) == datetime(2026, 11, 23, 16, tzinfo=UTC)
    cairo = WorkingCalendar("Africa/Cairo", OFFICE)  # its clocks went from midnight to one o'clock
    assert cairo.to_local(cairo.start_of_day(date(2024, 4, 26))).isoformat() == "2024-04-26T01:00:00+03:00"


def test_a_day_that_a_zone_left_out_is_no_working_day():
    apia = WorkingCalendar("Pacific/Apia", OFFICE)  # there was no Friday, 30 December 2011
    assert due(apia, "2011-12-29T10:00", "1 working day") == "2012-01-02 17:30:00"
    assert due(apia, "2011-12-29T17:00", "1 working hour") == "2012-01-02 09:00:00"


def test_office_hours_follow_the_clocks_through_a_change():
    assert due(AMSTERDAM, "2026-03-27T17:00", "1 working hour") == "2026-03-30 09:00:00"
    assert due(AMSTERDAM, "2026-10-23T10:00", "1 working day") == "2026-10-26 17:30:00"
    night = timedelta(hours=6)  # 00:00-04:00 and 22:00-24:00
    for day, change in (("2026-03-29", -1), ("2026-10-25", 1), ("2026-10-26", 0)):
        start = NIGHT_SHIFT.start_of_day(date.fromisoformat(day))
        end = NIGHT_SHIFT.start_of_day(date.fromisoformat(day) + timedelta(days=1))
        assert NIGHT_SHIFT.working_time(start, end) == night + timedelta(hours=change)


# --- making one -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "hours",
    [(), ((600, 600),), ((600, 500),), ((500, 700), (600, 800)), ((600, 700), (500, 550)), ((-1, 5),), ((5, 1441),)],
)
def test_office_hours_that_make_no_day_are_refused(hours):
    with pytest.raises(ValueError, match="office hours"):
        WorkingCalendar("Asia/Shanghai", hours)


def test_a_calendar_is_plain_data():
    data = {
        "zone": "Asia/Shanghai",
        "office_hours": [[510, 690], [810, 1050]],
        "exceptions": FESTIVAL,
        "years": [2025, 2026],
    }
    assert calendar_from_tree(data) == SHANGHAI
    assert calendar_from_tree(data | {"years": None}).years is None


def test_reading_a_calendar_imports_nothing_heavy():
    code = (
        "import sys, fujin_cli.core.calendar.working_calendar, fujin_cli.store.workspace.calendar_years\n"
        "heavy = {'chinese_calendar', 'pydantic', 'ruamel.yaml', 'rich', 'typer', 'tinydb'}\n"
        "print(heavy & sys.modules.keys())"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.render.basics.moments import (
    format_day,
    format_iso,
    format_moment,
    format_short_moment,
    time_left_words,
    zone_note,
)

SHANGHAI = WorkingCalendar("Asia/Shanghai", ((510, 690),))
BERLIN = WorkingCalendar("Europe/Berlin", ((510, 690),))
MOMENT = datetime(2026, 6, 12, 9, 0, 0, 999999, tzinfo=UTC)


def test_iso_has_the_zones_offset_and_seconds() -> None:
    assert format_iso(MOMENT, SHANGHAI) == "2026-06-12T17:00:00+08:00"
    assert format_iso(None, SHANGHAI) is None


def test_for_people() -> None:
    assert format_moment(MOMENT, SHANGHAI) == "2026-06-12 17:00 +08:00"
    assert format_day(MOMENT + timedelta(hours=8), SHANGHAI) == "2026-06-13"
    assert str(zone_note(SHANGHAI, MOMENT)) == "times are Asia/Shanghai, +08:00"


def test_short_leaves_the_offset_out_only_where_the_note_says_it() -> None:
    winter = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    assert format_short_moment(MOMENT, BERLIN, MOMENT) == "2026-06-12 11:00"
    assert format_short_moment(winter, BERLIN, MOMENT) == "2026-12-01 09:00 +01:00"
    assert format_short_moment(None, BERLIN, MOMENT) == ""


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(seconds=59), "now"),
        (timedelta(seconds=-59), "now"),
        (timedelta(minutes=1), "in 1 min"),
        (timedelta(minutes=59, seconds=59), "in 59 min"),
        (timedelta(hours=2, minutes=30), "in 2 h"),
        (timedelta(hours=47), "in 47 h"),
        (timedelta(hours=48), "in 2 days"),
        (timedelta(minutes=-5), "5 min late"),
        (timedelta(hours=-1), "1 h late"),
        (timedelta(days=-3, hours=-5), "3 days late"),
    ],
)
def test_how_far_off(left: timedelta, words: str) -> None:
    assert str(time_left_words(MOMENT + left, MOMENT)) == words

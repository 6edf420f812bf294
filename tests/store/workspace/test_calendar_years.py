"""Which days are worked: the package against the State Council's notices, and the workspace's years over both."""

from __future__ import annotations

import json
import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from fujin_cli.core.calendar.duration import parse_duration
from fujin_cli.core.calendar.working_calendar import NotCovered, calendar_from_tree
from fujin_cli.core.text.localized import LocalizedText
from fujin_cli.store.workspace.calendar_years import calendar_data
from tests.support.paths import ROOT

NOTICES = Path(os.environ.get("FUJIN_SAMPLES") or ROOT.parent / "shared" / "samples") / "calendar" / "holiday-cn"
HOURS = ["08:30-11:30", "13:30-17:30"]


def data(country="CN", zone="Asia/Shanghai", hours=HOURS, years=None, week=None):
    return calendar_data(country, zone, hours, years or {}, week)


def named_days():
    """Every day that the notices name and whether it is worked."""
    files = sorted(NOTICES.glob("*.json"))
    if not files:
        pytest.skip(f"no notices in {NOTICES}: set FUJIN_SAMPLES to the folder of samples")
    notices = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    days = {date.fromisoformat(day["date"]): not day["isOffDay"] for notice in notices for day in notice["days"]}
    return days, [notice["year"] for notice in notices]


def test_every_day_of_the_notices_years_is_worked_as_they_say():
    named, years = named_days()
    assert {2018, 2026} <= set(years)
    calendar = calendar_from_tree(data())
    length = (date(max(years), 12, 31) - date(min(years), 1, 1)).days + 1
    days = [date(min(years), 1, 1) + timedelta(days=distance) for distance in range(length)]
    wrong = [day for day in days if calendar.is_working_day(day) != named.get(day, day.weekday() < 5)]
    assert wrong == []


def test_the_package_is_read_as_it_answers():
    import chinese_calendar

    calendar = calendar_from_tree(data())
    days = [date(2004, 1, 1) + timedelta(days=distance) for distance in range(0, 365 * 22, 3)]
    assert [calendar.is_working_day(day) for day in days] == [chinese_calendar.is_workday(day) for day in days]


def test_the_data_is_plain_json_and_says_only_what_differs():
    known = data()
    assert json.loads(json.dumps(known)) == known
    assert known["office_hours"] == [[510, 690], [810, 1050]]
    assert {2004, 2026} <= set(known["years"])
    assert known["exceptions"]["2026-02-14"] is True  # a Saturday, worked
    assert known["exceptions"]["2026-02-16"] is False
    assert "2026-02-15" not in known["exceptions"]  # a Sunday, off in any case


def test_a_year_that_the_package_does_not_know_is_added_in_yaml():
    missing = max(data()["years"]) + 1
    with pytest.raises(NotCovered):
        calendar_from_tree(data()).is_working_day(date(missing, 3, 1))
    for name in (missing, str(missing)):
        calendar = calendar_from_tree(
            data(years={name: {"holidays": [f"{missing}-02-05/{missing}-02-12", f"{missing}-01-01"]}})
        )
        worked = [day for day in range(1, 15) if calendar.is_working_day(date(missing, 2, day))]
        assert not set(worked) & set(range(5, 13))
        assert not calendar.is_working_day(date(missing, 1, 1))
        assert calendar.is_working_day(date(2026, 2, 14))


def test_the_workspace_wins_over_the_package_day_by_day():
    calendar = calendar_from_tree(
        data(years={"2026": {"holidays": ["2026-02-14", "2026-03-04"], "workdays": ["2026-02-16"]}})
    )
    assert not calendar.is_working_day(date(2026, 2, 14))
    assert calendar.is_working_day(date(2026, 2, 16))
    assert not calendar.is_working_day(date(2026, 3, 4))
    assert not calendar.is_working_day(date(2026, 2, 17))  # the festival stays


def test_a_year_may_speak_of_the_end_of_the_year_before_it():
    years = {"2028": {"holidays": ["2027-12-31/2028-01-02"], "workdays": ["2027-12-25"]}, "2027": {}}
    calendar = calendar_from_tree(data("none", years=years))
    assert calendar.is_working_day(date(2027, 12, 25))
    assert not calendar.is_working_day(date(2027, 12, 31))
    alone = calendar_from_tree(data(years={"2029": {"holidays": ["2028-12-29"]}}))
    with pytest.raises(NotCovered):
        alone.is_working_day(date(2028, 12, 29))


def test_without_a_country_only_the_listed_years_are_covered():
    calendar = calendar_from_tree(data("none", "Europe/Amsterdam", years={"2026": {"holidays": ["2026-04-27"]}}))
    assert calendar.is_working_day(date(2026, 2, 16))
    assert not calendar.is_working_day(date(2026, 4, 27))
    assert not calendar.is_working_day(date(2026, 2, 14))
    for year in (2025, 2027):
        with pytest.raises(NotCovered, match=str(year)):
            calendar.is_working_day(date(year, 3, 1))
    assert calendar_from_tree(data("none")).years == frozenset()


def test_a_week_may_begin_on_sunday():
    week = ["sunday", "monday", "tuesday", "wednesday", "thursday"]
    days = {"2026": {"workdays": ["2026-01-09"], "holidays": ["2026-01-04"]}}
    calendar = calendar_from_tree(data("none", "Asia/Dubai", years=days, week=week))
    worked = [day for day in range(1, 18) if calendar.is_working_day(date(2026, 1, day))]
    assert worked == [1, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15]  # 4: a holiday; 9: a make-up day


BY_WEEKDAY = {
    "monday": ["09:00-17:00"],
    "tuesday": ["09:00-17:00"],
    "wednesday": ["09:00-12:00"],
    "thursday": ["09:00-17:00"],
    "friday": ["09:00-13:00", "14:00-16:00"],
}


def test_each_weekday_may_have_its_own_office_hours():
    calendar = calendar_from_tree(data("none", "Europe/Amsterdam", hours=BY_WEEKDAY, years={"2026": {}}))
    tuesday = calendar.parse_moment("2026-06-02T16:00")

    def due(text):
        return calendar.to_local(calendar.add_duration(tuesday, parse_duration(text))).strftime("%d %H:%M")

    assert due("1 working day") == "03 12:00"
    assert due("3 working days") == "05 16:00"
    assert due("4 working hours") == "03 12:00"
    assert due("5 working hours") == "04 10:00"
    assert calendar.to_local(calendar.subtract_duration(tuesday, parse_duration("8 working hours"))).hour == 16


def test_the_calendar_is_the_same_as_json():
    hours = BY_WEEKDAY | {"saturday": ["10:00-11:00"]}
    days = data("none", "Europe/Amsterdam", hours, {"2026": {"workdays": ["2026-06-06"]}}, week=list(BY_WEEKDAY))
    calendar = calendar_from_tree(json.loads(json.dumps(days)))
    assert calendar == calendar_from_tree(days)
    assert calendar.hours_of_weekday(5) == ((600, 660),)
    assert len(calendar.office_days) == 4


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"country": "XX"}, "unknown calendar XX; known are CN, none"),
        ({"week": []}, "the week has no day"),
        ({"week": ["funday"]}, "unknown weekday funday"),
        ({"country": "none", "hours": BY_WEEKDAY | {"saturday": ["09:00-12:00"]}}, "whether saturday is worked"),
        ({"country": "none", "hours": {"monday": ["09:00-12:00"]}}, "lacks tuesday, which is worked"),
        ({"hours": BY_WEEKDAY}, "lacks s[a-z]+day, and 20.* is worked"),
        ({"hours": BY_WEEKDAY | {"monday": ["9-5"]}}, "not office hours: 9-5"),
        ({"country": "none", "hours": BY_WEEKDAY | {"monday": []}}, "office hours are empty"),
        ({"zone": "Asia/Fujin"}, "unknown time zone Asia/Fujin"),
        ({"zone": ""}, "unknown time zone"),
        ({"zone": "Asia"}, "unknown time zone"),
        ({"zone": "../etc/passwd"}, "unknown time zone"),
        ({"hours": []}, "office hours are empty"),
        ({"hours": ["8-12"]}, "not office hours: 8-12"),
        ({"hours": ["08:30-25:00"]}, "office hours"),
        ({"hours": ["12:00-08:00"]}, "office hours"),
        ({"hours": ["08:00-12:00", "11:00-15:00"]}, "overlap"),
        ({"years": {"next": {}}}, "not a year: next"),
        ({"years": {"2027": {"holidays": ["2027-02-30"]}}}, "not a day: 2027-02-30"),
        ({"years": {"2027": {"holidays": ["20270206"]}}}, "not a day: 20270206"),
        ({"years": {"2027": {"holidays": ["2027-02-06/"]}}}, "not a day"),
        ({"years": {"2027": {"holidays": ["2027-02-06/2027-02-01"]}}}, "ends before it begins"),
        ({"years": {"2027": {"holidays": ["2027-02-06/9999-12-31"]}}}, "longer than a year"),
        ({"years": {"2027": {"holidays": ["2072-02-06"]}}}, "2072-02-06 does not belong to the year 2027"),
        (
            {"years": {"2027": {"holidays": ["2027-02-06"], "workdays": ["2027-02-06"]}}},
            "both a holiday and a working day",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_words(wrong, reason):
    with pytest.raises(ValueError, match=reason) as refusal:
        data(**wrong)
    assert isinstance(refusal.value.args[0], LocalizedText)


def test_office_hours_may_come_in_any_order_and_end_at_midnight():
    assert data(hours=["13:30-24:00", " 8:30 - 11:30 "])["office_hours"] == [[510, 690], [810, 1440]]

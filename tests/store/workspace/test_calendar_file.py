"""Which days a calendar file states: iCalendar of several makers, a year's days as text, YAML or JSON."""

from __future__ import annotations

from datetime import date

import pytest

from fujin_cli.core.text.localized import LocalizedText
from fujin_cli.store.workspace.calendar_file import read_calendar_days
from tests.store.workspace.test_calendar_years import NOTICES


def calendar(*events: str) -> str:
    inside = "".join(f"BEGIN:VEVENT\r\nUID:{n}\r\n{event}\r\nEND:VEVENT\r\n" for n, event in enumerate(events))
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x\r\n{inside}END:VCALENDAR\r\n"


def event(first: str, title: str, *more: str) -> str:
    return "\r\n".join([f"DTSTART;VALUE=DATE:{first}", f"SUMMARY:{title}", *more])


def days(*texts: str) -> frozenset[date]:
    return frozenset(map(date.fromisoformat, texts))


def test_whole_days_are_days_off_and_make_up_days_are_worked() -> None:
    pytest.importorskip("icalendar")
    text = calendar(
        event("20270101", "元旦", "DTEND;VALUE=DATE:20270104"),
        event("20270220", "春节（班）"),
        event("20270704", "Independence Day", "DURATION:P2D"),
        event("20271225", "Christmas", "DTEND;VALUE=DATE:20271225"),
    )
    read = read_calendar_days(text)
    assert read.holidays == days("2027-01-01", "2027-01-02", "2027-01-03", "2027-07-04", "2027-07-05", "2027-12-25")
    assert read.workdays == days("2027-02-20")
    assert read.skipped == ()


def test_events_that_are_no_days_off_are_named() -> None:
    pytest.importorskip("icalendar")
    text = calendar(
        event("20270214", "Valentine's Day", "DESCRIPTION:Observance\\nTo hide it"),
        event("20270301", "Called off", "STATUS:CANCELLED"),
        event("20271225", "Each year", "RRULE:FREQ=YEARLY"),
        "DTSTART:20270220T100000Z\r\nSUMMARY:Meeting",
        "SUMMARY:Never",
    )
    read = read_calendar_days(text)
    assert read.holidays == read.workdays == frozenset()
    assert read.skipped == ("Valentine's Day", "Called off", "Each year", "Meeting", "Never")


def test_marks_of_a_maker_win_over_titles() -> None:
    pytest.importorskip("icalendar")
    text = calendar(
        event("20270220", "春节", "X-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY"),
        event("20270206", "春节", "X-APPLE-SPECIAL-DAY:WORK-HOLIDAY"),
        event("20270808", "立秋"),
    )
    read = read_calendar_days(text)
    assert (read.holidays, read.workdays, read.skipped) == (days("2027-02-06"), days("2027-02-20"), ("立秋",))


def test_a_year_as_lines() -> None:
    read = read_calendar_days("# 2027\n2027-01-01 元旦\n- 2027-02-05/2027-02-07\n\n2027-02-20 work\n2027-09-26，补班\n")
    assert read.holidays == days("2027-01-01", "2027-02-05", "2027-02-06", "2027-02-07")
    assert read.workdays == days("2027-02-20", "2027-09-26")


def test_a_year_as_yaml() -> None:
    read = read_calendar_days("2027: {holidays: [2027-01-01, 2027-05-01/2027-05-02], workdays: 2027-02-20}\n2028: {}\n")
    assert read.holidays == days("2027-01-01", "2027-05-01", "2027-05-02")
    assert read.workdays == days("2027-02-20")


def test_a_notice_as_json() -> None:
    notices = sorted(NOTICES.glob("2026.json"))
    if not notices:
        pytest.skip(f"no notices in {NOTICES}: set FUJIN_SAMPLES to the folder of samples")
    read = read_calendar_days(notices[0].read_text("utf-8"))
    assert date(2026, 2, 16) in read.holidays
    assert date(2026, 2, 14) in read.workdays


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2027-02-30", "line 1: not a day: 2027-02-30"),
        ("2027-01-01\nfoo", "line 2: not a day: foo"),
        ("2027-01-03/2027-01-01", "line 1: .* ends before it begins"),
        ("2027-01-01\n2027-01-01 work", "both a holiday and a working day"),
        ("2027: [2027-01-01]", "2027 is not a year with holidays and workdays"),
        ("2027: {holiday: [2027-01-01]}", "2027 is not a year with holidays and workdays"),
        ("2027: {holidays: [2027-01-32]}", "not a day"),
        ("2027: {", "."),
        ("BEGIN:VCALENDAR\nnonsense", "not a calendar file|need the extra"),
    ],
)
def test_texts_that_state_no_days_are_refused_in_words(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as refusal:
        read_calendar_days(text)
    assert isinstance(refusal.value.args[0], LocalizedText)

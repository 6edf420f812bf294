"""In which order rungs are due: on any calendar, and by the office hours of a workspace."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fujin_cli.core.calendar.duration import parse_duration
from fujin_cli.core.explore.duration_bounds import is_never_longer
from fujin_cli.core.findings.finding import Finding
from fujin_cli.rules.guarantees import fj401_violated, fj402_inevitably_violated, fj403_never_fulfilled, fj409_undecided
from fujin_cli.rules.support.context import RuleContext
from tests.support.small_town import procedure, town

HOURS = ((510, 690), (810, 1020))  # six and a half hours a day
TEXT = """
steps:
  one:
    owner: clerk
    within: 1 working day
    ladder: [LADDER]
    actions: {go: {to: done, by: clerk, tell: [clerk]}PAUSE}
  done: {end: done}
guarantees:
  heard-first: {before: {enter: done}, require: {tells: clerk}}
"""


@pytest.mark.parametrize(
    ("shorter", "longer", "backwards", "expected"),
    [
        ("60 minutes", "1 hour", False, (True, True)),
        ("1 hour", "90 minutes", False, (True, False)),
        ("6 days", "1 week", False, (True, False)),
        ("12 months", "1 year", False, (True, True)),
        ("4 weeks", "1 month", False, (False, False)),  # February may have 28 days, less an hour
        ("27 days", "1 month", False, (True, False)),
        ("6 working hours", "1 working day", False, (True, False)),
        ("7 working hours", "1 working day", False, (False, False)),
        ("1 working day", "14 working hours", False, (True, False)),
        ("1 working hour", "1 working day", True, (False, False)),  # the day may begin at the last close
        ("6 working hours", "2 working days", True, (True, False)),
        ("4 hours", "4 working hours", False, (True, False)),
        ("12 hours", "1 working day", False, (True, False)),
        ("17 hours", "1 working day", False, (False, False)),
        ("late", "1 hour", False, (False, False)),
    ],
)
def test_durations_of_different_units_are_compared(
    shorter: str, longer: str, backwards: bool, expected: tuple[bool, bool]
) -> None:
    there = is_never_longer(shorter, longer, backwards, HOURS)
    assert (there, is_never_longer(longer, shorter, backwards, HOURS)) == expected


DURATIONS = st.builds(
    lambda amount, unit: f"{amount} {unit}",
    st.integers(1, 40),
    st.sampled_from(["minutes", "hours", "days", "weeks", "months", "working hours", "working days"]),
)
CALENDAR = town(country="none").build_calendar()


@given(DURATIONS, DURATIONS, st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)), st.booleans(), st.booleans())
@settings(deadline=None)
def test_what_is_never_longer_ends_no_later_on_the_calendar(
    first: str, second: str, local: datetime, backwards: bool, strictly: bool
) -> None:
    if not is_never_longer(first, second, backwards, CALENDAR.office_hours, strictly):
        return
    moment = local.replace(tzinfo=UTC)
    if backwards:  # a deadline
        ends = [CALENDAR.subtract_duration(moment, parse_duration(text)) for text in (second, first)]
    else:
        ends = [CALENDAR.add_duration(moment, parse_duration(text)) for text in (first, second)]
    assert ends[0] < ends[1] or (ends[0] == ends[1] and not strictly)


def judged(*rungs: str, pause: str = "") -> list[Finding]:
    text = TEXT.replace("LADDER", ", ".join(rungs)).replace("PAUSE", pause)
    context = RuleContext(town(procedure(text)), date(2026, 6, 1))
    rules = (fj401_violated, fj402_inevitably_violated, fj403_never_fulfilled, fj409_undecided)
    return [finding for rule in rules for finding in rule.check(context)]


@pytest.mark.parametrize(
    ("first", "second"),
    [("1 hour", "90 minutes"), ("4 working hours", "1 working day"), ("1 working day", "3 working days")],
)
def test_a_rung_that_is_due_first_happens_first_whatever_its_unit(first: str, second: str) -> None:
    tells, moves = f"{{after: {first}, tell: [clerk]}}", f"{{after: {second}, to: done}}"
    assert judged(tells, moves) == []
    (finding,) = judged(tells.replace(first, second), moves.replace(second, first))
    assert finding.code == "FJ401"


def test_a_pause_may_hide_a_part_of_a_working_day() -> None:
    pause = ", wait: {by: clerk, stops_clock_until: day, needs: {day: {within: 10 days}}}"
    text = TEXT.replace("steps:", "fields: {day: {type: date, optional: yes}}\nsteps:", 1)
    tree = procedure(
        text.replace("LADDER", "{after: 6 working hours, tell: [clerk]}, {after: 1 working day, to: done}").replace(
            "PAUSE", pause
        )
    )
    context = RuleContext(town(tree), date(2026, 6, 1))
    found = [f.code for rule in (fj401_violated, fj409_undecided) for f in rule.check(context)]
    assert found == ["FJ409"]  # the run that would violate it needs a pause that hides most of a day


def test_a_reminder_that_is_always_due_before_the_arrival_never_happens() -> None:
    (finding,) = judged("{before: 1 hour, tell: [street]}", "{at: deadline, to: done}")
    assert finding.code == "FJ401"
    text = TEXT.replace("within: 1 working day", "within: 1 hour").replace("PAUSE", "")
    text = text.replace("LADDER", "{before: 60 minutes, to: done}").replace("require: {tells: clerk}", "require: go")
    context = RuleContext(town(procedure(text)), date(2026, 6, 1))
    assert list(fj401_violated.check(context)) == []

"""Durations as YAML writes them, compares them and screens say them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fujin_cli.core.calendar.duration import (
    LONGEST,
    MINUTES_OF,
    UNITS,
    Duration,
    approximate_minutes,
    describe_duration,
    parse_duration,
)
from fujin_cli.core.text.localized import LocalizedText

DURATIONS = st.sampled_from(UNITS).flatmap(
    lambda unit: st.builds(Duration, st.integers(1, LONGEST // MINUTES_OF[unit]), st.just(unit))
)


@pytest.mark.slow
@given(DURATIONS)
def test_the_canonical_text_says_the_same_duration(duration):
    assert parse_duration(str(duration)) == duration


@pytest.mark.parametrize(
    ("text", "duration", "canonical"),
    [
        ("30 minutes", Duration(30, "minutes"), "30 minutes"),
        ("1 working day", Duration(1, "working days"), "1 working day"),
        ("1 working days", Duration(1, "working days"), "1 working day"),
        ("2 working day", Duration(2, "working days"), "2 working days"),
        ("  4  working   hours ", Duration(4, "working hours"), "4 working hours"),
        ("007 days", Duration(7, "days"), "7 days"),
        ("100 years", Duration(100, "years"), "100 years"),
    ],
)
def test_singular_plural_and_spaces_are_the_writers_choice(text, duration, canonical):
    assert parse_duration(text) == duration
    assert str(duration) == canonical


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not a duration"),
        ("days", "not a duration"),
        ("30", "not a duration"),
        ("30minutes", "not a duration"),
        ("-1 days", "not a duration"),
        ("1.5 hours", "not a duration"),
        ("two days", "not a duration"),
        ("1_0 days", "not a duration"),
        ("3 days 4 hours", "not a duration"),
        ("9" * 5000 + " days", "not a duration"),
        ("0 days", "at least 1"),
        ("3 fortnights", "unknown unit of time: fortnights"),
        ("3 working weeks", "unknown unit of time: working weeks"),
        ("3 s", "unknown unit of time: s"),
        ("101 years", "at most 100 years"),
        ("999999999999 minutes", "at most 100 years"),
    ],
)
def test_what_is_no_duration_is_refused_in_words(text, reason):
    with pytest.raises(ValueError, match=reason) as refusal:
        parse_duration(text)
    assert isinstance(refusal.value.args[0], LocalizedText)


def test_durations_of_different_units_can_be_compared():
    texts = ["30 minutes", "59 minutes", "1 working hour", "23 hours", "1 working day", "1 week", "1 month", "1 year"]
    ranks = [approximate_minutes(parse_duration(text)) for text in texts]
    assert ranks == sorted(ranks)
    assert approximate_minutes(parse_duration("8 working hours")) < approximate_minutes(parse_duration("1 working day"))
    assert approximate_minutes(parse_duration("2 working hours")) == 120


@given(DURATIONS)
def test_a_screen_says_what_yaml_says_in_english(duration):
    assert str(describe_duration(duration)) == str(duration)


def test_each_unit_has_a_template_for_one_and_for_many():
    messages = [describe_duration(Duration(1, unit)) for unit in UNITS]
    assert len({template for message in messages for template in (message.text, message.plural)}) == 2 * len(UNITS)
    assert describe_duration(Duration(3, "working days")).values == {"count": 3}

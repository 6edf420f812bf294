"""Pauses: clocks stand still for a reason and until a date; nothing else does."""

from __future__ import annotations

import pytest

from fujin_cli.core.findings.refusals import INPUT_MISSING, INPUT_UNFIT, LIMIT_REACHED, NOT_ENTITLED, NOT_NOW, Refusal
from tests.support.case_sandbox import CaseSandbox
from tests.support.small_town import sandbox

LOOP = """
fields: {reason: {type: text, optional: yes}, day: {type: date, optional: yes}}
steps:
  one:
    owner: clerk
    within: 5 working days
    ladder:
      - {before: 3 working days, tell: [clerk]}
      - {at: deadline, tell: [clerk]}
      - {after: 1 working day, raise: street}
    actions: {again: {to: one, by: clerk}, go: {to: two, by: clerk}, end: {to: three, by: clerk}}
  two: {owner: clerk, within: 1 working day, actions: {end: {to: three, by: clerk}}}
  three: {end: done}
anytime:
  pause:
    in: [one, three]
    by: coordinator
    needs: {reason: given, day: {within: 10 working days}}
    stops_clock_until: day
    limit: 2
    tell: {clerk: reason}
  note: {by: clerk}
"""


@pytest.fixture
def opened() -> tuple[CaseSandbox, str]:
    d = sandbox(LOOP)
    return d, d.open("loop", "clerk-1")


def paused(d: CaseSandbox, case: str, day: str = "2026-06-09") -> None:
    d.do(case, "pause", "coordinator-1", reason="waiting for a part", day=day)


def test_a_pause_pushes_the_deadline_by_what_it_takes_away(opened: tuple[CaseSandbox, str]) -> None:
    d, case = opened
    assert d.due(case) == "2026-06-08T17:00"
    paused(d, case)
    running = d.replay_case(case).running_pause
    assert running is not None
    assert d.local(running.planned) == "2026-06-09T00:00"
    assert d.due(case) == "2026-06-15T17:00"  # the five days are Tuesday to Monday
    assert d.step(case) == "one"


def test_a_pause_needs_a_reason_and_a_date_not_too_far_off(opened: tuple[CaseSandbox, str]) -> None:
    d, case = opened
    assert d.refused(case, "pause", "coordinator-1", day="2026-06-05").code == INPUT_MISSING
    assert d.refused(case, "pause", "coordinator-1", reason="x").code == INPUT_MISSING
    for day in ("2026-06-16", "2026-06-01", "2026-05-31", "0001-01-01"):
        assert d.refused(case, "pause", "coordinator-1", reason="x", day=day).code == INPUT_UNFIT, day
    assert d.refused(case, "pause", "clerk-1", reason="x", day="2026-06-05").code == NOT_ENTITLED
    paused(d, case, "2026-06-15")


def test_what_is_paused_cannot_be_paused_again(opened: tuple[CaseSandbox, str]) -> None:
    d, case = opened
    paused(d, case)
    assert d.refused(case, "pause", "coordinator-1", reason="x", day="2026-06-10").code == NOT_NOW


def test_a_pause_ends_on_its_date(opened: tuple[CaseSandbox, str]) -> None:
    d, case = opened
    paused(d, case)
    assert d.at("2026-06-08T23:59").tick(case) == []
    assert d.at("2026-06-09T00:00").tick(case) == ["resume"]
    assert d.replay_case(case).running_pause is None
    assert d.due(case) == "2026-06-15T17:00"
    assert d.tick(case) == []


def test_a_late_tick_does_not_lengthen_a_pause(opened: tuple[CaseSandbox, str]) -> None:
    d, case = opened
    paused(d, case)
    assert d.at("2026-06-15T17:00").tick(case) == ["resume", "one.ladder.1", "one.ladder.2"]
    assert d.due(case) == "2026-06-15T17:00"
    assert [event.data.get("scheduled", "")[:16] for _, event in d.happened] == [
        "2026-06-08T16:00",
        "2026-06-10T09:00",
        "2026-06-15T09:00",
    ]


def test_somebody_who_may_pause_may_resume(opened: tuple[CaseSandbox, str]) -> None:
    d, case = opened
    paused(d, case)
    d.at("2026-06-03T10:00")
    with pytest.raises(Refusal) as caught:
        d.resume(case, "clerk-1")
    assert caught.value.code == NOT_ENTITLED
    d.resume(case, "coordinator-1", note="it came")
    [(_, event)] = d.happened
    assert (event.kind, event.by, event.note) == ("resume", "coordinator-1", "it came")
    assert d.due(case) == "2026-06-09T17:00"  # only Tuesday was lost
    with pytest.raises(Refusal) as caught:
        d.resume(case, "coordinator-1")
    assert caught.value.code == NOT_NOW
    d.check_replay(case)


def test_resuming_late_by_hand_does_not_lengthen_it_either(opened: tuple[CaseSandbox, str]) -> None:
    d, case = opened
    paused(d, case)
    d.at("2026-06-12T10:00").resume(case, "coordinator-1")
    assert d.due(case) == "2026-06-15T17:00"


def test_leaving_the_step_ends_the_pause(opened: tuple[CaseSandbox, str]) -> None:
    d, case = opened
    paused(d, case)
    d.at("2026-06-02T10:00").do(case, "go", "clerk-1")
    assert d.replay_case(case).running_pause is None
    assert d.due(case) == "2026-06-03T17:00"
    assert d.at("2026-06-09T00:00").tick(case) == []


def test_leaving_an_overrun_pause_ends_it_as_planned(opened: tuple[CaseSandbox, str]) -> None:
    d, case = opened
    paused(d, case, "2026-06-03")
    d.at("2026-06-05T10:00").do(case, "go", "clerk-1")
    [pause] = d.replay_case(case).pauses
    assert d.local(pause.end) == "2026-06-03T00:00"


def test_pauses_are_limited(opened: tuple[CaseSandbox, str]) -> None:
    d, case = opened
    for _ in range(2):
        paused(d, case)
        d.resume(case, "coordinator-1")
    assert d.refused(case, "pause", "coordinator-1", reason="x", day="2026-06-05").code == LIMIT_REACHED


def test_a_pause_is_only_where_the_procedure_says_and_never_at_an_end(opened: tuple[CaseSandbox, str]) -> None:
    d, case = opened
    d.do(case, "go", "clerk-1")
    assert "pause" not in d.moves(case)
    d.do(case, "end", "clerk-1")
    assert "pause" not in d.moves(case)
    assert d.can(case, "note")


def test_a_pause_stops_clocks_only(opened: tuple[CaseSandbox, str]) -> None:
    d, case = opened
    paused(d, case)
    d.do(case, "note", "clerk-1")
    assert d.replay_case(case).running_pause is not None
    assert d.at("2026-06-08T20:00").tick(case) == []  # the first deadline would have passed


def test_a_reminder_moves_with_the_deadline(opened: tuple[CaseSandbox, str]) -> None:
    d, case = opened
    d.at("2026-06-03T18:00")  # the reminder was due at five; nobody has ticked yet
    paused(d, case)
    assert d.tick(case) == []
    assert d.due(case) == "2026-06-11T17:00"
    assert d.at("2026-06-08T17:00").tick(case) == []  # three days before, but in the pause
    assert d.at("2026-06-09T00:00").tick(case) == ["resume", "one.ladder.1"]


def test_a_pause_while_the_case_is_late_does_not_make_it_punctual(opened: tuple[CaseSandbox, str]) -> None:
    d, case = opened
    d.at("2026-06-09T09:00")
    paused(d, case, "2026-06-12")
    assert d.due(case) == "2026-06-08T17:00"
    assert d.deadlines(case).is_overdue(d.now)
    assert d.tick(case) == ["one.ladder.1", "one.ladder.2"]
    assert d.at("2026-06-11T09:00").tick(case) == []  # one working day after stands still
    assert d.at("2026-06-12T17:00").tick(case) == ["resume", "one.ladder.3"]


def test_where_no_calendar_covers_the_date_it_must_still_lie_ahead() -> None:
    d = sandbox(LOOP, country="CN", now="2099-06-01T09:00")
    case = d.open("loop", "clerk-1")
    assert d.refused(case, "pause", "coordinator-1", reason="x", day="2099-05-01").code == INPUT_UNFIT
    d.do(case, "pause", "coordinator-1", reason="x", day="2099-06-05")
    assert d.at("2099-06-05T00:00").tick(case) == ["resume"]


def test_a_pause_until_a_moment() -> None:
    d = sandbox(LOOP.replace("day: {type: date", "day: {type: moment"))
    case = d.open("loop", "clerk-1")
    paused(d, case, "2026-06-03T15:00")
    assert d.at("2026-06-03T14:59").tick(case) == []
    assert d.at("2026-06-03T15:00").tick(case) == ["resume"]


def test_a_pause_always_has_an_end_that_lies_ahead() -> None:
    d = sandbox(LOOP.replace("needs: {reason: given, day: {within: 10 working days}}", "may: [day]"))
    case = d.open("loop", "clerk-1")
    assert d.refused(case, "pause", "coordinator-1").code == INPUT_MISSING
    assert d.refused(case, "pause", "coordinator-1", day="2026-06-01").code == INPUT_UNFIT
    d.do(case, "pause", "coordinator-1", day="2026-06-03")
    d.at("2026-06-04T09:00").tick(case)
    assert d.refused(case, "pause", "coordinator-1").code == INPUT_UNFIT  # the day of the last pause is over
    assert d.replay_case(case).counts == {"anytime.pause": 1}

"""Deadlines and their ladders: what happens before, at and after a time, each once for every visit of the step."""

from __future__ import annotations

import pytest

from tests.support.case_sandbox import CaseSandbox
from tests.support.small_town import sandbox

LADDER = """
settings: {time: {type: duration, default: 2 working days}}
steps:
  one:
    owner: clerk
    within: time
    ladder:
      - {before: 1 working day, tell: [clerk]}
      - {at: deadline, tell: [clerk]}
      - {after: 1 working day, raise: community}
      - {after: 2 working days, raise: street}
    actions: {stay: {by: [clerk, community, street]}, again: {to: one, by: clerk}, go: {to: two, by: clerk}}
  two: {end: done}
"""


def opened(text: str, **options: str) -> tuple[CaseSandbox, str]:
    d = sandbox(text, **options)
    return d, d.open("loop", "clerk-1")


def test_the_deadline_counts_working_days() -> None:
    d, case = opened(LADDER)  # Monday
    assert d.due(case) == "2026-06-03T17:00"
    assert [d.local(d.deadlines(case).rung_time(rung)) for rung in d.version_of(case).steps["one"].ladder] == [
        "2026-06-02T17:00",
        "2026-06-03T17:00",
        "2026-06-04T17:00",
        "2026-06-05T17:00",
    ]


def test_each_rung_fires_once_at_its_minute() -> None:
    d, case = opened(LADDER)
    moments = (
        "06-02T16:59",
        "06-02T17:00",
        "06-02T17:01",
        "06-03T17:00",
        "06-03T17:00",
        "06-04T17:00",
        "06-05T17:00",
        "07-05T17:00",
    )
    assert [(moment, d.at(f"2026-{moment}").tick(case)) for moment in moments] == [
        ("06-02T16:59", []),
        ("06-02T17:00", ["one.ladder.1"]),
        ("06-02T17:01", []),
        ("06-03T17:00", ["one.ladder.2"]),
        ("06-03T17:00", []),
        ("06-04T17:00", ["one.ladder.3"]),
        ("06-05T17:00", ["one.ladder.4"]),
        ("07-05T17:00", []),
    ]
    d.check_replay(case)


def test_a_late_tick_fires_everything_in_order_with_its_own_time_and_reminds_nobody_too_late() -> None:
    d, case = opened(LADDER)
    d.at("2026-07-01T09:00")
    assert d.tick(case) == [f"one.ladder.{number}" for number in (1, 2, 3, 4)]
    scheduled = [event.data["scheduled"] for _, event in d.happened]
    assert scheduled == sorted(scheduled)
    assert {event.at for _, event in d.happened} == {d.now}
    assert d.tells() == [
        ("clerk", "clerk-1", "demand"),
        ("clerk", "next-1", "demand"),
        ("community", "supervisor-1", "raised"),
        ("street", "street-1", "raised"),
        ("street", "street-2", "raised"),
    ]
    assert d.tick(case) == []


def test_rungs_fire_again_on_the_next_visit_but_not_for_an_action_that_stays() -> None:
    d, case = opened(LADDER)
    d.at("2026-06-03T17:00").tick(case)
    d.do(case, "stay", "clerk-1")
    assert d.tick(case) == []
    d.do(case, "again", "clerk-1")
    assert d.tick(case) == []
    assert d.due(case) == "2026-06-05T17:00"
    assert d.at("2026-06-05T17:00").tick(case) == ["one.ladder.1", "one.ladder.2"]


def test_a_reminder_that_would_come_before_the_step_is_left_out() -> None:
    d, case = opened(LADDER.replace("2 working days}", "2 working hours}"))
    assert d.due(case) == "2026-06-01T11:00"
    assert d.deadlines(case).rung_time(d.version_of(case).steps["one"].ladder[0]) is None
    assert d.at("2026-06-01T11:00").tick(case) == ["one.ladder.2"]


def test_raising_gives_one_fresh_deadline_and_stays_late() -> None:
    d, case = opened(LADDER)
    assert not d.deadlines(case).is_overdue(d.at("2026-06-03T17:00").now)
    assert d.deadlines(case).is_overdue(d.at("2026-06-03T17:01").now)
    d.at("2026-06-04T17:00").tick(case)
    assert d.replay_case(case).raised == ("community",)
    assert d.due(case) == "2026-06-08T17:00"  # two working days from Thursday's close
    d.at("2026-06-05T17:00").tick(case)
    assert d.replay_case(case).raised == ("community", "street")
    assert d.due(case) == "2026-06-08T17:00"  # once
    assert d.deadlines(case).is_overdue(d.now)
    d.do(case, "again", "clerk-1")
    assert d.replay_case(case).raised == ()
    assert not d.deadlines(case).is_overdue(d.now)
    assert d.due(case) == "2026-06-09T17:00"


def test_the_raised_levels_stay_until_the_step_is_left() -> None:
    d, case = opened(LADDER)
    d.at("2026-06-05T17:00").tick(case)
    d.do(case, "stay", "supervisor-1")
    d.do(case, "stay", "street-1")
    assert d.step(case) == "one"
    d.do(case, "go", "street-2")
    assert not d.deadlines(case).is_overdue(d.now)
    assert d.at("2026-08-01T09:00").tick(case) == []


def test_a_rung_can_move_the_case() -> None:
    d, case = opened("""
        steps:
          one:
            owner: clerk
            within: 1 hour
            ladder: [{after: 1 hour, to: two, tell: {clerk: progress}}]
            actions: {stay: {by: clerk}}
          two: {owner: clerk, within: 1 hour, ladder: [{at: deadline, to: late}], on_enter: {tell: {street: reason}}}
          late: {end: unanswered, counts_as: answered}
        """)
    d.later(hours=2)
    assert d.tick(case) == ["one.ladder.1"]
    assert d.tells() == [
        ("clerk", "clerk-1", "progress"),
        ("clerk", "former-1", "progress"),
        ("street", "street-1", "reason"),
        ("street", "street-2", "reason"),
    ]
    assert d.step(case) == "two"
    d.later(hours=5)
    assert d.tick(case) == ["two.ladder.1"]
    assert (d.replay_case(case).outcome, d.replay_case(case).counts_as) == ("unanswered", ("answered",))
    assert d.tick(case) == []
    d.check_replay(case)


LIMITED = """
steps:
  one:
    owner: clerk
    within: 1 hour
    ladder: [{at: deadline, to: one, limit: 2, tell: {clerk: demand}THEN}]
    actions: {go: {to: two, by: clerk}}
  two: {end: done}
  three: {end: unanswered}
"""


def test_a_rungs_limit_leads_elsewhere_with_effects_of_its_own() -> None:
    d, case = opened(LIMITED.replace("THEN", ", then: {to: three, tell: {street: reason}}"))
    for _ in range(2):
        assert d.later(hours=1).tick(case) == ["one.ladder.1"]
        assert {to for to, _, _ in d.tells()} == {"clerk"}
        assert d.step(case) == "one"
    assert d.later(hours=1).tick(case) == ["one.ladder.1"]
    assert {to for to, _, _ in d.tells()} == {"street"}
    assert d.replay_case(case).outcome == "unanswered"


def test_a_rungs_otherwise_to_the_same_step_has_its_own_effects_too() -> None:
    d, case = opened(LIMITED.replace("THEN", ", then: {to: one, tell: {street: reason}}"))
    for _ in range(2):
        d.later(hours=1).tick(case)
    assert {to for to, _, _ in d.tells()} == {"clerk"}
    d.later(hours=1).tick(case)
    assert {to for to, _, _ in d.tells()} == {"street"}


def test_a_rungs_limit_without_otherwise_keeps_it_from_happening_again() -> None:
    d, case = opened(LIMITED.replace("THEN", ""))
    for _ in range(2):
        assert d.later(hours=1).tick(case) == ["one.ladder.1"]
    assert d.later(hours=1).tick(case) == []
    assert d.step(case) == "one"
    assert d.deadlines(case).is_overdue(d.later(hours=1).now)


def test_a_rung_into_an_end_waits_for_open_children_and_lets_later_rungs_pass() -> None:
    loop = """
        steps:
          one:
            owner: clerk
            within: 1 hour
            ladder: [{at: deadline, to: late}, {after: 1 hour, tell: [clerk]}]
            on_enter: {opens: {orders: {procedure: order}}}
            actions: {stay: {by: clerk}}
          late: {end: late}
        """
    order = """
        procedure: order
        steps: {one: {owner: clerk, actions: {go: {to: two, by: clerk}}}, two: {end: done}}
        """
    d = sandbox(loop, order)
    case = d.open("loop", "clerk-1")
    assert d.later(hours=1).tick(case) == []
    assert d.later(hours=1).tick(case) == ["one.ladder.2"]
    [child] = d.children(case, "orders")
    d.do(child, "go", "clerk-1")
    assert d.tick(case) == ["one.ladder.1"]
    assert d.replay_case(case).outcome == "late"


def test_a_tick_carries_on_through_steps_in_one_go() -> None:
    d, case = opened("""
        steps:
          one: {owner: clerk, within: 1 hour, ladder: [{at: deadline, to: sort}]}
          sort: {then: [{to: two, tell: {clerk: progress}}]}
          two: {owner: clerk, actions: {go: {to: end, by: clerk}}}
          end: {end: done}
        """)
    assert d.later(hours=3).tick(case) == ["one.ladder.1", "sort.then.1"]
    assert d.step(case) == "two"


# periods


PERIOD = """
fields: {meets_at: {type: moment, optional: yes}}
settings: {time: {type: duration, default: 5 days}}
steps:
  one:
    owner: clerk
    lasts: LASTS
    ladder: [{before: 1 day, tell: [clerk]}]
    actions: {object: {by: clerk}, set: {by: clerk, needs: [meets_at]}}
    then: [{when: {time: up}, to: two}]
  two: {end: done}
anytime: {note: {by: clerk}}
"""


def test_a_period_ends_by_itself_and_is_never_late() -> None:
    d, case = opened(PERIOD.replace("LASTS", "time"))
    assert d.due(case) == "2026-06-06T09:00"
    assert d.at("2026-06-05T09:00").tick(case) == ["one.ladder.1"]
    d.do(case, "object", "clerk-1")
    assert d.at("2026-06-06T08:59").tick(case) == []
    d.at("2026-06-06T09:00")
    assert not d.deadlines(case).is_overdue(d.later(days=3).now)
    assert d.tick(case) == ["time-up", "one.then.1"]
    assert d.replay_case(case).outcome == "done"


def test_a_period_until_the_moment_in_a_field() -> None:
    d, case = opened(PERIOD.replace("LASTS", "{until: meets_at, less: 1 working day}"))
    assert d.due(case) is None
    assert d.later(days=30).tick(case) == []
    d.do(case, "set", "clerk-1", meets_at="2026-07-10T14:00")
    assert d.due(case) == "2026-07-09T17:00"
    d.do(case, "set", "clerk-1", meets_at="2026-07-13T14:00")  # a Monday
    assert d.due(case) == "2026-07-10T17:00"
    assert d.at("2026-07-10T17:00").tick(case)[-2:] == ["time-up", "one.then.1"]


def test_a_period_until_a_day_that_no_calendar_covers() -> None:
    d, case = opened(PERIOD.replace("LASTS", "{until: meets_at, less: 1 working day}"), country="CN")
    d.do(case, "set", "clerk-1", meets_at="2099-07-10T14:00")
    assert d.due(case) is None
    d, case = opened(PERIOD.replace("LASTS", "{until: meets_at}").replace("1 day", "1 working day"), country="CN")
    d.do(case, "set", "clerk-1", meets_at="2099-07-10T14:00")
    assert d.due(case) == "2099-07-10T14:00"
    assert d.at("2099-07-10T13:59").tick(case) == []  # nobody knows the working day before
    assert d.at("2099-07-10T14:00").tick(case) == ["time-up", "one.then.1"]


def test_when_the_time_is_up_people_can_do_nothing_more_there() -> None:
    waiting = PERIOD.replace("LASTS", "time").replace("{time: up}, to", "{time: up, meets_at: given}, to")
    d, case = opened(waiting)
    d.at("2026-06-06T09:00").tick(case)
    assert d.step(case) == "one"
    assert d.refused(case, "object", "clerk-1").code == "FJ812"
    assert not d.can(case, "set")
    d.do(case, "note", "clerk-1")  # anytime is not the step's


def test_a_period_is_over_by_the_clock_though_nobody_has_ticked() -> None:
    d, case = opened(PERIOD.replace("LASTS", "time"))
    assert d.at("2026-06-06T08:59").can(case, "object")
    assert d.at("2026-06-06T09:00").refused(case, "object", "clerk-1").code == "FJ812"
    assert d.can(case, "note")


def test_a_period_starts_anew_with_the_step() -> None:
    d, case = opened(PERIOD.replace("LASTS", "time").replace("to: two}]", "to: one, limit: 1, then: two}]"))
    assert d.later(days=5).tick(case)[-2:] == ["time-up", "one.then.1"]
    assert not d.replay_case(case).time_up
    assert d.can(case, "object")
    assert d.later(days=4).tick(case) == ["one.ladder.1"]
    assert d.later(days=1).tick(case) == ["time-up", "one.then.1"]
    assert d.replay_case(case).outcome == "done"


# clocks


CLOCKS = """
clocks:
  whole: {from: opened, until: {enter: checking}, within: 5 working days, promised: yes}
  rework: {from: refuse, until: finish, within: 1 working day}
steps:
  working: {owner: clerk, actions: {finish: {to: checking, by: clerk}}}
  checking: {owner: clerk, actions: {refuse: {to: working, by: clerk}, approve: {to: closed, by: clerk}}}
  closed: {end: done}
anytime: {pause: {by: clerk, needs: [day], stops_clock_until: day}}
fields: {day: {type: date, optional: yes}}
"""


def clocks(d: CaseSandbox, case: str) -> dict[str, tuple[str | None, ...]]:
    return {
        state.clock.name: (d.local(state.start), d.local(state.due), d.local(state.end))
        for state in d.deadlines(case).clock_states()
    }


def test_a_rework_has_a_clock_of_its_own_and_the_first_goes_on() -> None:
    d, case = opened(CLOCKS)
    assert clocks(d, case) == {
        "whole": ("2026-06-01T09:00", "2026-06-08T17:00", None),
        "rework": (None, None, None),
    }
    d.at("2026-06-02T10:00").do(case, "finish", "clerk-1")
    d.at("2026-06-03T10:00").do(case, "refuse", "clerk-1")
    assert clocks(d, case) == {
        "whole": ("2026-06-01T09:00", "2026-06-08T17:00", "2026-06-02T10:00"),
        "rework": ("2026-06-03T10:00", "2026-06-04T17:00", None),
    }
    whole, rework = d.deadlines(case).clock_states()
    assert not whole.is_late(d.at("2026-09-01T09:00").now)  # it stopped in time
    assert rework.is_late(d.now)
    d.at("2026-06-04T10:00").do(case, "finish", "clerk-1")
    d.at("2026-06-04T11:00").do(case, "refuse", "clerk-1")
    assert clocks(d, case)["rework"] == ("2026-06-04T11:00", "2026-06-05T17:00", None)


ENDS = CLOCKS.replace(
    "closed: {end: done}",
    "closed: {end: done, reopen: {within: 60 days, to: working, by: clerk, limit: 1}}",
).replace("finish: {to: checking, by: clerk}", "finish: {to: checking, by: clerk}, drop: {to: closed, by: clerk}")


def test_a_clock_stops_when_its_case_ends_without_what_it_waits_for() -> None:
    d, case = opened(ENDS)
    d.at("2026-06-02T10:00").do(case, "drop", "clerk-1")
    whole, rework = d.at("2026-09-01T09:00").deadlines(case).clock_states()
    assert (d.local(whole.end), whole.reached, whole.is_late(d.now)) == ("2026-06-02T10:00", False, False)
    assert (rework.start, rework.end) == (None, None)


def test_a_clock_that_was_over_when_its_case_ended_stays_late() -> None:
    d, case = opened(ENDS)
    d.at("2026-06-09T10:00").do(case, "drop", "clerk-1")
    whole, _ = d.deadlines(case).clock_states()
    assert (d.local(whole.end), whole.reached, whole.is_late(d.now)) == ("2026-06-09T10:00", False, True)


def test_a_reopened_case_goes_on_with_the_time_that_was_left() -> None:
    d, case = opened(ENDS)
    d.at("2026-06-02T10:00").do(case, "drop", "clerk-1")  # Tuesday, before the close of the day
    d.at("2026-06-09T09:30").do(case, "reopen", "clerk-1")  # the Tuesday after
    assert clocks(d, case)["whole"] == ("2026-06-01T09:00", "2026-06-15T17:00", None)
    d.at("2026-06-10T10:00").do(case, "finish", "clerk-1")
    assert clocks(d, case)["whole"] == ("2026-06-01T09:00", "2026-06-15T17:00", "2026-06-10T10:00")


def test_a_pause_stops_every_clock() -> None:
    d, case = opened(CLOCKS)
    d.do(case, "pause", "clerk-1", day="2026-06-03")
    assert clocks(d, case)["whole"][1] == "2026-06-09T17:00"  # Tuesday does not count


def test_a_clock_whose_time_no_calendar_covers_is_not_late() -> None:
    d, case = opened(CLOCKS, country="CN", now="2099-06-01T09:00")
    [whole, _] = d.deadlines(case).clock_states()
    assert (whole.due, whole.is_late(d.later(days=99).now)) == (None, False)


@pytest.mark.parametrize("times", [1, 2, 5])
def test_a_tick_twice_is_a_tick_once(times: int) -> None:
    d, case = opened(LADDER)
    d.at("2026-06-04T18:00").tick(case)
    before = d.ledger.read(case)
    for _ in range(times):
        assert d.tick(case) == []
    assert d.ledger.read(case) == before

"""Actions of people: when they are open, what they ask for, what they carry out, and how often."""

from __future__ import annotations

from typing import Any

import pytest

from fujin_cli.core.cases import decide
from fujin_cli.core.cases.operation import Advance
from fujin_cli.core.findings.refusals import (
    INPUT_MISSING,
    INPUT_UNFIT,
    LIMIT_REACHED,
    MERGE_REFUSED,
    NOT_NOW,
    TOO_SOON,
    UNKNOWN_ACTION,
    WINDOW_CLOSED,
    Refusal,
)
from tests.support.case_sandbox import CaseSandbox
from tests.support.small_town import procedure, sandbox

FIELDS = """
fields:
  reason: {type: text, optional: yes}
  scope: {type: choice, of: [small, large], default: small}
  lead: {type: partner, optional: yes}
  partners: {type: list, of: partner, optional: yes}
  number: {type: count, optional: yes}
  cost: {type: money, optional: yes, at_most: 1000}
  sure: {type: yes_no, optional: yes}
  day: {type: date, optional: yes}
  starts: {type: moment, optional: yes}
  ends: {type: moment, optional: yes, after: starts}
  other: {type: case, of: loop, optional: yes}
  hands: {type: list, of: person, optional: yes}
settings: {most: {type: count, default: 2}, soon: {type: duration, default: 2 working days}}
"""


def opened(actions: str, more: str = "", **options: str) -> tuple[CaseSandbox, str]:
    """A desk and a case at a step with these actions, each of the clerk."""
    d = sandbox(f"{FIELDS}{more}\nsteps: {{one: {{owner: clerk, actions: {actions}}}, two: {{end: done}}}}", **options)
    return d, d.open("loop", "clerk-1")


def asked(needs: str, **options: str) -> tuple[CaseSandbox, str]:
    return opened(f"{{go: {{by: clerk, needs: {needs}}}, set: {{by: clerk, may: [lead, starts]}}}}", **options)


def test_what_is_not_there_is_named_with_what_is() -> None:
    d, case = opened("{finish: {by: clerk}, give-up: {by: clerk}}")
    refusal = d.refused(case, "finsh", "clerk-1")
    assert (refusal.code, str(refusal.help)) == (UNKNOWN_ACTION, "did you mean finish?")
    refusal = d.refused(case, "xyz", "clerk-1")
    assert str(refusal.message) == "there is no action xyz at one"
    assert str(refusal.help) == "actions at this step: finish, give-up"
    d, case = opened("{}")
    assert d.refused(case, "xyz", "clerk-1").help is None


def test_an_action_without_a_step_to_go_to_leaves_the_clock_running() -> None:
    d, case = opened("{stay: {by: clerk}, again: {to: one, by: clerk}}")
    before = d.replay_case(case)
    d.later(hours=1).do(case, "stay", "clerk-1", note="seen")
    stayed = d.replay_case(case)
    assert (stayed.since, stayed.visit) == (before.since, before.visit)
    assert stayed.events[-1].note == "seen"
    d.do(case, "again", "clerk-1")
    again = d.replay_case(case)
    assert (again.since, again.visit) == (d.now, before.visit + 1)


# when


def test_a_closed_action_says_what_it_needs() -> None:
    d, case = opened(
        "{go: {to: two, by: clerk, when: {scope: large, lead: given}}, widen: {by: clerk, sets: {scope: large}}}"
    )
    refusal = d.refused(case, "go", "clerk-1")
    assert (refusal.code, str(refusal.message)) == (NOT_NOW, "this requires: scope is large, lead is given")
    d.do(case, "widen", "clerk-1")
    assert str(d.refused(case, "go", "clerk-1").message) == "this requires: lead is given"


def test_guards_read_the_case_before_the_inputs() -> None:
    d, case = opened("{go: {by: clerk, when: {lead: missing}, needs: [lead]}}")
    d.do(case, "go", "clerk-1", lead="works")
    assert d.refused(case, "go", "clerk-1", lead="works").code == NOT_NOW


def test_either_of_a_list_of_conditions_is_enough() -> None:
    d, case = opened("{go: {by: clerk, when: [{scope: large}, {lead: given}]}, set: {by: clerk, needs: [lead]}}")
    assert not d.can(case, "go")
    d.do(case, "set", "clerk-1", lead="works")
    assert d.can(case, "go")


# needs and may


def test_what_an_action_needs_is_asked_for_each_time() -> None:
    d, case = asked("[reason]")
    refusal = d.refused(case, "go", "clerk-1")
    assert (refusal.code, str(refusal.message)) == (INPUT_MISSING, "go needs: reason")
    d.do(case, "go", "clerk-1", reason="x")
    assert d.refused(case, "go", "clerk-1").code == INPUT_MISSING
    [(_, event)] = d.do(case, "go", "clerk-1", reason="y")
    assert event.set == {"reason": "y"}


def test_what_it_may_be_given_may_be_left_out_and_nothing_else_is_taken() -> None:
    d, case = asked("[reason]")
    d.do(case, "set", "clerk-1")
    d.do(case, "set", "clerk-1", lead="works")
    assert d.value(case, "lead") == "works"
    assert d.refused(case, "set", "clerk-1", reason="x").code == INPUT_UNFIT
    assert d.refused(case, "set", "clerk-1", lead="nobody").code == INPUT_UNFIT


@pytest.mark.parametrize(
    ("needs", "fits", "unfit"),
    [
        ("{number: {at_least: 3}}", ["3", "10"], ["2", "many"]),
        ("{number: {at_least: most, at_most: 4}}", ["2", "4"], ["1", "5"]),
        ("{cost: {at_most: 500}}", ["500", "9.99"], ["500.01", "1000.01"]),
        ("{partners: {at_least: 2}}", [["works", "power"]], [["works"]]),
        ("{partners: {at_most: 1}}", [["works"]], [["works", "power"]]),
        ("{scope: large}", ["large"], ["small"]),
        ("{scope: {not: large}}", ["small"], ["large"]),
        ("{lead: {not: works}}", ["power"], ["works"]),
        ("{day: {within: 3 days}}", ["2026-06-02", "2026-06-04"], ["2026-06-01", "2026-05-01", "2026-06-05"]),
        ("{day: {within: soon}}", ["2026-06-03"], ["2026-06-04", "2026-06-01"]),
        ("{day: {after: 1 working day}}", ["2026-06-03", "2026-12-01"], ["2026-06-02", "2026-06-01"]),
        (
            "{starts: {after: 1 hour, within: 2 hours}}",
            ["2026-06-01T10:00", "2026-06-01T11:00"],
            ["2026-06-01T09:59", "2026-06-01T11:01"],
        ),
    ],
)
def test_conditions_on_inputs(needs: str, fits: list[Any], unfit: list[Any]) -> None:
    name = needs[1:].partition(":")[0]
    d, case = asked(needs)
    for value in unfit:
        assert d.refused(case, "go", "clerk-1", **{name: value}).code == INPUT_UNFIT, value
    for value in fits:
        d.do(case, "go", "clerk-1", **{name: value})
        assert d.value(case, name) is not None


def test_what_may_be_given_is_under_the_same_conditions() -> None:
    d, case = opened("{go: {by: clerk, may: {number: {at_least: 3}}}}")
    d.do(case, "go", "clerk-1")
    assert str(d.refused(case, "go", "clerk-1", number="1").message) == "number must be at least 3"


def test_a_partner_is_not_named_again() -> None:
    d, case = opened(
        "{go: {by: clerk, needs: [lead], may: {partners: {not: lead}}}, add: {by: clerk, may: {partners: {not: lead}}}}"
    )
    assert d.refused(case, "go", "clerk-1", lead="works", partners=["power", "works"]).code == INPUT_UNFIT
    d.do(case, "go", "clerk-1", lead="works", partners=["power"])
    assert d.refused(case, "add", "clerk-1", partners=["works"]).code == INPUT_UNFIT  # against what the case has
    d.do(case, "add", "clerk-1", partners=["school"])


def test_a_field_after_another() -> None:
    d, case = asked("[ends]")
    d.do(case, "go", "clerk-1", ends="2026-06-05T10:00")
    d.do(case, "set", "clerk-1", starts="2026-06-06T10:00")
    assert str(d.refused(case, "go", "clerk-1", ends="2026-06-06T10:00").message) == "ends must be after starts"
    d.do(case, "go", "clerk-1", ends="2026-06-06T10:01")


def test_another_case_must_be_there_be_another_one_and_be_of_the_procedure() -> None:
    more = procedure("steps: {one: {owner: clerk, actions: {go: {by: clerk}}}}", "strange")
    text = f"{FIELDS}\nsteps: {{one: {{owner: clerk, actions: {{go: {{by: clerk, needs: [other]}}}}}}}}"
    d = sandbox(text, more)
    case, second, strange = d.open("loop", "clerk-1"), d.open("loop", "clerk-1"), d.open("strange", "clerk-1")
    d.do(case, "go", "clerk-1", other=second)
    assert d.refused(case, "go", "clerk-1", other=case).code == MERGE_REFUSED
    assert (
        str(d.refused(case, "go", "clerk-1", other=strange).message)
        == f"{strange} is a case of strange, which is not accepted here"
    )
    assert "there is no case" in str(d.refused(case, "go", "clerk-1", other="C1-202606a-0099").message)
    assert d.refused(case, "go", "clerk-1", other="tomorrow").code == INPUT_UNFIT


@pytest.mark.parametrize(
    ("needs", "open_fits"), [("{other: open}", True), ("{other: ended}", False), ("{other: {not: ended}}", True)]
)
def test_another_case_may_have_to_be_open_or_ended(needs: str, open_fits: bool) -> None:
    d, case = opened(f"{{go: {{by: clerk, needs: {needs}}}, end: {{to: two, by: clerk}}}}")
    still_open, ended = d.open("loop", "clerk-1"), d.open("loop", "clerk-1")
    d.do(ended, "end", "clerk-1")
    fits, unfit = (still_open, ended) if open_fits else (ended, still_open)
    d.do(case, "go", "clerk-1", other=fits)
    assert d.refused(case, "go", "clerk-1", other=unfit).code == INPUT_UNFIT


# effects


def test_adds_collects_who_acted() -> None:
    d, case = opened("{join: {by: [clerk, inspector], adds: {hands: actor}}}")
    for actor in ("clerk-1", "inspector-1", "clerk-1"):
        d.do(case, "join", actor)
    assert d.value(case, "hands") == ["clerk-1", "inspector-1"]


def test_sets_writes_literals_as_values_of_their_type() -> None:
    d, case = opened("{go: {by: clerk, sets: {scope: large, number: 03, cost: 12, sure: true}}}")
    d.do(case, "go", "clerk-1")
    values = d.replay_case(case).values
    assert (values["scope"], values["number"], values["cost"], values["sure"]) == ("large", 3, "12.00", "yes")


def test_messages_go_to_everybody_whom_a_name_means_now() -> None:
    d, case = opened(
        "{go: {by: clerk, needs: [lead], tell: {helper: progress, street: reason, nobody: progress}}}",
        "\npeople: {helper: {partner: lead}, street: {role: supervisor, of: street}, nobody: {partner: partners},"
        " clerk: {role: clerk, of: community}}",
    )
    d.do(case, "go", "clerk-1", lead="works")
    assert d.tells() == [
        ("helper", "works", "progress"),
        ("street", "street-1", "reason"),
        ("street", "street-2", "reason"),
        ("nobody", "", "progress"),
    ]


def test_what_is_published_goes_to_the_board() -> None:
    d, case = opened("{go: {by: clerk, publish: [notice, minutes]}}")
    [(_, event)] = d.do(case, "go", "clerk-1")
    assert event.data["publish"] == ["notice", "minutes"]
    assert d.tells() == [("notice-board", "C1", "notice"), ("notice-board", "C1", "minutes")]


def test_arriving_has_effects_after_those_of_the_action() -> None:
    d = sandbox(f"""{FIELDS}
steps:
  one:
    owner: clerk
    actions: {{go: {{to: three, by: clerk, sets: {{scope: small}}, tell: {{inspector: a}}, publish: x}}}}
  three: {{owner: clerk, on_enter: {{sets: {{scope: large}}, tell: {{inspector: b}}, publish: y}}}}
""")
    case = d.open("loop", "clerk-1")
    d.do(case, "go", "clerk-1")
    assert d.value(case, "scope") == "large"
    assert [kind for _, who, kind in d.tells() if who in ("inspector-1", "C1")] == ["a", "b", "x", "y"]


# limits


def test_a_limit_counts_for_the_whole_case() -> None:
    d, case = opened("{go: {to: one, by: clerk, limit: 2}, other: {by: clerk, limit: most}}")
    for _ in range(2):
        d.do(case, "go", "clerk-1")
        d.do(case, "other", "clerk-1")
    for name in ("go", "other"):
        assert not d.can(case, name)
        assert d.refused(case, name, "clerk-1").code == LIMIT_REACHED
    assert d.replay_case(case).counts == {"one.go": 2, "one.other": 2}


def test_a_used_up_limit_leads_elsewhere_with_effects_of_its_own() -> None:
    d = sandbox(f"""{FIELDS}
steps:
  one:
    owner: clerk
    actions:
      go:
        to: one
        by: clerk
        needs: [reason]
        limit: 1
        sets: {{scope: large}}
        tell: {{clerk: a}}
        then: {{to: two, tell: {{inspector: b}}}}
      back: {{by: clerk, sets: {{scope: small}}}}
  two: {{end: done}}
""")
    case = d.open("loop", "clerk-1")
    assert (d.moves(case)["go"].to, d.moves(case)["go"].overflow) == ("one", False)
    d.do(case, "go", "clerk-1", reason="x")
    assert (d.value(case, "scope"), {kind for _, _, kind in d.tells()}) == ("large", {"a"})
    d.do(case, "back", "clerk-1")
    assert (d.moves(case)["go"].to, d.moves(case)["go"].overflow) == ("two", True)
    assert d.refused(case, "go", "clerk-1").code == INPUT_MISSING  # still asked for
    [(_, event)] = d.do(case, "go", "clerk-1", reason="y")
    assert event.data["overflow"]
    assert (d.value(case, "scope"), {kind for _, _, kind in d.tells()}) == ("small", {"b"})
    assert d.replay_case(case).outcome == "done"


def test_a_limit_counts_an_action_of_each_step_apart() -> None:
    d = sandbox("""
        steps:
          one: {owner: clerk, actions: {note: {by: clerk, limit: 1}, go: {to: two, by: clerk}}}
          two: {owner: clerk, actions: {note: {by: clerk, limit: 1}}}
        anytime: {mark: {by: clerk, limit: 1}}
        """)
    case = d.open("loop", "clerk-1")
    for name in ("note", "mark", "go", "note"):
        d.do(case, name, "clerk-1")
    assert not d.can(case, "note")
    assert not d.can(case, "mark")


def test_spaced_actions_wait_between_two_times() -> None:
    d, case = opened("{try: {by: clerk, spaced: 4 working hours}}")
    d.do(case, "try", "clerk-1")  # nine o'clock
    refusal = d.refused(case, "try", "clerk-1")
    assert refusal.code == TOO_SOON
    assert "2026-06-01 15:00 +08:00" in str(refusal.message)
    assert d.at("2026-06-01T14:59").refused(case, "try", "clerk-1").code == TOO_SOON
    d.at("2026-06-01T15:00").do(case, "try", "clerk-1")
    assert d.refused(case, "try", "clerk-1").code == TOO_SOON


def test_spacing_in_a_year_that_nobody_covers_does_not_hold_anybody_up() -> None:
    d, case = opened("{try: {by: clerk, spaced: 4 working hours}}", country="CN", now="2099-06-01T09:00")
    d.do(case, "try", "clerk-1")
    d.do(case, "try", "clerk-1")


# anytime


ANYTIME = """
steps:
  one: {owner: clerk, actions: {go: {to: two, by: clerk}}}
  two: {owner: clerk, actions: {go: {to: end, by: clerk}}}
  end: {end: done}
  other: {end: other}
anytime:
  everywhere: {by: clerk}
  only: {by: clerk, in: [one, end]}
  not-there: {by: clerk, except: [one, end]}
  away: {by: clerk, to: other}
  overflows: {by: clerk, limit: 1, then: other}
"""


def test_anytime_actions_are_where_the_procedure_says() -> None:
    d = sandbox(ANYTIME)
    case = d.open("loop", "clerk-1")
    assert set(d.moves(case)) == {"go", "everywhere", "only", "away", "overflows"}
    d.do(case, "go", "clerk-1")
    assert set(d.moves(case)) == {"go", "everywhere", "not-there", "away", "overflows"}


def test_nothing_leads_away_from_an_end_but_reopening() -> None:
    d = sandbox(ANYTIME)
    case = d.open("loop", "clerk-1")
    d.do(case, "away", "clerk-1")
    assert set(d.moves(case)) == {"everywhere", "not-there"}
    d.do(case, "everywhere", "clerk-1")
    assert d.replay_case(case).outcome == "other"
    assert d.refused(case, "away", "clerk-1").code == UNKNOWN_ACTION


# ends


REOPEN = """
fields: {reason: {type: text, optional: yes}}
settings: {window: {type: duration, default: 2 working days}}
steps:
  one: {owner: clerk, actions: {go: {to: end, by: clerk, limit: 2}}}
  end:
    end: done
    counts_as: [answered, resolved]
    reopen: {within: window, by: clerk, needs: [reason], to: one, limit: 1, tell: {inspector: reason}}
"""


def test_an_end_has_an_outcome_and_what_it_counts_as() -> None:
    d = sandbox(REOPEN)
    case = d.open("loop", "clerk-1")
    assert not d.replay_case(case).has_ended
    d.do(case, "go", "clerk-1")
    ended = d.replay_case(case)
    assert (ended.outcome, ended.counts_as) == ("done", ("answered", "resolved"))
    assert d.tick(case) == []
    assert d.due(case) is None


def test_reopening_has_a_window_a_limit_and_keeps_counts() -> None:
    d = sandbox(REOPEN)
    case = d.open("loop", "clerk-1")
    d.do(case, "go", "clerk-1")
    d.at("2026-06-03T17:00")
    assert d.refused(case, "reopen", "clerk-1").code == INPUT_MISSING
    d.do(case, "reopen", "clerk-1", reason="back again")
    again = d.replay_case(case)
    assert (again.step, again.outcome, again.counts_as, again.has_ended) == ("one", None, (), False)
    assert again.counts == {"one.go": 1, "end.reopen": 1}
    d.do(case, "go", "clerk-1")
    assert d.refused(case, "reopen", "clerk-1", reason="x").code == LIMIT_REACHED
    d.check_replay(case)


def test_the_window_closes() -> None:
    d = sandbox(REOPEN)
    case = d.open("loop", "clerk-1")
    d.do(case, "go", "clerk-1")
    d.at("2026-06-03T17:01")
    refusal = d.refused(case, "reopen", "clerk-1", reason="x")
    assert refusal.code == WINDOW_CLOSED
    assert "2026-06-03 17:00 +08:00" in str(refusal.message)


def test_a_window_that_no_calendar_covers_stays_open() -> None:
    d = sandbox(REOPEN, country="CN", now="2099-06-01T09:00")
    case = d.open("loop", "clerk-1")
    d.do(case, "go", "clerk-1")
    assert d.later(days=300).can(case, "reopen")


# moves that nobody makes


def test_the_first_automatic_move_that_holds_is_made_in_order() -> None:
    d = sandbox(f"""{FIELDS}
steps:
  one: {{owner: clerk, actions: {{go: {{to: sort, by: clerk, needs: [number]}}}}}}
  sort:
    then:
      - {{when: {{number: {{over: 10}}}}, to: big}}
      - {{when: {{number: {{over: 5}}}}, to: middle, tell: {{clerk: progress}}}}
      - {{to: small}}
  big: {{end: big}}
  middle: {{end: middle}}
  small: {{end: small}}
""")
    for number, outcome in (("11", "big"), ("10", "middle"), ("5", "small")):
        case = d.open("loop", "clerk-1")
        events = [event for _, event in d.do(case, "go", "clerk-1", number=number)]
        assert d.replay_case(case).outcome == outcome
        assert [(event.kind, event.by, event.from_step) for event in events] == [
            ("action", "clerk-1", "one"),
            ("move", "system", "sort"),
        ]


def test_an_automatic_move_waits_until_its_facts_hold() -> None:
    d = sandbox(f"""{FIELDS}
steps:
  one: {{owner: clerk, actions: {{name: {{by: clerk, needs: [lead]}}}}, then: [{{when: {{lead: given}}, to: two}}]}}
  two: {{end: done}}
""")
    case = d.open("loop", "clerk-1")
    assert d.step(case) == "one"
    d.do(case, "name", "clerk-1", lead="works")
    assert d.replay_case(case).outcome == "done"


def test_an_automatic_move_has_a_limit_too() -> None:
    d = sandbox(f"""{FIELDS}
steps:
  one: {{owner: clerk, actions: {{go: {{to: sort, by: clerk}}}}}}
  sort: {{then: [{{to: one, limit: 2, tell: {{clerk: a}}, then: {{to: two, tell: {{inspector: b}}}}}}]}}
  two: {{end: done}}
""")
    case = d.open("loop", "clerk-1")
    for _ in range(2):
        d.do(case, "go", "clerk-1")
        assert d.step(case) == "one"
    d.do(case, "go", "clerk-1")
    assert d.replay_case(case).outcome == "done"
    assert {kind for _, _, kind in d.tells()} == {"b"}


def test_automatic_moves_in_a_circle_are_refused_and_change_nothing() -> None:
    d = sandbox("""
        steps:
          one: {owner: clerk, actions: {go: {to: two, by: clerk}}}
          two: {then: [{to: three}]}
          three: {then: [{to: two}]}
        """)
    case = d.open("loop", "clerk-1")
    with pytest.raises(Refusal, match="in a circle"):
        decide.advance_case(d.start_reading_operation(), Advance(case, "go", "clerk-1"))
    with pytest.raises(Refusal):  # what the sandbox makes of it, where procedures may have errors
        d.do(case, "go", "clerk-1")
    assert len(d.ledger.read(case)) == 1

"""Opening a case: who may, where it lands, what is pinned, and what has to be given."""

from __future__ import annotations

import pytest

from fujin_cli.core.cases.operation import Advance, Open
from fujin_cli.core.findings.refusals import INPUT_MISSING, INPUT_UNFIT, NOT_ENTITLED, OPENING_REFUSED, Refusal
from tests.support.case_sandbox import CaseSandbox
from tests.support.small_town import procedure, sandbox

LOOP = """
opened: {by: [clerk, resident, reporter], from: [visit, phone]}
settings:
  answer-time: {type: duration, default: 2 working days, from: 1 hour}
  tries: {type: count, default: 3}
fields:
  topic: {type: topic, optional: yes}
  summary: {type: text, required: yes}
  scope: {type: choice, of: [small, large], default: small, required: yes}
  number: {type: count, default: 7}
  shown: {type: text, computed: yes}
  starts: {type: date, optional: yes}
  ends: {type: date, optional: yes, after: starts}
steps: {one: {owner: clerk, within: answer-time, actions: {go: {to: two, by: clerk}}}, two: {end: done}}
"""


def opening_refused(d: CaseSandbox, actor: str = "clerk-1", procedure: str = "loop", **options: object) -> Refusal:
    with pytest.raises(Refusal) as caught:
        d.open(procedure, actor, **options)
    return caught.value


def test_the_opening_event_says_everything() -> None:
    d = sandbox(LOOP)
    case = d.open("loop", "clerk-1", summary=" wet ", channel="phone", note="by the river")
    assert case == "C1-202606a-0001"
    [(_, event)] = d.happened
    assert (event.n, event.kind, event.by, event.entered_by, event.to_step) == (
        1,
        "opened",
        "clerk-1",
        "clerk-1",
        "one",
    )
    assert event.set == {"summary": "wet", "scope": "small", "number": 7}
    assert event.note == "by the river"
    opened = d.replay_case(case)
    assert (opened.procedure, opened.version_digest) == ("loop", d.workspace.procedures["loop"].digest)
    assert (opened.community, opened.channel, opened.opened_by) == ("C1", "phone", "clerk-1")
    assert opened.opened_at == d.now
    assert not opened.has_ended
    d.check_replay(case)


@pytest.mark.parametrize("actor", ["clerk-1", "resident", "reporter"])
def test_who_may_open(actor: str) -> None:
    d = sandbox(LOOP)
    assert d.replay_case(d.open("loop", actor, summary="x")).opened_by == actor


def test_others_may_not_open() -> None:
    refusal = opening_refused(sandbox(LOOP), "coordinator-1", summary="x")
    assert refusal.code == NOT_ENTITLED
    assert refusal.who == ("clerk-1", "former-1", "resident", "reporter", "inspector-1", "both-1")


def test_what_only_procedures_open_nobody_opens() -> None:
    d = sandbox(LOOP.replace("[clerk, resident, reporter]", "procedure"))
    assert opening_refused(d, summary="x").code == OPENING_REFUSED


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"procedure": "nothing"}, "there is no procedure nothing"),
        ({"community": "C9"}, "there is no community C9"),
        ({"channel": "pigeon"}, "pigeon is not a channel of this procedure; choose one of visit, phone"),
        ({"committee": "C2-pipes"}, "C1 has no committee C2-pipes"),
        ({"committee": "nothing"}, "C1 has no committee nothing"),
    ],
)
def test_openings_that_lead_nowhere_are_refused(options: dict[str, str], sentence: str) -> None:
    refusal = opening_refused(sandbox(LOOP), summary="x", **options)
    assert refusal.code == OPENING_REFUSED
    assert str(refusal.message) == sentence


def test_what_is_required_must_be_given_unless_it_has_a_default() -> None:
    refusal = opening_refused(sandbox(LOOP))
    assert refusal.code == INPUT_MISSING
    assert str(refusal.message) == "required fields are missing: summary"


def test_what_is_computed_or_unknown_is_not_asked_for() -> None:
    assert opening_refused(sandbox(LOOP), summary="x", shown="y").code == INPUT_UNFIT
    refusal = opening_refused(sandbox(LOOP), summary="x", sumary="y")
    assert str(refusal.message).startswith("unexpected field sumary; expected ends, number")
    bare = sandbox("steps: {one: {owner: clerk, actions: {go: {to: two, by: clerk}}}, two: {end: done}}")
    assert str(opening_refused(bare, summary="x").message) == "unexpected field summary; no field can be entered here"


def test_a_field_after_another_is_checked_at_the_opening_too() -> None:
    d = sandbox(LOOP)
    refusal = opening_refused(d, summary="x", starts="2026-07-02", ends="2026-07-01")
    assert refusal.code == INPUT_UNFIT
    assert str(refusal.message) == "ends must be after starts"
    d.open("loop", "clerk-1", summary="x", starts="2026-07-01", ends="2026-07-02")
    d.open("loop", "clerk-1", summary="x", ends="2026-07-02")


def test_cases_in_fields_must_exist_and_be_of_the_procedure() -> None:
    other = procedure("fields: {about: {type: case, of: loop, optional: yes}}\nsteps: {one: {owner: clerk}}", "other")
    d = sandbox(LOOP, other)
    first = d.open("loop", "clerk-1", summary="x")
    second = d.open("other", "clerk-1", about=first)
    assert (
        str(opening_refused(d, procedure="other", about=second).message)
        == f"{second} is a case of other, which is not accepted here"
    )
    assert "there is no case" in str(opening_refused(d, procedure="other", about="C1-202606a-0077").message)


# where it lands


def test_the_committee_is_the_one_named_else_the_only_fitting_one_else_the_office() -> None:
    d = sandbox(LOOP)
    assert d.replay_case(d.open("loop", "clerk-1", summary="x", committee="C1-peace")).committee == "C1-peace"
    assert d.replay_case(d.open("loop", "clerk-1", summary="x", topic="water")).committee == "C1-pipes"
    assert d.replay_case(d.open("loop", "clerk-1", summary="x", topic="light")).committee is None
    assert d.replay_case(d.open("loop", "clerk-1", summary="x")).committee is None
    assert d.replay_case(d.open("loop", "coordinator-2", summary="x", community="C2")).committee == "C2-pipes"


def test_a_committees_own_procedure_needs_one_committee() -> None:
    d = sandbox(LOOP + "case_of: committee")
    refusal = opening_refused(d, summary="x", topic="light")
    assert str(refusal.message) == "give the committee with --committee"
    assert refusal.who == ("C1-pipes", "C1-peace")
    assert d.replay_case(d.open("loop", "clerk-1", summary="x", topic="noise")).committee == "C1-peace"


def test_a_case_lies_in_the_local_month() -> None:
    d = sandbox(LOOP, now="2026-07-01T00:30")  # still June in UTC
    assert d.open("loop", "clerk-1", summary="x") == "C1-202607a-0001"


# what is pinned


def test_settings_come_from_the_committee_else_the_community_else_the_default() -> None:
    d = sandbox(LOOP)
    settings = [
        d.replay_case(d.open("loop", "clerk-1", summary="x", **options)).settings
        for options in ({"committee": "C1-pipes"}, {"committee": "C1-peace"})
    ]
    assert [one["answer-time"] for one in settings] == ["1 working day", "3 working days"]
    elsewhere = d.replay_case(
        d.open("loop", "coordinator-2", summary="x", community="C2", committee="C2-pipes")
    ).settings
    assert elsewhere == {"answer-time": "2 working days", "tries": "3"}


def test_settings_and_law_are_pinned_at_the_opening() -> None:
    d = sandbox(LOOP)
    case = d.open("loop", "clerk-1", summary="x")
    assert d.due(case) == "2026-06-04T17:00"
    changed = sandbox(LOOP.replace("2 working days", "1 hour").replace("go:", "gone:"))
    d.workspace = changed.workspace
    d.versions |= changed.versions
    assert d.due(case) == "2026-06-04T17:00"
    d.do(case, "go", "clerk-1")
    other = d.open("loop", "coordinator-2", summary="x", community="C2")
    assert d.due(other) == "2026-06-01T10:00"


# repeating


def test_the_fingerprint_tells_commands_apart_and_leaves_out_the_code() -> None:
    one = Open("loop", "C1", "clerk-1", inputs={"summary": ["x"]})
    assert one.fingerprint() == Open("loop", "C1", "clerk-1", inputs={"summary": ["x"]}).fingerprint()
    assert one.fingerprint() != Open("loop", "C1", "clerk-1", inputs={"summary": ["y"]}).fingerprint()
    assert one.fingerprint() != Open("loop", "C1", "clerk-1", inputs={"summary": ["x"]}, note="z").fingerprint()
    step = Advance("C1-202606a-0001", "approve", "reporter", code="A")
    assert step.fingerprint() == Advance("C1-202606a-0001", "approve", "reporter", code="B").fingerprint()
    assert step.fingerprint() != Advance("C1-202606a-0001", "refuse", "reporter", code="A").fingerprint()


def test_the_events_carry_the_fingerprint() -> None:
    d = sandbox(LOOP)
    case = d.open("loop", "clerk-1", summary="x")
    assert d.happened[0][1].data["request"] == Open("loop", "C1", "clerk-1", inputs={"summary": ["x"]}).fingerprint()
    [(_, event)] = d.do(case, "go", "clerk-1")
    assert event.data["request"] == Advance(case, "go", "clerk-1").fingerprint()


# arriving at the first step


def test_arriving_at_the_first_step_has_effects() -> None:
    d = sandbox("""
        fields: {scope: {type: choice, of: [small, large], default: small}, made: {type: count, optional: yes}}
        steps:
          one:
            owner: clerk
            on_enter: {tell: {clerk: agenda, street: progress}, publish: notice, sets: {scope: large, made: 3}}
            actions: {go: {to: two, by: clerk}}
          two: {end: done}
        """)
    case = d.open("loop", "resident")
    assert d.replay_case(case).values == {"scope": "large", "made": 3}
    assert d.tells() == [
        ("clerk", "clerk-1", "agenda"),
        ("clerk", "former-1", "agenda"),
        ("street", "street-1", "progress"),
        ("street", "street-2", "progress"),
        ("notice-board", "C1", "notice"),
    ]
    assert d.happened[0][1].data["publish"] == ["notice"]


def test_an_instant_first_step_is_left_at_once() -> None:
    d = sandbox("steps: {sorting: {then: [{to: one}]}, one: {owner: clerk, actions: {go: {by: clerk}}}}")
    case = d.open("loop", "resident")
    assert d.step(case) == "one"
    assert [event.kind for _, event in d.happened] == ["opened", "move"]


def test_a_year_that_the_calendar_does_not_cover_has_no_deadline_and_opens_all_the_same() -> None:
    d = sandbox(LOOP, now="2099-03-02T09:00", country="CN")
    case = d.open("loop", "clerk-1", summary="x", committee="C1-pipes")
    assert d.due(case) is None
    assert not d.deadlines(case).is_overdue(d.now)
    d.later(days=300)
    assert d.tick(case) == []
    d.do(case, "go", "clerk-1")
    assert d.replay_case(case).outcome == "done"

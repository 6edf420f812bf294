"""docs/explanation/closed-loop.md, "Ten things that a loop must keep": each of them, on what is shipped."""

from __future__ import annotations

import pytest

from fujin_cli.core.findings.refusals import INPUT_MISSING, NOT_NOW, TOO_SOON, WINDOW_CLOSED, WRONG_CODE
from tests.support.case_sandbox import CaseSandbox
from tests.support.request_cases import (
    COMMUNITY,
    COORDINATOR,
    INSPECTOR,
    LEAD,
    OTHERS,
    PARTNER,
    REPORTER,
    STREET,
    THIRD,
    closed,
    dispatched,
    finished,
    fujin,
    refuse,
    reported,
    worked,
)


@pytest.fixture
def d() -> CaseSandbox:
    return fujin()


def clock(d: CaseSandbox, case: str, name: str) -> tuple[str | None, ...]:
    [state] = [state for state in d.deadlines(case).clock_states() if state.clock.name == name]
    return d.local(state.start), d.local(state.due), d.local(state.end)


def test_must_have_1_the_reporters_verdict_gates_closing_and_a_refusal_reaches_the_handler(d: CaseSandbox) -> None:
    case = finished(d)
    assert {name for name, move in d.moves(case).items() if move.to == "closed"} == {"approve"}
    assert d.refused(case, "approve", INSPECTOR, code="GUESS").code == WRONG_CODE
    assert d.refused(case, "refuse", INSPECTOR, code="CODE1").code == INPUT_MISSING  # a refusal needs a reason
    refuse(d, case)
    assert ("lead", LEAD, "reason") in d.tells(case)
    assert ("coordinator", COORDINATOR, "reason") in d.tells(case)
    assert d.value(case, "reason") == "still dirty"
    [order] = d.children(case, "orders")
    assert d.value(order, "task") == "still dirty"


def test_must_have_1_handlers_never_rate_their_own_case(d: CaseSandbox) -> None:
    case = finished(d)
    for handler in (COORDINATOR, LEAD, "p-0102"):
        assert d.refused(case, "approve", handler, code="CODE1").code in ("FJ803", "FJ808")


def test_must_have_2_silence_is_not_consent(d: CaseSandbox) -> None:
    case = finished(d)
    assert d.refused(case, "give-up", INSPECTOR).code == NOT_NOW
    for moment in ("2026-06-01T10:00", "2026-06-02T10:00", "2026-06-03T10:00"):
        d.at(moment).do(case, "try", INSPECTOR, note="nobody answers")
        assert d.refused(case, "try", INSPECTOR).code == TOO_SOON
    assert [event.action for event in d.replay_case(case).events].count("try") == 3  # attempts are recorded
    d.do(case, "give-up", INSPECTOR)
    assert (d.replay_case(case).outcome, d.replay_case(case).counts_as) == ("unreachable", ())
    d.at("2026-06-10T09:00").do(case, "reopen", INSPECTOR, code=d.code(case))
    assert d.step(case) == "acceptance"
    assert not d.can(case, "give-up")  # tries count anew


def test_must_have_2_left_alone_nothing_is_taken_for_approved(d: CaseSandbox) -> None:
    case = finished(d)
    d.at("2026-12-01T09:00").tick()
    assert (d.step(case), d.replay_case(case).outcome) == ("acceptance", None)


def test_must_have_3_guards_prevent_and_closing_cancels_nothing(d: CaseSandbox) -> None:
    case = dispatched(d, (PARTNER,))
    orders = d.children(case, "orders")
    worked(d, orders[0])
    assert d.refused(case, "finish", COORDINATOR, result="x").code == NOT_NOW
    assert not any(d.version_of(case).steps[move.to].end for move in d.moves(case).values() if move.to and move.is_open)
    assert d.replay_case(orders[1]).outcome is None
    worked(d, orders[1])
    finished(d, case)


def test_must_have_4_one_lead_among_partners_and_bounces_are_named_and_counted(d: CaseSandbox) -> None:
    case = dispatched(d, (PARTNER, THIRD))
    orders = d.children(case, "orders")
    assert [d.value(order, "is_lead") for order in orders] == ["yes", "no", "no"]
    assert d.refused(orders[1], "bounce", PARTNER).code == INPUT_MISSING  # with a reason
    d.do(orders[1], "bounce", PARTNER, reason="not our road", belongs_to=THIRD)
    bounced = d.replay_case(orders[1])
    assert (bounced.outcome, bounced.values["to"], bounced.values["reason"], bounced.values["belongs_to"]) == (
        "bounced",
        PARTNER,
        "not our road",
        THIRD,
    )
    assert d.tells(orders[1]) == [("coordinator", COORDINATOR, "reason")]
    worked(d, orders[0])
    worked(d, orders[2])
    assert d.step(case) == "rerouting"
    d.do(case, "redispatch", COORDINATOR, lead=THIRD, reason="their road")
    assert [child.outcome for child in d.replay_case(case).children if child.outcome == "bounced"] == ["bounced"]
    assert d.replay_case(case).counts["rerouting.redispatch"] == 1


def test_must_have_5_working_time_is_computed_from_events_and_the_calendar(d: CaseSandbox) -> None:
    d.at("2026-09-24T16:00")  # Thursday before Mid-Autumn; Friday is off
    case = reported(d)
    assert d.due(case) == "2026-09-24T16:10"
    d.do(case, "accept", COORDINATOR)
    assert d.due(case) == "2026-09-28T17:00"  # Monday
    assert not any("due" in event.data for event in d.replay_case(case).events)
    d.check_replay(case)


def test_must_have_5_a_pause_needs_a_reason_and_an_end_date(d: CaseSandbox) -> None:
    case = dispatched(d)
    before = d.due(case)
    assert d.refused(case, "pause", COORDINATOR, resume_on="2026-06-05").code == INPUT_MISSING
    assert d.refused(case, "pause", COORDINATOR, reason="parts").code == INPUT_MISSING
    d.do(case, "pause", COORDINATOR, reason="parts", resume_on="2026-06-05")
    assert before == "2026-06-08T17:00"
    assert d.due(case) == "2026-06-11T17:00"
    d.at("2026-06-20T09:00").tick(case)  # late
    assert d.replay_case(case).pauses[0].end == d.replay_case(case).pauses[0].planned


def test_must_have_6_rework_keeps_the_first_clock_and_adds_its_own(d: CaseSandbox) -> None:
    case = finished(d)
    whole = clock(d, case, "whole")
    assert clock(d, case, "rework") == (None, None, None)
    d.at("2026-06-02T09:00")
    refuse(d, case)
    assert clock(d, case, "whole") == whole
    assert clock(d, case, "rework") == ("2026-06-02T09:00", "2026-06-05T17:00", None)
    d.at("2026-06-03T09:00")
    finished(d, case)
    assert clock(d, case, "rework") == ("2026-06-02T09:00", "2026-06-05T17:00", "2026-06-03T09:00")


def test_must_have_6_reopening_has_a_window(d: CaseSandbox) -> None:
    case = closed(d)
    d.at("2026-06-15T17:00")
    assert d.can(case, "reopen")
    d.at("2026-06-15T17:01")
    assert d.refused(case, "reopen", INSPECTOR, code=d.code(case), reason="x").code == WINDOW_CLOSED


def test_must_have_7_the_ladder_reminds_demands_and_raises(d: CaseSandbox) -> None:
    case = dispatched(d)
    d.at("2026-06-05T17:00").tick(case)
    assert d.tells() == [("lead", LEAD, "reminder"), ("coordinator", COORDINATOR, "reminder")]
    d.at("2026-06-08T17:00").tick(case)
    assert {(to, kind) for to, _, kind in d.tells()} == {
        ("lead", "demand"),
        ("coordinator", "demand"),
        ("reporters", "demand"),
    }
    d.at("2026-06-10T17:00").tick(case)
    assert d.tells() == [("community", COMMUNITY, "raised")]
    d.at("2026-06-15T17:00").tick(case)
    assert [to for to, _, _ in d.tells()] == ["street", "street"]


def test_must_have_7_the_promised_deadlines_are_marked(d: CaseSandbox) -> None:
    case = reported(d)
    promised = {
        state.clock.name: d.local(state.due) for state in d.deadlines(case).clock_states() if state.clock.promised
    }
    assert promised == {"first-answer": "2026-06-01T09:10", "whole": "2026-06-15T17:00"}


def test_must_have_8_merging_keeps_every_complainant(d: CaseSandbox) -> None:
    first = dispatched(d)
    joined = [reported(d, contact) for contact in OTHERS[:3]]
    for case in joined:
        d.do(case, "merge", COORDINATOR, duplicate_of=first)
        assert d.tells(case) == [("reporters", d.value(case, "reporter"), "merged")]
    finished(d, first)
    told = [who for to, who, _ in d.tells(first) if to == "reporters"]
    assert told == [REPORTER, *OTHERS[:3]]
    for case in joined:  # each can check their receipt, and none but the first accepts
        assert d.replay_case(case).events[0].hash
        assert d.refused(first, "approve", INSPECTOR, code=d.code(case)).code == WRONG_CODE
    d.do(first, "approve", INSPECTOR, code=d.code(first))
    assert {d.replay_case(case).outcome for case in joined} == {"merged"}


def test_must_have_9_outcomes_are_honest(d: CaseSandbox) -> None:
    version = d.workspace.procedures["resident-request"]
    counted = {step.end: set(step.counts_as) for step in version.steps.values() if step.end}
    assert counted == {
        "done": {"answered", "resolved", "satisfied"},
        "merged": {"answered"},
        "declined": {"answered"},
        "unreachable": set(),
        "cannot-be-fixed": {"answered"},
        "withdrawn": set(),
    }
    declined = reported(d)
    d.do(declined, "decline", COORDINATOR, reason="not a public road")
    assert (d.replay_case(declined).outcome, d.replay_case(declined).counts_as) == ("declined", ("answered",))
    d.do(declined, "reopen", INSPECTOR, code=d.code(declined), reason="it is")
    assert d.replay_case(declined).counts_as == ()
    d.do(declined, "explain", STREET, explanation="it is private")
    assert d.replay_case(declined).outcome == "cannot-be-fixed"


def test_must_have_10_what_is_public_is_declared_and_contacts_never_are(d: CaseSandbox) -> None:
    for version in d.workspace.procedures.values():
        for field in version.fields.values():
            assert field.public in ("no", "yes", "preview")
            if field.item_type == "contact":
                assert field.public == "no", (version.name, field.name)
    case = closed(d)
    for event in d.replay_case(case).events:  # the ledger holds references to the vault, nobody's number
        for tell in event.tells:
            assert tell["to"] != "reporters" or tell["who"].startswith("vault:")
    assert ("notice-board", "XF01", "notice") in d.tells(case)

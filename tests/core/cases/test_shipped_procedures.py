"""The shipped procedures, walked from end to end: conference, orders, objection, escalation."""

from __future__ import annotations

import pytest

from fujin_cli.core.findings.refusals import NOT_ENTITLED
from tests.support.case_sandbox import CaseSandbox
from tests.support.request_cases import (
    COLLECTOR,
    COMMUNITY,
    COORDINATOR,
    INSPECTOR,
    LEAD,
    PARTNER,
    REPORTER,
    STREET,
    THIRD,
    dispatched,
    finished,
    fujin,
    reported,
)

CLERK = "p-0102"


@pytest.fixture
def d() -> CaseSandbox:
    return fujin()


def at_the_conference(d: CaseSandbox) -> tuple[str, str]:
    case = reported(d)
    d.do(case, "accept", COORDINATOR)
    d.do(case, "widen", COORDINATOR)
    assert not d.can(case, "dispatch")
    d.do(case, "conference", COORDINATOR)
    [meeting] = d.children(case, "meeting")
    assert d.value(meeting, "about") == case
    return case, meeting


def gathered(d: CaseSandbox, meeting: str, present: list[str]) -> None:
    d.do(
        meeting,
        "convene",
        COMMUNITY,
        agenda="the gate",
        invited=[LEAD, PARTNER, THIRD],
        venue="fuqian-hall",
        meets_at="2026-06-04T14:00",
    )
    assert d.at("2026-06-04T13:59").tick(meeting) == []
    assert d.at("2026-06-04T14:00").tick(meeting) == ["time-up", "waiting.then.1"]
    d.do(meeting, "sign-in", CLERK, present=present)


def test_a_conference_decides_and_the_case_is_handled(d: CaseSandbox) -> None:
    case, meeting = at_the_conference(d)
    gathered(d, meeting, [LEAD, PARTNER, THIRD])
    assert d.step(meeting) == "deciding"
    d.do(meeting, "vote", CLERK, in_favour="2/3")
    assert not d.can(meeting, "reject")
    d.do(meeting, "resolve", CLERK, lead=PARTNER, minutes="agreed")
    assert d.replay_case(meeting).outcome == "handle"
    assert d.step(case) == "handling"
    assert (d.value(case, "decision"), d.value(case, "lead")) == ("handle", PARTNER)
    [order] = d.children(case, "orders")
    assert d.value(order, "to") == PARTNER
    finished(d, case)
    d.do(case, "approve", INSPECTOR, code=d.code(case))
    for id in (case, meeting, order):
        d.check_replay(id)


def test_a_majority_of_two_thirds_is_needed(d: CaseSandbox) -> None:
    case, meeting = at_the_conference(d)
    gathered(d, meeting, [LEAD, PARTNER, THIRD])
    d.do(meeting, "vote", CLERK, in_favour="66%")
    assert not d.can(meeting, "resolve")
    d.do(meeting, "reject", CLERK, explanation="no money", minutes="discussed")
    assert (d.step(case), d.value(case, "explanation")) == ("ruling", "no money")
    assert ("street", STREET, "progress") in d.tells(case)


def test_too_few_came_twice(d: CaseSandbox) -> None:
    case, meeting = at_the_conference(d)
    gathered(d, meeting, [LEAD, PARTNER])
    assert d.step(meeting) == "calling"
    d.do(
        meeting,
        "convene",
        COMMUNITY,
        agenda="the gate",
        invited=[LEAD, PARTNER, THIRD],
        venue="fuqian-hall",
        meets_at="2026-06-09T14:00",
    )
    d.at("2026-06-09T14:00").tick(meeting)
    d.do(meeting, "sign-in", CLERK, present=[LEAD])
    assert d.replay_case(meeting).outcome == "no-quorum"
    assert d.step(case) == "ruling"


def test_nobody_answers_an_order_and_it_comes_back_by_itself(d: CaseSandbox) -> None:
    case = dispatched(d)
    [order] = d.children(case, "orders")
    fired = d.at("2026-06-20T09:00").tick(order)
    assert fired == [*(f"sent.ladder.{number}" for number in (1, 2, 3, 4)), "handling.then.1"]
    assert d.replay_case(order).outcome == "unanswered"
    assert d.step(case) == "rerouting"
    for _ in range(3):
        d.do(case, "redispatch", COORDINATOR, lead=PARTNER, reason="again")
        d.do(d.children(case, "orders")[-1], "bounce", PARTNER, reason="no")
    d.do(case, "redispatch", COORDINATOR, lead=PARTNER, reason="again")
    assert d.step(case) == "ruling"
    assert ("street", STREET, "reason") in d.tells(case)


def test_work_that_is_sent_back_too_often_has_failed(d: CaseSandbox) -> None:
    case = dispatched(d)
    [order] = d.children(case, "orders")
    d.do(order, "acknowledge", LEAD)
    for _ in range(3):
        d.do(order, "report-done", LEAD, result="done")
        d.do(order, "redo", INSPECTOR, reason="look again")
    assert d.replay_case(order).outcome == "failed"
    assert d.step(case) == "rerouting"


def test_nobody_verifies_what_they_reported_for_the_partner(d: CaseSandbox) -> None:
    case = dispatched(d)
    [order] = d.children(case, "orders")
    d.do(order, "acknowledge", COORDINATOR)
    d.do(order, "report-done", COORDINATOR, result="done")
    assert d.replay_case(order).events[-1].by == LEAD
    assert d.refused(order, "verify", COORDINATOR).code == NOT_ENTITLED
    d.do(order, "verify", INSPECTOR)
    assert d.replay_case(order).outcome == "verified"


def test_a_late_request_climbs_to_the_street_and_comes_to_an_end(d: CaseSandbox) -> None:
    case = reported(d)
    d.at("2026-06-10T09:00").tick(case)
    assert d.replay_case(case).raised == ("community", "street")
    d.do(case, "decline", STREET, reason="not a public matter")
    assert d.replay_case(case).outcome == "declined"


def test_whoever_had_a_hand_in_it_does_not_judge_the_objection(d: CaseSandbox) -> None:
    case = dispatched(d)
    d.at("2026-06-15T17:00").tick(case)
    d.do(case, "pause", COMMUNITY, reason="parts", resume_on="2026-06-20")  # the supervisor steps in
    finished(d, case)
    d.do(case, "approve", INSPECTOR, code=d.code(case))
    objection = d.open("objection", CLERK, against=case, grounds="noise", objector=REPORTER)
    refusal = d.refused(objection, "uphold", COMMUNITY, reason="true")
    assert refusal.code == NOT_ENTITLED
    assert COMMUNITY not in refusal.who
    d.do(objection, "withdraw", CLERK, code=d.replay_case(objection).events[0].hash[:12])
    assert d.replay_case(objection).outcome == "withdrawn"
    other = d.open("objection", CLERK, against=dispatched(d), grounds="noise", objector=REPORTER)
    d.do(other, "uphold", COMMUNITY, reason="true")


def test_the_reporter_withdraws(d: CaseSandbox) -> None:
    case = reported(d)
    d.do(case, "withdraw", "reporter", code="CODE1")
    assert d.replay_case(case).outcome == "withdrawn"
    assert d.replay_case(case).counts_as == ()


def test_a_resident_reports_without_anybodys_help(d: CaseSandbox) -> None:
    case = d.open("resident-request", "resident", summary="noise", reporter=REPORTER, channel="wechat", topic="noise")
    assert d.replay_case(case).opened_by == "resident"
    assert d.refused(case, "accept", COLLECTOR).code == NOT_ENTITLED

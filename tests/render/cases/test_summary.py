"""What a list says of a case (core/listing/summary.py)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from ruamel.yaml import YAML

from fujin_cli.core.cases import decide_opening
from fujin_cli.core.cases.operation import Open
from fujin_cli.core.model.compile_procedure import compile_procedure
from tests.support.town_hall import SECRET, Hall


def test_a_fresh_case(hall: Hall) -> None:
    summary = hall.summary(hall.request())
    assert (summary.step, summary.owner, summary.outcome) == ("reported", "coordinator", None)
    assert summary.due == datetime(2026, 6, 1, 1, 10, tzinfo=UTC)
    assert not summary.overdue and not summary.awaiting_acceptance and summary.missing_year is None


def test_only_the_step_where_the_reporter_can_end_it_satisfied_awaits_acceptance(hall: Hall) -> None:
    case = hall.handled()
    assert hall.summary(case).awaiting_acceptance
    assert not hall.summary(hall.replay_case(case).children[0].case).awaiting_acceptance
    hall.do(case, "refuse", "reporter", reason="不亮")
    assert not hall.summary(case).awaiting_acceptance  # withdrawing is the reporter's too, and satisfies nobody
    again = hall.handled()
    hall.do(again, "approve", "reporter")
    assert not hall.summary(again).awaiting_acceptance


def test_what_the_case_is_about_and_whom_it_concerns(hall: Hall) -> None:
    case = hall.request()
    hall.do(case, "accept", "p-1", lead="power")
    summary = hall.summary(case)
    assert (summary.subject, summary.topic, summary.partners) == (SECRET, None, ("power",))
    (child,) = hall.replay_case(case).children
    assert summary.orders == ((child.case, "orders", "lead", None),)
    assert hall.summary(child.case).subject == SECRET  # the task of the order


def test_an_ended_case_is_due_never(hall: Hall) -> None:
    case = hall.request()
    hall.do(case, "decline", "p-1", reason="重复")
    summary = hall.at("2026-07-01T09:00").summary(case)
    assert (summary.outcome, summary.due, summary.overdue, summary.missing_year) == ("declined", None, False, None)


def test_late_and_raised(hall: Hall) -> None:
    case = hall.request()
    assert hall.at("2026-06-01T09:10").summary(case).overdue is False
    assert hall.at("2026-06-01T09:10:01").summary(case).overdue is True
    hall.at("2026-06-01T16:00").tick()
    summary = hall.summary(case)
    assert summary.overdue and summary.due is not None and summary.due > hall.now


def test_a_pause_and_a_parent(hall: Hall) -> None:
    case = hall.request()
    hall.do(case, "accept", "p-1", lead="power")
    hall.do(case, "pause", "p-1", reason="等", resume_on="2026-06-10")
    assert hall.summary(case).paused == datetime(2026, 6, 9, 16, 0, tzinfo=UTC)
    assert hall.summary(hall.replay_case(case).children[0].case).parent == case


def test_a_year_that_the_calendar_lacks(hall: Hall) -> None:
    case = hall.at("2026-12-31T16:00").request()
    hall.do(case, "accept", "p-1", lead="power")
    summary = hall.summary(case)
    assert (summary.due, summary.missing_year, summary.overdue) == (None, 2027, False)


@pytest.mark.parametrize(
    ("lasts", "given", "missing"),
    [("2 working days", {}, True), ("{until: day}", {"day": ["2027-02-01"]}, False), ("{until: day}", {}, False)],
)
def test_a_period_without_an_end_lacks_no_calendar(
    hall: Hall, lasts: str, given: dict[str, list[object]], missing: bool
) -> None:
    text = f"""
procedure: vote
title: Vote
opened: {{by: [resident]}}
fields: {{day: {{type: moment, optional: yes}}}}
steps: {{voting: {{lasts: {lasts}, then: [{{when: {{time: up}}, to: counted}}]}}, counted: {{end: done}}}}
"""
    vote = compile_procedure(YAML(typ="base").load(text))
    hall.workspace.procedures["vote"] = hall.versions[vote.digest] = vote  # type: ignore[index]
    hall.at("2026-12-31T16:00")
    case = hall.run_operation(lambda on: decide_opening.open_case(on, Open("vote", "C1", "resident", inputs=given)))
    summary = hall.summary(case)
    assert (summary.missing_year is not None, summary.due is not None) == (missing, bool(given))
    assert not summary.overdue

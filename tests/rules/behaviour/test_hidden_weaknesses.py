"""What weakens a procedure without breaking it: pauses, rungs, clocks, fields and conditions that do not hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.golden_workspaces import copy_base, findings_of
from tests.support.page_examples import Example, lay


def codes(root: Path, text: str, name: str = "errand") -> list[str]:
    lay(Example(True, f"procedures/{name}.yaml", text), copy_base(root))
    return [finding.code for finding in findings_of(root)]


PAUSE = "anytime: {wait: {title: wait, in: [running], by: clerk, stops_clock_until: resume_on, %s}}\n"


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ("needs: {resume_on: {within: 10 working days}}, limit: 2", []),
        ("may: {resume_on: {within: 10 working days}}, limit: 2", []),
        ("needs: [resume_on], limit: 2", ["FJ315"]),
        ("needs: {resume_on: {after: 1 working day}}, limit: 2", ["FJ315"]),
        ("needs: {resume_on: {within: 10 working days}}", ["FJ315"]),
    ],
)
def test_a_pause_needs_a_last_day_and_a_number(tmp_path: Path, inputs: str, expected: list[str]) -> None:
    assert [code for code in codes(tmp_path, PAUSE % inputs) if code == "FJ315"] == expected


@pytest.mark.parametrize(
    ("ladder", "expected"),
    [
        ("[{at: deadline, to: refused}, {after: 1 working day, tell: [clerk]}]", 1),
        (
            "[{at: deadline, tell: [clerk]}, {after: 1 week, to: refused}, {after: 2 weeks, raise: street}]",
            1,
        ),
        ("[{at: deadline, to: refused, limit: 1}, {after: 1 working day, raise: street}]", 0),
        ("[{before: 4 working days, tell: [helper]}, {after: 1 working day, to: refused}]", 1),
        ("[{before: 80 working hours, tell: [helper]}, {after: 1 working day, to: refused}]", 1),
        ("[{before: 3 working days, tell: [helper]}, {after: 1 working day, to: refused}]", 0),
        ("[{before: 4 working hours, tell: [helper]}, {after: 1 working day, to: refused}]", 0),
    ],
)
def test_a_rung_happens_while_the_case_is_there(tmp_path: Path, ladder: str, expected: int) -> None:
    assert codes(tmp_path, f"steps: {{sent: {{ladder: {ladder}}}}}\n", "order").count("FJ316") == expected


def test_a_rung_to_an_end_may_wait_for_child_cases(tmp_path: Path) -> None:
    ladder = "[{at: deadline, to: declined, tell: {asker: answer}}, {after: 2 working days, raise: community}]"
    assert "FJ316" not in codes(tmp_path, f"steps: {{running: {{ladder: {ladder}}}}}\n")


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        ("{from: opened, until: {tells: asker}, within: answer-time}", 0),
        ("{from: opened, until: {overdue: asked}, within: answer-time}", 0),  # a rung that nothing else watches
        ("{from: {tells: {chief: answer}}, until: {tells: asker}, within: answer-time}", 1),
        ("{from: {tells: {chief: answer}}, until: {tells: {chief: result}}, within: answer-time}", 2),
    ],
)
def test_a_clock_starts_and_stops(tmp_path: Path, clock: str, expected: int) -> None:
    assert codes(tmp_path, f"clocks: {{reply: {clock}}}\n").count("FJ317") == expected


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("{type: choice, of: [good, bad], optional: yes}", 1),
        ("{type: choice, of: [good, bad], computed: yes}", 0),
        ("{type: choice, of: [good, bad], default: bad}", 0),
        ("{type: choice, of: [good, bad], required: yes}", 0),
    ],
)
def test_what_only_moves_fill_is_computed(tmp_path: Path, field: str, expected: int) -> None:
    approve = (
        "approve: {title: approve, to: done, by: asker, tell: {asker: answer}, publish: notice, sets: {verdict: good}}"
    )
    text = f"fields: {{verdict: {field}}}\nsteps: {{checking: {{actions: {{{approve}}}}}}}\n"
    assert codes(tmp_path, text).count("FJ145") == expected


def test_what_an_action_enters_too_is_no_result(tmp_path: Path) -> None:
    text = """
fields: {verdict: {type: choice, of: [good, bad], optional: yes}}
steps:
  checking:
    actions:
      try: {title: try, by: inspector, limit: 5, spaced: 4 working hours, may: [verdict]}
      approve: {title: approve, to: done, by: asker, tell: {asker: answer}, publish: notice, sets: {verdict: good}}
"""
    assert "FJ145" not in codes(tmp_path, text)


GUARANTEE = "guarantees: {kept: {never: {enter: declined, where: {scope: large}}}}\n"


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("shrink: {title: shrink, by: clerk, in: [asked, running], sets: {scope: small}}", 1),
        ("change: {title: change, by: clerk, in: [asked, running], needs: [scope]}", 1),
        ("maybe: {title: maybe, by: clerk, in: [asked, running], may: [scope]}", 1),
        ("grow: {title: grow, by: clerk, in: [asked, running], sets: {scope: large}}", 0),
        ("late: {title: late, by: clerk, in: [checking], may: [reason]}", 0),
    ],
)
def test_a_condition_that_an_action_changes_is_no_safeguard(tmp_path: Path, action: str, expected: int) -> None:
    assert codes(tmp_path, f"anytime: {{{action}}}\n{GUARANTEE}").count("FJ410") == expected


def test_the_action_that_gives_the_value_is_no_way_out(tmp_path: Path) -> None:
    text = """
fields: {grade: {type: choice, of: [high, low], optional: yes}}
steps:
  running:
    actions:
      finish:
        title: finish
        to: checking
        by: clerk
        when: {orders: {all: finished}}
        needs: [result, grade]
        tell: {asker: result}
guarantees: {kept: {before: {action: approve, where: {grade: high}}, require: finish}}
"""
    assert "FJ410" not in codes(tmp_path, text)


SEND = "send: {opens: {orders: {procedure: order, one_each: [helper], give: {task: summary}, instead_of: %s}}}"


@pytest.mark.parametrize(
    ("instead_of", "expected"), [("[refused]", 0), ("ended", 0), ("[finished]", 1), ("[finished, refused]", 0)]
)
def test_an_outcome_that_sends_back_is_replaced_on_the_way(tmp_path: Path, instead_of: str, expected: int) -> None:
    text = f"steps: {{asked: {{actions: {{{SEND % instead_of}}}}}}}\n"
    assert codes(tmp_path, text).count("FJ318") == expected


def test_where_nothing_is_handed_out_again_an_outcome_may_stay(tmp_path: Path) -> None:
    move = "{when: {orders: {none: open, any: [refused]}}, to: declined, tell: {asker: answer}}"
    text = f"steps: {{running: {{then: [{move}]}}, asked: {{actions: {{{SEND % '[finished]'}}}}}}}\n"
    assert "FJ318" not in codes(tmp_path, text)

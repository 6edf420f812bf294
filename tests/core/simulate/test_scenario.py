"""Scenarios as they are read, and runs of the explorer as lines of them."""

from __future__ import annotations

from datetime import date

import pytest

from fujin_cli.core.findings.finding import TraceStep
from fujin_cli.core.model.scenario_file import Line, compile_line, compile_scenario, compile_where, parse_lines
from fujin_cli.core.simulate.trace_lines import action_options, lines_of, opening_of
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.traces import trace_of
from tests.support.yaml_trees import city, tree_of

TEXT = """
scenario: rework
title: {zh: 返工, en: Rework}
procedure: resident-request
community: XF01
given: {as: collector, set: {summary: rubbish, photos: [a, b]}}
when:
  - accept
  - dispatch: {set: {lead: police}, as: coordinator, note: soon}
  - orders: {ends: verified, set: {result: swept}}
  - {rung: 2}
  - {time: up}
  - {wait: 2 working days}
  - refuse: {code: wrong, without: reason}
then: {step: handling, told: {lead: [reason, demand]}, where: {scope: household}, refused: FJ806, action: approve}
"""


def test_a_scenario_is_read_line_by_line() -> None:
    told = compile_scenario(tree_of(TEXT), "workflows/scenarios/rework.yaml")
    assert (told.name, told.procedure, told.community, told.actor) == (
        "rework",
        "resident-request",
        "XF01",
        "collector",
    )
    assert told.inputs == {"summary": ["rubbish"], "photos": ["a", "b"]}
    assert told.lines == (
        Line("action", "accept", route=("when", 0)),
        Line(
            "action", "dispatch", "", {"lead": ["police"]}, "coordinator", (), "right", "soon", ("when", 1, "dispatch")
        ),
        Line("ends", "orders", "verified", {"result": ["swept"]}, route=("when", 2, "orders")),
        Line("rung", "rung", "2", route=("when", 3, "rung")),
        Line("time", "time", "up", route=("when", 4, "time")),
        Line("wait", "wait", "2 working days", route=("when", 5, "wait")),
        Line("action", "refuse", without=("reason",), code="wrong", route=("when", 6, "refuse")),
    )
    assert [(tell.to, tell.kind) for tell in told.then.told] == [("lead", "reason"), ("lead", "demand")]
    assert told.then.tried == Line("action", "approve", route=("then", "action"))
    assert told.then.text_at("step") == "handling" and told.then.names_at("open") is None
    condition = compile_where(told, city().procedures["resident-request"])
    assert condition is not None and condition.alternatives[0][0].values == ("household",)


def test_a_word_for_time_can_be_an_action_too() -> None:
    assert compile_line("wait").kind == compile_line({"wait": {"as": "clerk"}}).kind == "action"
    assert compile_line({"wait": "1 day"}).kind == "wait"


@pytest.mark.parametrize(
    ("text", "kind", "name", "value"),
    [
        ("accept", "action", "accept", ""),
        (" orders = verified ", "ends", "orders", "verified"),
        ("rung=2", "rung", "rung", "2"),
        ("time=up", "time", "time", "up"),
    ],
)
def test_items_of_the_command_line(text: str, kind: str, name: str, value: str) -> None:
    [line] = parse_lines(text)
    assert (line.kind, line.name, line.value) == (kind, name, value)


def test_an_item_of_the_command_line_may_have_values() -> None:
    lines = parse_lines("accept, dispatch{lead=police;partners=a;partners=b},orders=verified,")
    assert [(line.kind, line.name) for line in lines] == [
        ("action", "accept"),
        ("action", "dispatch"),
        ("ends", "orders"),
    ]
    assert lines[1].inputs == {"lead": ["police"], "partners": ["a", "b"]}
    assert parse_lines("finish{result=one, two}")[0].inputs == {"result": ["one, two"]}
    for text in ("a{", "a{}", "}", "{", "a{b", ",,", "="):
        parse_lines(text)  # whatever it is, it is told where it is carried out


def step(replay: object) -> TraceStep:
    return TraceStep(say("x"), None, replay)


def test_a_run_is_flat_where_no_line_says_more_than_a_name_or_a_value() -> None:
    opening = step({"procedure": "p", "given": {}})
    run = (opening, step("accept"), step(None), step({"orders": "verified"}))
    assert action_options(run) == ["accept", "orders=verified"]
    assert lines_of(run) == ["accept", {"orders": "verified"}]
    assert action_options((*run, step({"keep": {"set": {"found": "damage", "units": ["a", "b"]}}})))[-1] == (  # type: ignore[index]
        "keep{found=damage;units=a;units=b}"
    )
    assert action_options((*run, step({"keep": {"set": {"found": "a;b"}}}))) is None
    assert action_options(run[1:]) is None and opening_of(()) is None  # it does not begin with its opening


def test_every_shown_run_begins_with_what_its_case_is_opened_with() -> None:
    for reading, found in RuleContext(city(), date(2026, 6, 1)).explored():
        for number in range(len(found[0].states)):
            trace = trace_of(reading, found[0].find_path_to(number))
            opening = opening_of(trace)
            assert opening is not None and opening[0] == reading.procedure.name

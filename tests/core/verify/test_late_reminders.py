"""A reminder that the sweep finds after the deadline tells nobody: the prover and the engine agree."""

from __future__ import annotations

from typing import Any

from fujin_cli.core.explore.explorer import explore_all
from fujin_cli.core.model.scenario_file import Scenario, compile_line
from fujin_cli.core.simulate.scenario import ScenarioRun, prepare_run
from fujin_cli.core.simulate.trace_lines import run_to_lines
from fujin_cli.core.verify.guarantees import judge_guarantees
from tests.support.small_town import procedure, town

MOVING = """
steps:
  one:
    owner: clerk
    within: 3 hours
    ladder: [{before: 1 hour, tell: [clerk], to: two}]
    actions: {go: {to: two, by: clerk, tell: [clerk]}}
  two: {owner: clerk, ENTERactions: {end: {to: done, by: clerk}}}
  done: {end: done}
guarantees:
  heard: {after: {enter: two}, eventually: {tells: clerk}}
"""


def replayed(tree: dict[str, Any]) -> ScenarioRun:
    """The run that breaks the only guarantee, carried out line by line."""
    workspace = town(tree)
    (exploration,) = explore_all(workspace.procedures).explorations["loop"]
    (verdict,) = judge_guarantees(exploration.model.version, [exploration])
    assert verdict.kind == "violated"
    lines = run_to_lines(exploration.model.version, verdict.run)[1:]
    run = prepare_run(workspace, workspace.build_calendar(), Scenario("loop", "loop", community="C1"))
    run.open_case()
    for line in lines:
        if line is not None:
            run.carry_out_line(compile_line(line))
    return run


def test_a_late_reminder_tells_nobody_in_the_engine_as_in_the_run_that_is_shown() -> None:
    run = replayed(procedure(MOVING.replace("ENTER", "")))
    assert run.case.has_ended
    assert not any(event.tells for event in run.case.events)


def test_what_the_arrival_tells_is_told_by_a_late_reminder_too() -> None:
    tree = procedure(MOVING.replace("ENTER", "on_enter: {tell: [clerk]}, "))
    (exploration,) = explore_all(town(tree).procedures).explorations["loop"]
    assert judge_guarantees(exploration.model.version, [exploration]) == []

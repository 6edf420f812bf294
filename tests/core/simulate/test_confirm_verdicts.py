"""A run is driven through the engine before it is shown; where the engine does not follow it, another one is."""

from __future__ import annotations

from datetime import date
from typing import Any

from fujin_cli.core.explore.explorer import explore_all
from fujin_cli.core.findings.finding import Finding
from fujin_cli.core.simulate.confirm_verdicts import MOST_TRIED, confirm_verdict
from fujin_cli.core.simulate.driven_runs import RunDriver
from fujin_cli.core.verify.guarantees import Verdict, judge_guarantees
from fujin_cli.rules.guarantees import fj401_violated, fj409_undecided
from fujin_cli.rules.support.context import RuleContext
from tests.support.small_town import procedure, town

LATE = """
steps:
  one:
    owner: clerk
    within: 3 hours
    ladder: [{before: 1 hour, tell: [clerk]}, {at: deadline, to: done}]
    actions: {go: {to: done, by: clerk}}
  done: {end: done}
guarantees:
  heard: {if: {overdue: one}, also: {tells: clerk}}
"""
PARENT = """
fields: {sort: {type: choice, of: [usual, odd], default: usual}}
steps:
  one:
    owner: clerk
    actions:
      ask: {to: two, by: clerk, sets: {sort: VALUE}, opens: {orders: {procedure: order, give: {sort: sort}}}}
  two:
    owner: clerk
    then: [{to: odd, when: {orders: {any: odd}}}, {to: done, when: {orders: {all: ended}}}]
  odd: {end: odd}
  done: {end: done}
guarantees:
  nothing-odd: {never: {enter: odd}}
"""
CHILD = """
fields: {sort: {type: choice, of: [usual, odd], default: usual}}
steps:
  working:
    owner: clerk
    actions:
      finish: {to: finished, by: clerk, when: {sort: usual}}
      wonder: {to: odd, by: clerk, when: {sort: odd}}
  finished: {end: finished}
  odd: {end: odd}
"""
QUORUM = """
fields: {present: {type: list, of: person, computed: yes}}
steps:
  one:
    owner: clerk
    actions:
      come: {by: clerk, adds: {present: actor}}
      decide: {to: done, by: clerk, when: {present: {at_least: 3}}}
  done: {end: done}
guarantees:
  nothing-decided: {never: decide}
"""
LIMITED = """
steps:
  one:
    owner: clerk
    actions:
      again: {to: one, by: clerk, limit: 2, then: {to: two}}
  two: {owner: clerk, actions: {close: {to: done, by: clerk}}}
  done: {end: done}
guarantees:
  never-closed: {never: close}
"""


def confirmed(*trees: Any) -> tuple[RunDriver, Verdict, Verdict]:
    """What the prover says of the only guarantee, and what remains of it once runs are driven."""
    workspace = town(*trees)
    explorations = explore_all(workspace.procedures).explorations["loop"]
    (verdict,) = judge_guarantees(explorations[0].model.version, explorations)
    driver = RunDriver(workspace.procedures, workspace.calendar_data)
    return driver, verdict, confirm_verdict(driver, explorations, verdict)


def parts(value: str) -> tuple[Any, Any]:
    opened = {"by": ["procedure"]}
    return procedure(PARENT.replace("VALUE", value)), {**procedure(CHILD, "order"), "opened": opened}


def rules(verdict: Verdict) -> list[str]:
    return [edge.label.rule or edge.label.name for edge in verdict.run]


def test_the_shortest_run_is_shown_where_the_engine_follows_it() -> None:
    _, verdict, shown = confirmed(procedure(LIMITED))
    assert shown is verdict and shown.kind in ("violated", "inevitably violated")


def test_different_people_take_part_where_a_quorum_is_needed() -> None:
    driver, verdict, shown = confirmed(procedure(QUORUM))
    assert rules(verdict) == ["opened", "one.come", "one.come", "one.decide"]  # one or two people are one class
    assert rules(shown) == ["opened", "one.come", "one.come", "one.come", "one.decide"]
    events = driver.drive(driver.workspace.procedures["loop"], shown.run, shown.settings).run.case.events
    assert len({event.by for event in events if event.action == "come"}) == 3


def test_the_search_goes_on_where_the_engine_keeps_the_guarantee() -> None:
    _, verdict, shown = confirmed(procedure(LATE))
    assert rules(verdict) == ["opened", "one.ladder.2"]  # which leaves out a reminder that is never left out
    assert rules(shown) == ["opened", "one.ladder.1", "one.ladder.2"]
    assert shown.kind == "violated" and not shown.run[1].label.told


def test_a_child_that_can_end_so_is_followed() -> None:
    _, verdict, shown = confirmed(*parts("odd"))
    assert shown is verdict


def test_what_no_run_confirms_is_undecided_and_says_what_was_tried() -> None:
    _, verdict, shown = confirmed(*parts("usual"))
    assert verdict.kind == "violated" and shown.kind == "undecided"
    assert shown.unconfirmed is not None and 1 <= shown.unconfirmed.tried <= MOST_TRIED
    assert shown.unconfirmed.run[-1].label.outcome == "odd"


def test_a_finding_says_how_many_runs_were_tried_and_where_the_shortest_stops() -> None:
    context = RuleContext(town(*parts("usual")), date(2026, 6, 1))
    assert list(fj401_violated.check(context)) == []
    (finding,) = list[Finding](fj409_undecided.check(context))
    assert "would violate it cannot be carried out" in str(finding.message)
    assert str(finding.help).startswith("the shortest stops at its last event: one: the case is opened")
    assert "a case of orders ends: odd" in str(finding.help)
    assert "a case of order cannot reach the outcome odd" in str(finding.help)

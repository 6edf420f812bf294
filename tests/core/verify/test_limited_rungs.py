"""A rung whose limit is not used up comes before later ones of its ladder, in runs that are shown as in the engine."""

from __future__ import annotations

from fujin_cli.core.explore.explorer import explore_all
from fujin_cli.core.explore.feasible_paths import find_feasible_path
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.verify.reachable_moves import find_reachable_steps
from tests.support.small_town import procedure, town

STEPS = """
steps:
  one:
    owner: clerk
    within: 1 hour
    ladder:
      - {at: deadline, to: two, limit: 1}
      - {after: 1 hour, to: late}
    actions:
      done: {to: done, by: clerk}
  two:
    owner: clerk
    within: 1 hour
    actions:
      back: {to: BACK, by: clerk}
  late: {end: late}
  done: {end: done}
"""
KEEPING = """
steps:
  one:
    owner: clerk
    within: 1 hour
    ladder:
      - {at: deadline, tell: clerk, limit: 1, then: {to: late}}
    actions:
      again: {to: one, by: clerk}
      done: {to: done, by: clerk}
  late: {end: late}
  done: {end: done}
"""


def explored(text: str) -> Exploration:
    (found,) = explore_all(town(procedure(text)).procedures).explorations["loop"]
    return found


def names(found: Exploration, step: str) -> list[str]:
    way = find_feasible_path(found, lambda number: found.step_of(number) == step) or []
    return [edge.label.rule or edge.label.name for edge in way]


def test_a_later_rung_waits_until_the_limit_of_an_earlier_one_is_used_up() -> None:
    found = explored(STEPS.replace("BACK", "one"))
    assert names(found, "late") == ["opened", "one.ladder.1", "two.back", "one.ladder.2"]


def test_a_later_rung_never_happens_where_that_limit_cannot_be_used_up() -> None:
    found = explored(STEPS.replace("BACK", "done"))
    assert names(found, "late") == []
    assert find_reachable_steps(found) == {"one", "two", "done"}


def test_a_rung_that_keeps_the_step_happens_once_a_visit_also_where_nobody_notices() -> None:
    found = explored(KEEPING)
    assert names(found, "late") == ["opened", "one.ladder.1", "one.again", "one.ladder.1"]

"""Every setting that decides about moves is tried at its extremes: in guards, inputs and limits."""

from __future__ import annotations

from fujin_cli.core.explore.explorer import explore_all
from fujin_cli.core.verify.deadlocks import find_dead_ends
from fujin_cli.core.verify.guarantees import judge_guarantees
from tests.support.small_town import procedure, town

LIMIT = """
settings:
  rounds: {type: count, default: 2, from: 1, up_to: 4}
steps:
  one:
    owner: clerk
    within: 1 hour
    actions:
      again: {to: one, by: clerk, limit: rounds}
      done: {to: done, by: clerk}
  done: {end: done}
guarantees:
  twice: {at_most: again, times: 2}
  often: {at_most: again, times: 4}
"""
BOUNDS = """
settings:
  few: {type: count, default: 2, from: 2, up_to: 4}
  many: {type: count, default: 4, from: 4, up_to: 6}
fields:
  n: {type: count, optional: yes}
steps:
  one:
    owner: clerk
    actions:
      count: {to: two, by: clerk, needs: [n]}
  two:
    owner: clerk
    actions:
      small: {to: done, by: clerk, when: {n: {at_most: few}}}
      large: {to: done, by: clerk, when: {n: {at_least: many}}}
      middle: {to: done, by: clerk, when: {n: {over: 2, under: 6}}}
  done: {end: done}
"""


def test_a_limit_may_be_at_the_top_of_its_range() -> None:
    workspace = town(procedure(LIMIT))
    found = explore_all(workspace.procedures).explorations["loop"]
    assert [entry.model.shape.settings["rounds"] for entry in found] == ["2", "1", "4"]
    assert found[0].states is found[2].states  # only what may be done how often differs
    (verdict,) = judge_guarantees(workspace.procedures["loop"], found)
    assert (verdict.guarantee.name, verdict.settings) == ("twice", {"rounds": "4"})
    assert [edge.label.name for edge in verdict.run] == ["opened", "again", "again", "again"]


def test_settings_about_the_same_field_are_tried_at_their_extremes_together() -> None:
    found = explore_all(town(procedure(BOUNDS)).procedures)
    tried = [tuple(entry.model.shape.settings.values()) for entry in found.explorations["loop"]]
    assert tried == [("2", "4"), ("4", "4"), ("2", "6"), ("4", "6")]
    narrower = explore_all(town(procedure(BOUNDS.replace("over: 2, under: 6", "over: 3, under: 6"))).procedures)
    stuck = [bool(find_dead_ends(entry)) for entry in narrower.explorations["loop"]]
    assert stuck == [True, False, True, False]

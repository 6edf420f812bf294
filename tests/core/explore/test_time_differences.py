"""Versions that differ in times and limits alone share their states; any other difference is explored anew."""

from __future__ import annotations

from functools import cache

import pytest
from ruamel.yaml import YAML

from fujin_cli.core.explore.explorer import Explorer
from fujin_cli.core.explore.time_differences import has_same_states
from fujin_cli.core.model.compile_procedure import compile_procedure
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.versions.joint_abstraction import join_questions

TEXT = """
procedure: loan
case_of: loan
opened_by: clerk
people: {clerk: {role: clerk}, head: {role: head}}
steps:
  lent:
    title: Lent
    owner: clerk
    within: 5 working days
    ladder:
      - {before: 2 hours, tell: clerk}
      - {after: 1 working day, to: late}
      - {after: 3 working days, raise: head, to: lost}
    actions:
      extend: {to: lent, by: clerk, limit: 2}
      give-back: {to: returned, by: clerk, spaced: 1 working day}
  late: {owner: clerk, within: 1 working day, actions: {give-back: {to: returned, by: clerk}}}
  returned: {end: returned, reopen: {to: late, by: clerk, within: 3 working days, limit: 1}}
  lost: {end: lost}
"""
SAME = {
    "a deadline": ("within: 5 working days", "within: 9 working days"),
    "a limit": ("limit: 2", "limit: 7"),
    "a distance": ("spaced: 1 working day", "spaced: 2 working days"),
    "a window": ("within: 3 working days, limit", "within: 2 working days, limit"),
    "a rung that keeps its place": ("after: 3 working days", "after: 2 working days"),
    "a title": ("title: Lent", "title: On loan"),
}
OTHER = {
    "rungs in another order": ("after: 1 working day, to: late", "after: 4 working days, to: late"),
    "a reminder that falls before the arrival": ("within: 5 working days", "within: 1 hour"),
    "no deadline": ("    within: 5 working days\n", ""),
    "no limit": (", limit: 2", ""),
    "somebody else": ("by: clerk, limit: 2", "by: head, limit: 2"),
    "another target": ("{to: returned, by: clerk, spaced", "{to: lost, by: clerk, spaced"),
}


@cache
def compiled(old: str = "", new: str = "") -> Procedure:
    assert old in TEXT
    return compile_procedure(YAML(typ="safe").load(TEXT.replace(old, new, 1)))


@pytest.mark.parametrize("edit", SAME.values(), ids=SAME)
def test_times_and_limits_change_no_state(edit: tuple[str, str]) -> None:
    before, after = {"loan": compiled()}, {"loan": compiled(*edit)}
    assert has_same_states(before["loan"], after["loan"], None)
    # when both are explored, and when the second is explored alone
    questions = join_questions(before, after)
    first = Explorer(before, questions[0])
    [shared] = Explorer(after, questions[1], earlier=first).all_explorations.explorations["loan"]
    [alone] = Explorer(after, questions[1]).all_explorations.explorations["loan"]
    # then both explorations are the same, and the shared one belongs to the new version
    assert shared.edges is first.all_explorations.explorations["loan"][0].edges
    assert (shared.states, shared.edges, shared.begins) == (alone.states, alone.edges, alone.begins)
    assert shared.model.version is after["loan"]


@pytest.mark.parametrize("edit", OTHER.values(), ids=OTHER)
def test_any_other_difference_may_change_states(edit: tuple[str, str]) -> None:
    assert not has_same_states(compiled(), compiled(*edit), None)

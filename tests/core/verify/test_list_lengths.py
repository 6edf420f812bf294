"""Lists are told apart by length just as far as the cases that are opened for their items can be told apart."""

from __future__ import annotations

from typing import Any

import pytest

from fujin_cli.core.explore.abstraction import list_guards, list_setting_choices
from fujin_cli.core.explore.explorer import explore_all
from fujin_cli.core.explore.list_lengths import find_relevant_lengths
from fujin_cli.core.verify.reachable_moves import find_reachable_rules
from tests.support.small_town import procedure, town

OPENING = """
fields:
  one: {type: partner, optional: yes}
  many: {type: list, of: partner, optional: yes}
steps:
  start:
    owner: clerk
    within: 1 hour
    actions:
      go: {to: work, by: clerk, %s, opens: {orders: {procedure: order, one_each: %s}}}
  work:
    owner: clerk
    within: 1 hour
    actions:
      out: {to: done, by: clerk, when: {orders: %s}}
  done: {end: done}
"""
ORDER = """
opened: {by: [procedure]}
steps:
  sent: {owner: clerk, within: 1 hour, actions: {finish: {to: finished, by: clerk}}}
  finished: {end: verified}
"""


def workspace(needs: str, one_each: str, guard: str) -> Any:
    return town(procedure(OPENING % (needs, one_each, guard)), procedure(ORDER, "order")).procedures


def lengths(needs: str, one_each: str, guard: str) -> dict[str, int]:
    version = workspace(needs, one_each, guard)["loop"]
    return find_relevant_lengths(version, list_guards(version), list_setting_choices(version))


def test_a_list_alone_is_nothing_one_or_several() -> None:
    assert lengths("needs: [many]", "[many]", "{all: ended}")["many"] == 2


def test_beside_a_value_that_is_surely_there_the_first_item_makes_several() -> None:
    assert lengths("needs: [one], may: [many]", "[one, many]", "{all: ended}") == {"one": 2, "many": 1}


def test_a_value_that_may_be_missing_is_not_counted_on() -> None:
    assert lengths("may: [one, many]", "[one, many]", "{all: ended}")["many"] == 2


@pytest.mark.parametrize(("number", "length"), [(1, 2), (4, 5)])
def test_guards_that_count_are_counted_for(number: int, length: int) -> None:
    assert lengths("needs: [many]", "[many]", f"{{at_least: {number}}}")["many"] == length


@pytest.mark.parametrize("number", [1, 2, 3, 5])
def test_a_guard_that_counts_many_cases_can_hold(number: int) -> None:
    (found,) = explore_all(workspace("needs: [many]", "[many]", f"{{at_least: {number}}}")).explorations["loop"]
    assert "work.out" in find_reachable_rules(found)

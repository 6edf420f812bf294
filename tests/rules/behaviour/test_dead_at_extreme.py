"""FJ320: an action that can never be taken at an end of a setting's range."""

from __future__ import annotations

from datetime import date

import pytest

from fujin_cli.rules.behaviour import fj320_dead_at_extreme
from fujin_cli.rules.support.context import RuleContext
from tests.support.small_town import procedure, town

TEXT = """
settings:
  most: {type: count, default: 3, from: LOW, up_to: HIGH}
  fewest: {type: count, default: 1, from: 1, up_to: FEWEST}
steps:
  one:
    owner: clerk
    actions:
      look: {by: clerk, limit: most}
      praise: {to: two, by: clerk, when: {times: {look: {at_least: BOUND}}}}
      close: {to: done, by: clerk}
  two: {owner: clerk, actions: {end: {to: done, by: clerk}}}
  done: {end: done}
"""


def reported(low: int, high: int, bound: str, fewest: int = 1) -> list[str]:
    text = TEXT.replace("LOW", str(low)).replace("HIGH", str(high)).replace("BOUND", bound)
    context = RuleContext(town(procedure(text.replace("FEWEST", str(fewest)))), date(2026, 6, 1))
    return [str(finding.message) for finding in fj320_dead_at_extreme.check(context)]


@pytest.mark.parametrize(
    ("low", "high", "bound", "fewest", "expected"),
    [
        (1, 5, "2", 1, ["praise can never be taken with most = 1"]),
        (2, 5, "2", 1, []),
        (0, 5, "most", 1, []),  # the guard follows the setting
        (3, 5, "fewest", 4, ["praise can never be taken with fewest = 4"]),
        (3, 5, "fewest", 3, []),
    ],
)
def test_an_action_that_an_end_of_the_range_makes_impossible_is_reported(
    low: int, high: int, bound: str, fewest: int, expected: list[str]
) -> None:
    assert reported(low, high, bound, fewest) == expected

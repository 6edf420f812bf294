"""FJ302: an action that needs another one done twice, which ``spaced`` does not allow before the step ends."""

from __future__ import annotations

from datetime import date

import pytest

from fujin_cli.rules.behaviour import fj302_dead_action
from fujin_cli.rules.support.context import RuleContext
from tests.support.small_town import procedure, town

TEXT = """
settings: {pause: {type: duration, default: 5 working days, from: 1 hour, up_to: 9 working days}}
steps:
  one:
    owner: clerk
    TIME
    actions:
      remind: {by: clerk, spaced: SPACEDTO}
      insist: {to: done, by: clerk, when: {times: {remind: {at_least: 2}}}}
      close: {to: done, by: clerk}
  two: {owner: clerk, actions: {end: {to: done, by: clerk}, again: {to: BACK, by: clerk}}}
  done: {end: done}
"""


def dead(spaced: str, time: str, to: str = "", back: str = "done") -> list[str]:
    text = TEXT.replace("TIME", time).replace("SPACED", spaced).replace("TO}", f"{to}}}").replace("BACK", back)
    context = RuleContext(town(procedure(text)), date(2026, 6, 1))
    return [str(finding.message) for finding in fj302_dead_action.check(context)]


WITHIN = "within: 1 working day\n    ladder: [{at: deadline, to: two}]"
PERIOD = "lasts: 1 working day\n    then: [{when: {time: up}, to: two}]"
LATER = "within: 1 working day\n    ladder: [{at: deadline, tell: [clerk]}, {after: 3 working days, to: two}]"


@pytest.mark.parametrize(
    ("spaced", "time", "to", "back", "expected"),
    [
        ("3 working days", WITHIN, "", "done", ["insist can never be taken"]),
        ("3 working days", WITHIN, ", to: one", "done", ["insist can never be taken"]),
        ("2 weeks", LATER, "", "done", ["insist can never be taken"]),
        ("3 working days", PERIOD, "", "done", ["insist can never be taken"]),
        ("1 hour", WITHIN, "", "done", []),
        ("3 working days", LATER, "", "done", []),
        ("3 working days", "within: 1 working day", "", "done", []),
        ("3 working days", WITHIN, "", "one", []),  # the case can come back
        ("pause", WITHIN, "", "done", []),  # an hour somewhere
        ("3 working days", "within: 1 working day\n    ladder: [{at: deadline, to: two, limit: 1}]", "", "done", []),
    ],
)
def test_what_needs_a_second_time_is_dead_where_the_step_ends_first(
    spaced: str, time: str, to: str, back: str, expected: list[str]
) -> None:
    assert dead(spaced, time, to, back) == expected

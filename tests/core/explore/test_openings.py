"""How a case begins in runs that are shown."""

from __future__ import annotations

from fujin_cli.core.explore.explorer import explore_all
from tests.support.small_town import procedure, town

OVERWRITTEN = """
fields:
  a: {type: choice, of: [x, y], optional: yes}
steps:
  one: {owner: clerk, within: 1 hour, actions: {go: {to: two, by: clerk, needs: [a]}}}
  two:
    owner: clerk
    within: 1 hour
    actions:
      out: {to: done, by: clerk, when: {a: x}}
      back: {to: one, by: clerk, limit: 1}
  done: {end: done}
"""


def test_of_beginnings_that_lead_to_the_same_the_plainest_is_shown() -> None:
    """What is entered at the opening is overwritten before anybody reads it, so that saying it would only mislead."""
    (found,) = explore_all(town(procedure(OVERWRITTEN)).procedures).explorations["loop"]
    (begin,) = found.begins
    assert begin.data == ()

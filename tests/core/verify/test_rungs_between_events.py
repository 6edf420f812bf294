"""A rung that keeps the step happens once in a visit, also where only guarantees about neighbours would notice."""

from __future__ import annotations

from fujin_cli.core.explore.explorer import explore_all
from fujin_cli.core.verify.guarantees import judge_guarantees
from tests.support.small_town import procedure, town

TEXT = """
steps:
  one:
    owner: clerk
    within: 1 hour
    ladder: [LADDER]
    actions:
      ask: {by: clerk, limit: 1}
      close: {to: done, by: clerk, when: {times: {ask: {at_least: 1}}}}
  done: {end: done}
guarantees:
  not-at-once: {after: opened, not_next: ask}
  not-then: {after: ask, not_next: close}
"""
RUNG = "{after: 1 hour, raise: street}"
LATER = "{after: 2 hours, raise: street}"


def kinds(*rungs: str) -> dict[str, str]:
    tree = procedure(TEXT.replace("LADDER", ", ".join(rungs)))
    (exploration,) = explore_all(town(tree).procedures).explorations["loop"]
    return {v.guarantee.name: v.kind for v in judge_guarantees(exploration.model.version, [exploration])}


def test_one_rung_cannot_come_between_two_pairs_of_events() -> None:
    assert kinds(RUNG) == {"not-then": "conflicting"}


def test_two_rungs_can() -> None:
    assert kinds(RUNG, LATER) == {"not-at-once": "violated", "not-then": "violated"}

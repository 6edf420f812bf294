"""A comparison that would be too large is cut off, and never reads as one in which nothing was found."""

from __future__ import annotations

from datetime import date

import pytest

from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.versions.compare import Side, compare_workspaces
from fujin_cli.core.versions.trace_inclusion import MOST_PAIRS
from fujin_cli.rules.change_findings import findings_of_changes
from tests.support.small_town import procedure, town

pytestmark = pytest.mark.slow

SWITCHES = 6  # fields that guards read: each is not given, no or yes


def large(limit: int) -> Workspace:
    """Many switches, and a last action with a limit that nothing short can reach."""
    fields = "\n".join(f"  f{n}: {{type: yes_no, optional: yes}}" for n in range(SWITCHES))
    turns = "\n".join(
        f"      on-{n}: {{by: clerk, sets: {{f{n}: yes}}}}\n      go-{n}: {{to: done, by: clerk, when: {{f{n}: yes}}}}"
        for n in range(SWITCHES)
    )
    return town(
        procedure(
            f"""
fields:
{fields}
steps:
  asked:
    owner: clerk
    within: 1 working day
    actions:
{turns}
      call: {{by: clerk, limit: {limit}}}
  done: {{end: done}}
"""
        )
    )


def test_more_pairs_than_can_be_looked_at() -> None:
    old, new = large(60), large(61)
    found = compare_workspaces(old, new, date(2026, 6, 1))
    assert not found.is_same
    [difference] = found.procedures
    assert difference.behaviour is not None and not difference.behaviour.is_complete
    assert 3**SWITCHES * 60 > MOST_PAIRS
    assert {step.verdict for step in difference.behaviour.steps} == {"unknown"}
    assert difference.behaviour.forbidden is None and difference.behaviour.allowed is None
    sides = [Side(name, workspace, lambda place: place) for name, workspace in (("a", old), ("b", new))]
    assert [(finding.code, finding.severity) for finding in findings_of_changes(found, *sides)] == [
        ("FJ609", "error"),
        ("FJ613", "warning"),
    ]

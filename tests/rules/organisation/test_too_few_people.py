"""FJ216: what requires more different people than a roster has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.golden_workspaces import copy_base, findings_of
from tests.support.page_examples import Example, lay

LIST = """
fields: {present: {type: list, of: person, HOW}}
settings: {many: {type: count, default: 3, from: 1, up_to: 5}}
steps:
  checking:
    actions:
      come: {title: come, by: [WHO], adds: {present: actor}}
      agree: {title: agree, to: declined, by: chief, when: {present: {at_least: NEEDED}}, tell: {asker: answer}}
"""
# The chief of a community, its inspector, and the supervisor of the street (to whom cases are raised) are one each.
QUORUM = LIST.replace("when: {present: {at_least: NEEDED}}, ", "") + (
    "guarantees: {enough: {before: agree, quorum: {present: NEEDED}}}\n"
)
DIFFERENT = """
steps:
  checking:
    actions:
      a: {title: a, by: WHO}
      b: {title: b, by: chief}
      c: {title: c, by: chief}
guarantees: {others: {different_people: [a, b, c]}}
"""


def reported(root: Path, text: str) -> list[tuple[str, str]]:
    lay(Example(True, "procedures/errand.yaml", text), copy_base(root))
    found = [finding for finding in findings_of(root) if finding.code == "FJ216"]
    return [(finding.severity, re.sub(r"^in .*?, (?=\d)", "", str(finding.message))) for finding in found]


@pytest.mark.parametrize("text", [LIST, QUORUM])
@pytest.mark.parametrize(
    ("who", "needed", "available"),
    [("chief", "2", None), ("chief", "3", 2), ("chief, inspector", "3", None), ("chief, inspector", "4", 3)],
)
def test_a_list_is_never_longer_than_there_are_people_who_may_act(
    tmp_path: Path, text: str, who: str, needed: str, available: int | None
) -> None:
    text = text.replace("HOW", "computed: yes").replace("WHO", who).replace("NEEDED", needed)
    found = reported(tmp_path, text)
    said = f"{needed} different people are required, and only {available} can act"
    assert {words for _, words in found if "required" in words} == (set() if available is None else {said}), found


def test_a_number_may_be_a_setting(tmp_path: Path) -> None:
    text = LIST.replace("HOW", "computed: yes").replace("WHO", "chief").replace("NEEDED", "many")
    assert {words for _, words in reported(tmp_path, text)} == {"3 different people are required, and only 2 can act"}


def test_whoever_can_be_entered_or_does_not_depend_on_rosters_may_be_enough(tmp_path: Path) -> None:
    entered = LIST.replace("HOW", "optional: yes").replace("WHO", "chief").replace("NEEDED", "9")
    assert reported(tmp_path / "1", entered) == []
    outside = LIST.replace("HOW", "computed: yes").replace("WHO", "asker").replace("NEEDED", "9")
    assert reported(tmp_path / "2", outside) == []


@pytest.mark.parametrize(("who", "short"), [("chief", True), ("inspector", False), ("asker", False)])
def test_three_actions_need_three_people(tmp_path: Path, who: str, short: bool) -> None:
    found = {words for _, words in reported(tmp_path, DIFFERENT.replace("WHO", who))}
    assert found == ({"3 different people are required, and only 2 can act"} if short else set())

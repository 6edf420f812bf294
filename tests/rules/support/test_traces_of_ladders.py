"""A run says when a rung is due, not which number it has."""

from __future__ import annotations

import pytest

from fujin_cli import language
from fujin_cli.core.model.compile_procedure import compile_procedure
from fujin_cli.core.wording.rungs import describe_rung_time
from tests.support.small_town import procedure
from tests.support.yaml_trees import tree_of

LADDER = """
settings: {late: {type: duration, default: 3 working days, from: 1 working day, up_to: 5 working days}}
steps:
  one:
    owner: clerk
    within: 2 working days
    ladder:
      - {before: 2 working hours, tell: [clerk]}
      - {at: deadline, tell: [clerk]}
      - {after: 1 working day, raise: street}
      - {after: late, to: done}
    actions: {go: {to: done, by: clerk}}
  done: {end: done}
"""


@pytest.mark.parametrize(
    ("number", "settings", "english", "chinese"),
    [
        (0, {}, "2 working hours before the deadline", "时限前 2 个工作小时"),
        (1, {}, "at the deadline", "时限到时"),
        (2, {}, "1 working day after the deadline", "时限后 1 个工作日"),
        (3, {}, "3 working days after the deadline", "时限后 3 个工作日"),
        (3, {"late": "5 working days"}, "5 working days after the deadline", "时限后 5 个工作日"),
    ],
)
def test_a_rung_is_named_by_its_time(number: int, settings: dict[str, str], english: str, chinese: str) -> None:
    version = compile_procedure({**procedure(LADDER), **tree_of(LADDER)}, "a.yaml")
    said = describe_rung_time(version, version.steps["one"].ladder[number], settings)
    current = language.current_language()
    try:
        words = []
        for name in ("en", "zh"):
            language.set_language(name)
            words.append(str(said))
    finally:
        language.set_language(current)
    assert words == [english, chinese]

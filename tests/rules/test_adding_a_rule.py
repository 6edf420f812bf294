"""The how-to for new rules is true: its rule, written as it says there, finds what its page says."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from fujin_cli.rules.support.context import RuleContext
from tests.support.golden_workspaces import TODAY, copy_base, findings_of, workspace_of
from tests.support.page_examples import examples, lay

PAGE = (Path(__file__).parents[2] / "docs" / "how-to-extend" / "rule.md").read_text("utf-8")
SOURCE = re.search(r"^````python\n(.*?)^````$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def rule(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    assert SOURCE
    module = ModuleType("fj217")
    monkeypatch.setitem(sys.modules, "fj217", module)
    exec(compile(SOURCE[1], "docs/how-to-extend/rule.md", "exec"), module.__dict__)
    return module


@pytest.mark.parametrize("fails", [True, False])
def test_the_rule_of_the_how_to_does_what_its_page_says(rule: ModuleType, fails: bool, tmp_path: Path) -> None:
    root = copy_base(tmp_path)
    (example,) = (found for found in examples(rule.__doc__ or "") if found.fails == fails)
    lay(example, root)
    assert [finding.code for finding in rule.check(RuleContext(workspace_of(root), TODAY))] == ["FJ217"] * fails
    assert findings_of(root) == []

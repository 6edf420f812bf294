"""Findings name a group of cases by its title, beside the name that people type."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fujin_cli.rules import registry
from tests.support.golden_workspaces import MEMORY, copy_base, findings_of
from tests.support.page_examples import Example, examples, lay

SCENARIO = "scenario: odd\ntitle: Odd\nprocedure: errand\nwhen: [accept, {line}]\nthen: {{step: closed}}\n"


@pytest.mark.parametrize(
    ("code", "line"), [("FJ134", "orders"), ("FJ136", "{orders: nowhere}"), ("FJ312", ""), ("FJ318", "")]
)
def test_a_finding_has_the_title_of_the_group(tmp_path: Path, code: str, line: str) -> None:
    copy_base(tmp_path / "workspace")
    for example in examples(registry.page(code) or ""):
        if example.fails and not line:
            lay(example, tmp_path / "workspace")
    if line:
        lay(Example(True, "scenarios/odd.yaml", SCENARIO.format(line=line)), tmp_path / "workspace")
    for path in (tmp_path / "workspace" / "workflows" / "procedures").iterdir():
        text = path.read_text("utf-8")
        names = sorted(set(re.findall(r"opens:\s*\{?\s*(\w+):", text)))
        titles = "".join(f"  {name}: {{title: {{en: Titled {name}}}}}\n" for name in names)
        path.write_text(f"{text.rstrip()}\n" + (f"groups:\n{titles}" if titles else ""), "utf-8")
    findings = findings_of(tmp_path / "workspace", memory=MEMORY)
    messages = [str(finding.message) for finding in findings if finding.code == code]
    assert messages, messages
    assert any(re.search(r"Titled (\w+) \(\1\)", message) for message in messages), messages

"""Every rule is registered, explained, and explained truly: its failing example fails, its passing one passes."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from fujin_cli.rules import registry
from fujin_cli.rules.support.context import Rule
from tests.support.golden_workspaces import MEMORY, copy_base, findings_of
from tests.support.page_examples import Example, examples, lay

RULES = Path(registry.__file__).parent
FILES = sorted(
    ".".join(path.relative_to(RULES).with_suffix("").parts) for path in RULES.glob("*/fj[0-9][0-9][0-9]_*.py")
)
CODES = registry.codes()
CHECKED = [code for code in CODES if code not in registry.PAGE_ONLY]
PAGES = {code: registry.page(code) or "" for code in CODES}
EXAMPLES = [(name, example) for name, page in PAGES.items() for example in examples(page)]


def test_every_rule_file_is_registered_and_every_registered_rule_has_a_file() -> None:
    assert sorted(registry.RULES) == FILES
    ordered = [registry.code_of(name) for name in registry.RULES]
    assert ordered == sorted(ordered) == CHECKED


@pytest.mark.parametrize("rule", list(registry.rules()), ids=lambda rule: rule.CODE)
def test_a_rule_is_what_the_protocol_asks_for(rule: Rule) -> None:
    assert registry.code_of(rule.__name__.removeprefix("fujin_cli.rules.")) == rule.CODE  # type: ignore[attr-defined]
    assert rule.SEVERITY in ("error", "warning", "info")


@pytest.mark.parametrize("name", CODES)
def test_a_page_has_a_title_and_says_how_to_mend_it(name: str) -> None:
    assert re.match(rf"# {name} · \S", PAGES[name])


@pytest.mark.parametrize("name", CHECKED)
def test_a_page_has_both_examples(name: str) -> None:
    assert {example.fails for example in examples(PAGES[name])} == {True, False}
    assert "To fix it" in PAGES[name]


@pytest.mark.parametrize(
    ("name", "example"), EXAMPLES, ids=[f"{n}-{'fail' if e.fails else 'pass'}" for n, e in EXAMPLES]
)
def test_an_example_does_what_its_page_says(name: str, example: Example, tmp_path: Path) -> None:
    root = copy_base(tmp_path)
    lay(example, root)
    findings = findings_of(root, memory=MEMORY)
    codes = {finding.code for finding in findings}
    assert (name in codes) == example.fails
    if not example.fails:
        assert not [finding for finding in findings if finding.severity == "error"]


def test_pages_of_unknown_codes_are_none() -> None:
    assert registry.page("FJ999") is None
    assert registry.page("../../etc") is None
    assert "roster" in (registry.page("fj207") or "")


def test_the_tiny_workspace_is_silent() -> None:
    assert findings_of(copy_base_path()) == []


def copy_base_path() -> Path:
    from tests.support.golden_workspaces import BASE

    return BASE


def test_check_all_is_the_same_each_time() -> None:
    from tests.support.golden_workspaces import BASE, workspace_of

    workspace = workspace_of(BASE)
    assert registry.check_all(workspace, date(2030, 1, 1)) == registry.check_all(workspace, date(2030, 1, 1))

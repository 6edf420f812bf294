"""Why an action can never be taken: the test that never holds is marked, or a limit is named."""

from __future__ import annotations

from pathlib import Path

from fujin_cli.core.findings.finding import Finding
from tests.support.golden_workspaces import copy_base, findings_of

PRAISE = "      praise: {title: praise, to: finished, by: clerk, when: {found: litter}}\n"
PROCEDURES = "workflows/procedures"


def never_taken(root: Path, name: str, old: str, new: str) -> Finding:
    copy_base(root)
    file = root / PROCEDURES / name
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    (finding,) = findings_of(root)
    assert finding.code == "FJ302"
    return finding


def test_the_test_that_never_holds_is_marked(tmp_path: Path) -> None:
    finding = never_taken(tmp_path, "order.yaml", "      refuse:", PRAISE + "      refuse:")
    assert [str(related.message) for related in finding.related] == ["this never holds here"]


def test_a_guard_that_counts_beyond_a_limit_says_so(tmp_path: Path) -> None:
    finding = never_taken(tmp_path, "errand.yaml", "{try: {at_least: tries,", "{try: {at_least: 6,")
    assert finding.related == ()
    assert "a limit is used up" in str(finding.help)

"""Malformed workspaces: each folder, laid over the tiny one, must say exactly what its ``expected.txt`` says.

``expected.txt`` has a line ``CODE path:line:column`` for each finding; ``removed.txt`` names files to leave out.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.golden_workspaces import MALFORMED, MEMORY, findings_of, lay, said


@pytest.mark.parametrize("folder", MALFORMED, ids=lambda folder: folder.name)
def test_a_malformed_workspace_says_exactly_this(folder: Path, tmp_path: Path) -> None:
    findings = findings_of(lay(folder, tmp_path), memory=MEMORY)
    assert said(findings) == sorted((folder / "expected.txt").read_text("utf-8").splitlines())
    for finding in findings:
        assert not re.search(r"\{\w+\}", str(finding.message))  # a hole that nothing filled
        assert finding.place.span is not None
        assert all(related.place.span is not None and related.place.path for related in finding.related)

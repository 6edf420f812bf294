"""Workspaces for tests: overlays on the tiny one in ``golden/base``, and everything that validation says of them."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from fujin_cli.core.findings.finding import Finding
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.store.cache.validation_memory import ValidationMemory
from fujin_cli.store.workspace.load import contents_of
from fujin_cli.store.workspace.read_files import read_files
from fujin_cli.use_cases.validate import ValidationResult, validate
from tests.support.paths import GOLDEN

BASE = GOLDEN / "base"
MALFORMED = sorted(path for path in (GOLDEN / "malformed").iterdir() if path.is_dir())
ONE_OF_THREE = MALFORMED[::3]
_REST = [folder for place, folder in enumerate(MALFORMED) if place % 3]
REST_IN_BATCHES = [_REST[start : start + 40] for start in range(0, len(_REST), 40)]
"""The rest, for slow tests: exploring each folder again for another law takes most of the time of the quick ones."""
TODAY = date(2026, 6, 1)
MEMORY = ValidationMemory()
"""For laws over many workspaces: most of their files are those of the tiny one, and are parsed and explored once.

That a validation with a memory says what one without says is tested in ``use_cases/test_validation_memory.py``. A test
that changes fujin itself (a limit, a rule) validates without it, or later tests of the process would read its findings.
"""


def copy_base(target: Path) -> Path:
    """A copy of the tiny workspace at ``target``."""
    shutil.copytree(BASE, target, dirs_exist_ok=True)
    return target


def lay(folder: Path, root: Path) -> Path:
    """The tiny workspace at ``root`` made what a golden folder says, whatever it was before."""
    shutil.rmtree(root / "workflows", ignore_errors=True)
    copy_base(root)
    if (folder / "workflows").exists():
        shutil.copytree(folder / "workflows", root / "workflows", dirs_exist_ok=True)
    removed = folder / "removed.txt"
    for path in removed.read_text("utf-8").split() if removed.exists() else ():
        (root / "workflows" / path).unlink()
    return root


def lay_anew(folder: Path, root: Path) -> Path:
    """Lay a golden folder out in an empty folder of its own below ``root``, for tests that lay out several."""
    return lay(folder, root / folder.name)


def findings_of(root: Path, today: date = TODAY, memory: ValidationMemory | None = None) -> list[Finding]:
    """Everything that validation finds in the workspace at ``root``, in its order, each with its span."""
    return list(validated(root, today, memory).findings)


def validated(root: Path, today: date = TODAY, memory: ValidationMemory | None = None) -> ValidationResult:
    """The result of validating the workspace at ``root``."""
    return validate(root, today, contents=contents_of(root), memory=memory)


def workspace_of(root: Path) -> Workspace:
    """Compile the workspace at ``root``; no rule judges it."""
    return read_files(contents_of(root)).workspace


def said(findings: Iterable[Finding]) -> list[str]:
    """``CODE path:line:column`` for each finding, paths as in the workspace's ``workflows/``."""
    lines = []
    for finding in findings:
        span = finding.place.span
        where = f"{span.line}:{span.column}" if span else "?"
        lines.append(f"{finding.code} {finding.place.path.removeprefix('workflows/')}:{where}")
    return sorted(lines)

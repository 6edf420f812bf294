"""Fix files for ``fujin validate --fix``, and show the fixes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import unified_diff
from typing import Any

from fujin_cli.commands.common.console import Console
from fujin_cli.commands.workspace.write_back import write_back
from fujin_cli.core.text.localized import say_count
from fujin_cli.render.basics.text import fold_text
from fujin_cli.use_cases.fix import FixResult, compute_fixes
from fujin_cli.use_cases.validate import ValidationResult, validate


@dataclass(frozen=True, slots=True)
class Fixes:
    """Hold the fixes of one run. ``planned``: they are shown, not written; ``failed``: a file could not be written."""

    result: FixResult
    planned: bool
    failed: bool
    unsafe: bool

    @property
    def remaining(self) -> ValidationResult:
        """Return the findings that remain after the fixes."""
        return self.result.remaining

    @property
    def waiting(self) -> bool:
        """Return whether a fix has not been written."""
        return self.failed or (self.planned and bool(self.result.changes))

    def json(self) -> dict[str, Any]:
        """Build the part of the JSON answer about fixes."""
        fixed = [
            {
                "path": finding.place.path,
                "code": finding.code,
                "title": str(finding.fix.title),
                "safe": finding.fix.safe,
            }
            for finding in self.result.fixed
            if finding.fix is not None
        ]
        return {"fixed": fixed, "dry_run": self.planned}

    def text(self, width: int) -> str:
        """Summarize how many findings were fixed, or would be; folded at ``width`` columns (0: never)."""
        count, files = len(self.result.fixed), len(self.result.changes)
        where = say_count("{count} file", "{count} files", count=files)
        fixed_line = say_count(
            "{count} finding fixed in {files}", "{count} findings fixed in {files}", count=count, files=where
        )
        planned = say_count(
            "{count} finding would be fixed in {files}",
            "{count} findings would be fixed in {files}",
            count=count,
            files=where,
        )
        summary = f"{planned if self.planned else fixed_line}\n{self._describe_unsafe_fixes()}"
        return "".join(f"{line}\n" for line in fold_text(summary, width))

    def _describe_unsafe_fixes(self) -> str:
        """Count the remaining unsafe fixes, and name the command that shows them; empty if there are none."""
        count = 0 if self.unsafe else sum(finding.fix is not None for finding in self.remaining.findings)
        if not count:
            return ""
        guesses = say_count(
            "{count} more finding has an unsafe fix; show it with: fujin validate --fix --unsafe --diff",
            "{count} more findings have unsafe fixes; show them with: fujin validate --fix --unsafe --diff",
            count=count,
        )
        return f"{guesses}\n"

    def diff(self) -> str:
        """Show planned changes as a unified diff; empty if they were written."""
        return (
            "".join(_diff_of_file(path, *texts) for path, texts in self.result.changes.items()) if self.planned else ""
        )


def fix_files(console: Console, today: date, only: Sequence[str], *, unsafe: bool, writes: bool) -> Fixes:
    """Fix the files, and with ``writes`` write them; skip a file that changed meanwhile or cannot be written."""
    result = compute_fixes(console.session.root, today, only, unsafe=unsafe)
    if not writes:
        return Fixes(result, planned=True, failed=False, unsafe=unsafe)
    outcomes = {path: write_back(console, path, *texts) for path, texts in result.changes.items()}
    written = {path: texts for path, texts in result.changes.items() if outcomes[path] == "written"}
    if len(written) == len(outcomes):
        return Fixes(result, planned=False, failed=False, unsafe=unsafe)
    written_fixes = tuple(finding for finding in result.fixed if finding.place.path in written)
    remaining = validate(console.session.root, today, only)  # some files on disk are unchanged
    return Fixes(
        replace(result, fixed=written_fixes, remaining=remaining, changes=written),
        planned=False,
        failed=True,
        unsafe=unsafe,
    )


def _diff_of_file(path: str, old: bytes, new: bytes) -> str:
    before, after = (content.decode("utf-8").splitlines(keepends=True) for content in (old, new))
    lines = unified_diff(before, after, path, path)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)

"""Apply the fixes of findings and validate again, until the result has nothing more to fix."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fujin_cli.core.findings.finding import Finding
from fujin_cli.store.cache.validation_memory import ValidationMemory
from fujin_cli.store.workspace.load import contents_of
from fujin_cli.store.yaml.edits import apply_fixes, makes_worse
from fujin_cli.use_cases.validate import ValidationResult, validate

ROUNDS = 10
UNUSED_IGNORE = "FJ022"
_MARK = "\ufeff"  # byte order mark


@dataclass(frozen=True, slots=True)
class FixResult:
    """Hold the fixed findings, the remaining ones, and path → old and new bytes of each file; nothing is written."""

    fixed: tuple[Finding, ...]
    remaining: ValidationResult
    changes: Mapping[str, tuple[bytes, bytes]]


def compute_fixes(
    root: Path,
    today: date,
    only: Sequence[str] = (),
    *,
    unsafe: bool = False,
    memory: ValidationMemory | None = None,
) -> FixResult:
    """Fix the files ``only`` (empty: all files); fixes that may change the meaning are applied only with ``unsafe``.

    A fix that would make a file unreadable, or hand a comment to another entry, is not applied. Each round checks only
    what differs from earlier rounds; with a ``memory``, from whatever was validated with it before.
    """
    memory = memory or ValidationMemory()
    before = contents_of(root)
    contents = dict(before)
    fixed_findings: list[Finding] = []
    skipped: set[str] = set()
    for _ in range(ROUNDS + len(before)):  # a finding about many files is fixed file by file
        result = validate(root, today, only, contents, memory=memory)
        changed = False
        for path, findings in _group_fixable_findings(result, unsafe, skipped).items():
            if only and path not in only:
                continue  # the finding is also about a file that was selected
            content = contents.get(path)
            if content is None:
                continue
            new, applied = _apply_sound_fixes(path, content, findings)
            if not applied:
                skipped.add(path)
                continue
            contents[path] = new
            fixed_findings += applied
            changed = True
        if not changed:
            break
    else:
        result = validate(root, today, only, contents, memory=memory)
    changes = {path: (old, contents[path] or b"") for path, old in before.items() if old and contents[path] != old}
    return FixResult(tuple(fixed_findings), result, changes)


def _apply_sound_fixes(path: str, content: bytes, findings: Sequence[Finding]) -> tuple[bytes, Sequence[Finding]]:
    """Apply fixes to a file: all of them, or if they make it worse together, the first that does not."""
    text = content.decode("utf-8")
    start = _MARK if text.startswith(_MARK) else ""
    text = text.removeprefix(_MARK)
    for part in (findings, *([finding] for finding in findings)):
        new, applied = apply_fixes(text, part)
        if applied and not makes_worse(path, text, new, applied):
            return (start + new).encode(), applied
    return content, ()


def _group_fixable_findings(
    result: ValidationResult, unsafe: bool, skipped: Collection[str]
) -> Mapping[str, list[Finding]]:
    """Group the findings that have a fix by file, without the files ``skipped``.

    A comment that ignores nothing is deleted last, because another fix may bring back what it ignores.
    """
    fixable = [
        finding
        for finding in result.findings
        if finding.fix is not None and (finding.fix.safe or unsafe) and finding.place.path not in skipped
    ]
    by_path: dict[str, list[Finding]] = defaultdict(list)
    for finding in [finding for finding in fixable if finding.code != UNUSED_IGNORE] or fixable:
        by_path[finding.place.path].append(finding)
    return by_path

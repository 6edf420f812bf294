"""Makes the fixes of findings, judges the result, and makes those that came of it, until nothing is left to fix."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from fujin_cli.core.findings.finding import Finding
from fujin_cli.store.workspace.load import contents_of
from fujin_cli.store.yaml.edits import damages, fixed
from fujin_cli.use_cases.validate import Validated, validate

ROUNDS = 10
_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Mended:
    """What was fixed, what is found now, and path → what a changed file held and is to hold. Nothing is written yet."""

    fixed: tuple[Finding, ...]
    left: Validated
    changes: Mapping[str, tuple[bytes, bytes]]


def mend(root: Path, today: date, only: Sequence[str] = (), *, unsafe: bool = False) -> Mended:
    """Fix what can be fixed in the files ``only`` (none: all): what keeps the meaning, with ``unsafe`` guesses too.

    A fix after which a file could be read no more is not made, and no other one in that file in the same run.
    """
    before = contents_of(root)
    contents = dict(before)
    made: list[Finding] = []
    kept: set[str] = set()
    for _ in range(ROUNDS):
        found = validate(root, today, only, contents)
        changed = False
        for path, findings in _fixable(found, unsafe).items():
            data = contents.get(path)
            if data is None or path in kept:
                continue
            text = data.decode("utf-8")
            start = _MARK if text.startswith(_MARK) else ""
            new, done = fixed(text.removeprefix(_MARK), findings)
            if damages(path, text.removeprefix(_MARK), new):
                kept.add(path)
                continue
            contents[path] = (start + new).encode()
            made += done
            changed = True
        if not changed:
            break
    changes = {path: (old, contents[path] or b"") for path, old in before.items() if old and contents[path] != old}
    return Mended(tuple(made), found, changes)


def _fixable(found: Validated, unsafe: bool) -> Mapping[str, list[Finding]]:
    by_path: dict[str, list[Finding]] = defaultdict(list)
    for finding in found.findings:
        if finding.fix is not None and (finding.fix.safe or unsafe):
            by_path[finding.place.path].append(finding)
    return by_path

"""The ``--fix`` of ``fujin validate``: what was mended, written or only shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from difflib import unified_diff
from typing import Any

from fujin_cli.commands.context import Context, judge
from fujin_cli.core.message import say
from fujin_cli.store.mending import Mended, mend
from fujin_cli.store.rewriting import rewrite
from fujin_cli.store.workspace import Validated


@dataclass(frozen=True, slots=True)
class Fixes:
    """What was mended; with ``planned`` it is only shown."""

    made: Mended
    planned: bool

    @property
    def left(self) -> Validated:
        """What is found once it is mended."""
        return self.made.left

    @property
    def waiting(self) -> bool:
        """Whether something would change that nobody has written."""
        return self.planned and bool(self.made.changes)

    def json(self) -> dict[str, Any]:
        """What was fixed, for the answer of ``validate``."""
        fixed = [
            {
                "path": finding.place.path,
                "code": finding.code,
                "title": str(finding.fix.title),
                "safe": finding.fix.safe,
            }
            for finding in self.made.fixed
            if finding.fix is not None
        ]
        return {"fixed": fixed, "dry_run": self.planned}

    def text(self) -> str:
        """How much was fixed, or would be."""
        count, files = len(self.made.fixed), len(self.made.changes)
        where = say("1 file") if files == 1 else say("{count} files", count=files)
        done = say("fixed: {count} in {files}", count=count, files=where)
        planned = say("to be fixed: {count} in {files}", count=count, files=where)
        return f"{planned if self.planned else done}\n"

    def diff(self) -> str:
        """What would be changed, as a unified diff; nothing where it is written."""
        return "".join(_diff(path, *texts) for path, texts in self.made.changes.items()) if self.planned else ""


def fix_files(context: Context, today: date, only: Sequence[str], *, unsafe: bool, writes: bool) -> Fixes:
    """Mend the files; with ``writes`` they are written, but for one that somebody else has changed meanwhile."""
    found = mend(context.root, today, judge, only, unsafe=unsafe)
    for path, (old, new) in found.changes.items() if writes else ():
        if not rewrite(context.root, path, old, new):
            context.warn(say("{path} was changed by somebody else meanwhile and is left as it is", path=path))
    return Fixes(found, planned=not writes)


def _diff(path: str, old: bytes, new: bytes) -> str:
    before, after = (data.decode("utf-8").splitlines(keepends=True) for data in (old, new))
    lines = unified_diff(before, after, path, path)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)

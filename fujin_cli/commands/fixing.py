"""The ``--fix`` of ``fujin validate``: what was mended, written or only shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from difflib import unified_diff
from typing import Any

from fujin_cli.commands.context import Context, judge
from fujin_cli.core.message import say
from fujin_cli.store.mending import Mended, mend
from fujin_cli.store.rewriting import rewrite


def mended(context: Context, today: date, only: Sequence[str], *, unsafe: bool, writes: bool) -> Mended:
    """Mend the files; with ``writes`` they are written, but for one that somebody else has changed meanwhile."""
    found = mend(context.root, today, judge, only, unsafe=unsafe)
    for path, (old, new) in found.changes.items() if writes else ():
        if not rewrite(context.root, path, old, new):
            context.warn(say("{path} was changed by somebody else meanwhile and is left as it is", path=path))
    return found


def fixed_json(found: Mended, *, dry_run: bool) -> dict[str, Any]:
    """What was fixed, for the answer of ``validate``."""
    fixed = [
        {
            "path": finding.place.path,
            "code": finding.code,
            "title": str(finding.fix.title) if finding.fix else "",
            "safe": bool(finding.fix and finding.fix.safe),
        }
        for finding in found.fixed
    ]
    return {"fixed": fixed, "dry_run": dry_run}


def fixed_text(found: Mended, *, dry_run: bool) -> str:
    """How much was fixed, or would be."""
    count, files = len(found.fixed), len(found.changes)
    where = say("1 file") if files == 1 else say("{count} files", count=files)
    done = say("fixed: {count} in {files}", count=count, files=where)
    planned = say("to be fixed: {count} in {files}", count=count, files=where)
    return f"{planned if dry_run else done}\n"


def fixed_diff(found: Mended) -> str:
    """What the fixes change, as a unified diff."""
    shown = []
    for path, (old, new) in found.changes.items():
        before, after = (data.decode("utf-8").splitlines(keepends=True) for data in (old, new))
        shown += [
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
            for line in unified_diff(before, after, path, path)
        ]
    return "".join(shown)

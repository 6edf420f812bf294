"""Read the names of two versions to compare, written like git's: ``A B``, ``A..B``, ``A...B``."""

from __future__ import annotations

import re
from pathlib import Path

from fujin_cli.core.text.localized import say
from fujin_cli.use_cases.revisions.read_versions import RevisionPair
from fujin_cli.use_cases.session import WrongUsage

# A path with ``..`` as one of its parts (./x, ../x, x/../y) is no range.
_RANGE = re.compile(r"(?!\.{0,2}/)(?P<old>.*?)(?<!/)(?P<dots>\.{2,3})(?P<new>[^./].*|)", re.DOTALL)
HEAD = "HEAD"  # the default for an empty side of a range: ``..main`` is ``HEAD..main``


def read_revisions(old: str, new: str | None) -> RevisionPair:
    """Parse the two arguments as a pair of revisions. Raises WrongUsage for a range followed by another version."""
    match = _RANGE.fullmatch(old) if old not in (".", "..", "...") else None
    if match is None:
        return RevisionPair(old, new)
    if Path(old).is_dir():
        raise WrongUsage(
            say("{name} is both a folder and a range of revisions", name=old),
            say("write ./{name} for the folder, or give the two revisions as two arguments", name=old),
        )
    if new is not None:
        raise WrongUsage(say("{range} already names two versions; remove {name}", range=old, name=new))
    return RevisionPair(match["old"] or HEAD, match["new"] or HEAD, match["dots"] == "...")

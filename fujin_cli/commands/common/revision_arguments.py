"""Which two versions somebody asks to compare: ``A B``, ``A..B``, ``A...B`` as git has them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from fujin_cli.core.text.message import say
from fujin_cli.use_cases.session import WrongUsage

# A path with ``..`` as one of its parts (./x, ../x, x/../y) is no range.
_RANGE = re.compile(r"(?!\.{0,2}/)(?P<old>.*?)(?<!/)(?P<dots>\.{2,3})(?P<new>[^./].*|)", re.DOTALL)
HEAD = "HEAD"  # what a side that was left out stands for


@dataclass(frozen=True, slots=True)
class Asked:
    """Two names; without ``new`` the workspace as it is on disk. ``since_parted``: ``new`` since it left ``old``."""

    old: str
    new: str | None
    since_parted: bool = False


def named(old: str, new: str | None) -> Asked:
    """What the two arguments mean. Raises WrongUsage for a range beside another version."""
    found = _RANGE.fullmatch(old) if old not in (".", "..", "...") else None
    if found is None:
        return Asked(old, new)
    if Path(old).is_dir():
        raise WrongUsage(
            say("{name} is both a folder and a range of revisions", name=old),
            say("write ./{name} for the folder, or the two revisions one after the other", name=old),
        )
    if new is not None:
        raise WrongUsage(say("{range} names two versions; {name} is one too many", range=old, name=new))
    return Asked(found["old"] or HEAD, found["new"] or HEAD, found["dots"] == "...")

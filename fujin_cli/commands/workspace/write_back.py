"""Writes changed configuration files back, each by itself: one that cannot be written does not keep the others."""

from __future__ import annotations

from fujin_cli.commands.common.console import Console
from fujin_cli.core.text.message import say
from fujin_cli.store.files.atomic_write import Outcome, rewrite


def write_back(console: Console, path: str, old: bytes, new: bytes) -> Outcome | str:
    """Put ``new`` in place of ``old``; what else came of it is said as a warning: ``disk`` where the system refused."""
    try:
        outcome = rewrite(console.session.root, path, old, new)
    except OSError as problem:
        console.warn(say("{path} was not changed: {reason}", path=path, reason=problem.strerror or str(problem)))
        return "disk"
    if outcome == "changed":
        console.warn(say("{path} was not changed: somebody else has changed it in the meantime", path=path))
    elif outcome == "read-only":
        console.warn(say("{path} was not changed: it is read-only", path=path))
    return outcome

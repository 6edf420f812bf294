"""Write changed configuration files back, each on its own: a failure does not stop the other files."""

from __future__ import annotations

from fujin_cli.commands.common.console import Console
from fujin_cli.core.text.localized import say
from fujin_cli.store.files.atomic_write import Outcome, rewrite


def write_back(console: Console, path: str, old: bytes, new: bytes) -> Outcome | str:
    """Replace ``old`` by ``new`` and return the outcome, ``disk`` on a system error; warn if nothing was written."""
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

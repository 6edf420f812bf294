"""Show a page that is longer than the terminal in the user's pager, as git does."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping

_PLAIN = ("", "cat")  # values of PAGER that ask for no pager
_LESS = {"LESS": "FRX", "LESSCHARSET": "utf-8"}  # colours, no clearing, and no waiting where the page fits


def show_in_pager(page: str) -> bool:
    """Show the page in a pager; False where it is to be written plainly, because it fits or no pager is there."""
    command = _find_pager(os.environ)
    if command is None or page.count("\n") < shutil.get_terminal_size((80, 24)).lines:
        return False
    try:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, env=_LESS | os.environ)
    except OSError:
        return False
    try:
        process.communicate(page.encode())
    except KeyboardInterrupt:  # it is the pager's to end; until then the terminal is in its hands
        process.wait()
    return True


def _find_pager(environment: Mapping[str, str]) -> list[str] | None:
    """Find the command of the pager: PAGER, else less; None where none is wanted or there."""
    if environment.get("NO_PAGER") or environment.get("TERM") in (None, "", "dumb"):
        return None
    words = environment.get("PAGER", "less")
    try:
        command = shlex.split(words)
    except ValueError:
        return None
    if words.strip() in _PLAIN or not command or shutil.which(command[0]) is None:
        return None
    return [*command, "-R"] if command == ["less"] else command

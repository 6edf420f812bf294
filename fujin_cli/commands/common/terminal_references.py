"""Keep what `@` (the last case) and `@3` (a row of the last list) stand for on this terminal."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from fujin_cli.core.text.localized import say
from fujin_cli.store.cache.terminal_memory import ANYBODY, TerminalMemory
from fujin_cli.use_cases.session import Session, WrongUsage

_ROW = re.compile(r"@([0-9]{1,6})?")


def remember_shown(session: Session, case: str | None, rows: Sequence[str] | None) -> None:
    """Remember the case and the list that a command has shown."""
    memory, person = _open_memory(session), session.named_actor or ANYBODY
    if rows is not None:
        memory.remember(person, "rows", rows)
    if case is not None:
        memory.remember(person, "case", [case])


def recall_reference(session: Session, text: str, *, is_on_terminal: bool) -> str:
    """Recall the id of `@`, or of the case or message in row 3 for `@3`. Raises WrongUsage."""
    match = _ROW.fullmatch(text)
    if match is None:
        raise WrongUsage(
            say("{reference} stands for no case", reference=text),
            say("write @ for the last case, @3 for row 3 of the last list, or an id"),
        )
    if not is_on_terminal:
        raise WrongUsage(
            say("{reference} works on a terminal only", reference=text),
            say("write the id of the case, or the end of it, or - to read ids from stdin"),
        )
    return _recall(session, match[1])


def recall_at_tab(session: Session, text: str) -> str | None:
    """Recall what `@` or `@3` stands for while TAB is answered, where no stream is the terminal; None for nothing."""
    match = _ROW.fullmatch(text)
    try:
        return _recall(session, match[1]) if match else None
    except (WrongUsage, OSError, ValueError):
        return None


def _recall(session: Session, row: str | None) -> str:
    memory, person = _open_memory(session), session.named_actor or ANYBODY
    return _recall_case(memory, person) if row is None else _recall_row(memory, person, int(row))


def _recall_case(memory: TerminalMemory, person: str) -> str:
    shown = memory.recall(person, "case")
    if not shown:
        raise WrongUsage(
            say("@ stands for no case: you have shown or changed none on this terminal lately"),
            say("write the id of the case, or the end of it"),
        )
    return shown[0]


def _recall_row(memory: TerminalMemory, person: str, row: int) -> str:
    rows = memory.recall(person, "rows")
    if rows is None:
        raise WrongUsage(say("there is no last list on this terminal"), say("`fujin case list` makes one"))
    if not 1 <= row <= len(rows):
        raise WrongUsage(
            say("the last list has no row {row}; it has {count}", row=row, count=len(rows)),
            say("`fujin case list` shows the cases of today"),
        )
    return rows[row - 1]


def _open_memory(session: Session) -> TerminalMemory:
    """Open the memory of this terminal: of its device and of the session of processes that began on it."""
    return TerminalMemory(session.root, f"{_find_device()} {os.getsid(0)}")


def _find_device() -> int:
    """Find the number of the terminal's device: of stderr, else of the terminal that controls this process (Linux)."""
    if sys.stderr.isatty():
        return os.fstat(sys.stderr.fileno()).st_rdev
    status = Path("/proc/self/stat").read_text("utf-8")
    return int(status.rpartition(")")[2].split()[4])

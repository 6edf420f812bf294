"""Remember for each terminal which case each person saw last, and the rows of their last list, in data/cache.

Each terminal has a file of its own, so that two of them never lose each other's newest list. A file that is missing or
damaged remembers nothing.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

from fujin_cli.store.cache.cache_file import FOLDER, read_cache_file, write_cache_file
from fujin_cli.store.files import disk

Kind = Literal["case", "rows"]
LONGEST_MEMORY = 12 * 3600.0  # seconds: a working day, so that nobody acts on what was shown yesterday
ANYBODY = ""  # who looked without saying who they are


class TerminalMemory:
    """Hold what one terminal remembers; ``terminal`` tells it from all others, also from earlier ones of its name."""

    def __init__(self, root: Path, terminal: str) -> None:
        self._root = root
        self._file = f"terminal-{hashlib.sha256(terminal.encode()).hexdigest()[:16]}.json"

    def remember(self, person: str, kind: Kind, shown: Sequence[str]) -> None:
        """Remember what a person was shown: one case, or the rows of a list."""
        people = self._read()
        if not people:
            self._remove_old_files()
        moments = people.get(person)
        people[person] = (moments if isinstance(moments, dict) else {}) | {kind: [time.time(), list(shown)]}
        write_cache_file(self._root, self._file, people)

    def recall(self, person: str, kind: Kind) -> list[str] | None:
        """Recall the newest that was shown to this person, or to somebody unnamed; None where nothing is remembered.

        An unnamed person can only read, and gets the newest of all.
        """
        people = self._read()
        names = people if person == ANYBODY else (person, ANYBODY)
        try:
            moments = [people[name][kind] for name in names if kind in people.get(name, ())]
            earliest = time.time() - LONGEST_MEMORY
            rows: Any = max((row for row in moments if row[0] > earliest), default=[0, None])[1]
        except (KeyError, TypeError, IndexError):
            return None
        return rows if isinstance(rows, list) and all(isinstance(row, str) for row in rows) else None

    def _read(self) -> dict[str, Any]:
        people = read_cache_file(self._root, self._file)
        return people if isinstance(people, dict) else {}

    def _remove_old_files(self) -> None:
        """Remove what terminals remember that nobody has used for so long that it has expired."""
        with suppress(OSError):
            for path in (self._root / FOLDER).glob("terminal-*.json"):
                if path.stat().st_mtime < time.time() - LONGEST_MEMORY:
                    disk.unlink(path)

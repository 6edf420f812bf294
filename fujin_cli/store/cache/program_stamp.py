"""A stamp of the program that judges: results of another version, or of edited code, are never used."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import fujin_cli

PACKAGE = Path(fujin_cli.__file__).parent


def stamp() -> str:
    """Changes with Python, fujin's version, the size or time of any of its modules, and the packages beside it."""
    parts = hashlib.sha256(f"{fujin_cli.__version__}\0{sys.version}".encode())
    for line in sorted([*_modules(str(PACKAGE)), *_distributions()]):
        parts.update(f"\0{line}".encode(errors="surrogateescape"))
    return parts.hexdigest()


def _modules(folder: str) -> Iterator[str]:
    """A line for each module below a folder. Raises OSError."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(".py"):
                found = entry.stat()
                yield f"{entry.path} {found.st_size} {found.st_mtime_ns}"
            elif "." not in entry.name and not entry.name.startswith("_") and entry.is_dir():
                yield from _modules(entry.path)


def _distributions() -> Iterator[str]:
    """The installed packages with their versions, as the folders that describe them are called."""
    for folder in sys.path:
        if folder.endswith("-packages"):
            try:
                yield from (name for name in os.listdir(folder) if name.endswith(".dist-info"))  # noqa: PTH208
            except OSError:
                continue

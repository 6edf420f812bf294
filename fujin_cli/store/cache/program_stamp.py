"""Compute a stamp of the program, so that results cached by another version or by edited code are not used."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import fujin_cli

PACKAGE = Path(fujin_cli.__file__).parent


def stamp() -> str:
    """Digest Python's version, fujin's version, the size and time of its modules, and the installed packages."""
    parts = hashlib.sha256(f"{fujin_cli.__version__}\0{sys.version}".encode())
    for line in sorted([*_describe_modules(str(PACKAGE)), *_list_distributions()]):
        parts.update(f"\0{line}".encode(errors="surrogateescape"))
    return parts.hexdigest()


def _describe_modules(folder: str) -> Iterator[str]:
    """Iterate over a line (path, size, time) for each module below a folder. Raises OSError."""
    with os.scandir(folder) as files:
        for file in files:
            if file.name.endswith(".py"):
                status = file.stat()
                yield f"{file.path} {status.st_size} {status.st_mtime_ns}"
            elif "." not in file.name and not file.name.startswith("_") and file.is_dir():
                yield from _describe_modules(file.path)


def _list_distributions() -> Iterator[str]:
    """Iterate over the installed packages, as their metadata folders are called: ``rich-13.7.1.dist-info``."""
    for folder in sys.path:
        if folder.endswith("-packages"):
            try:
                yield from (name for name in os.listdir(folder) if name.endswith(".dist-info"))  # noqa: PTH208
            except OSError:
                continue

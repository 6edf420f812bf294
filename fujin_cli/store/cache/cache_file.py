"""Read and write the JSON files in ``data/cache``; a missing, damaged or read-only one costs only time.

The first line of a file is the SHA-256 of the JSON after it, so a damaged file is ignored. The digest guards against
accidents, not against attacks: anybody who can write the cache can write the configuration itself.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

FOLDER = Path("data") / "cache"
MOST_BYTES = 256 * 1024 * 1024


def read_cache_file(root: Path, name: str) -> Any:
    """Read the JSON of a cache file of the workspace at ``root``; None where it is missing or damaged."""
    try:
        path = root / FOLDER / name
        if path.stat().st_size > MOST_BYTES:
            return None
        checksum, _, text = path.read_bytes().partition(b"\n")
        if hashlib.sha256(text).hexdigest().encode() != checksum:
            return None
        return json.loads(text)
    except (OSError, ValueError, RecursionError):
        return None


def write_cache_file(root: Path, name: str, tree: Any) -> None:
    """Write a JSON tree to a cache file, whole or not at all, and never outside the workspace."""
    folder = root / FOLDER
    temporary = folder / f".{name}.{os.getpid()}"
    try:
        text = json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode()
        if len(text) > MOST_BYTES:
            return
        if not folder.resolve().is_relative_to(root.resolve()):  # a link that leads out of the workspace
            return
        if not folder.exists():
            folder.mkdir(parents=True)
            (folder / ".gitignore").write_text("*\n")  # caches do not belong under version control
        temporary.write_bytes(hashlib.sha256(text).hexdigest().encode() + b"\n" + text)
        temporary.replace(folder / name)
    except (OSError, ValueError, RecursionError):
        with suppress(OSError):
            temporary.unlink()

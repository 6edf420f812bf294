"""Read and write the JSON files in ``data/cache``; a missing, damaged or read-only one costs only time.

The first line of a file is the SHA-256 of the JSON after it, so a damaged file is ignored. The digest guards against
accidents, not against attacks: anybody who can write the cache can write the configuration itself.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from fujin_cli.store.files import disk

FOLDER = Path("data") / "cache"


def read_cache_file(root: Path, name: str) -> Any:
    """Read the JSON of a cache file of the workspace at ``root``; None where it is missing or damaged."""
    try:
        disk.check_inside(root / FOLDER, root)
        checksum, _, text = (disk.read(root / FOLDER / name) or b"").partition(b"\n")
        if hashlib.sha256(text).hexdigest().encode() != checksum:
            return None
        return json.loads(text)
    except (OSError, ValueError, RecursionError):
        return None


def write_cache_file(root: Path, name: str, tree: Any) -> None:
    """Write a JSON tree to a cache file, whole or not at all, and never outside the workspace."""
    folder = root / FOLDER
    try:
        text = json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode()
        if len(text) >= disk.MOST_BYTES:
            return
        disk.make_private_folder(folder, root)
        disk.replace_unsynced(folder / name, hashlib.sha256(text).hexdigest().encode() + b"\n" + text)
    except (OSError, ValueError, RecursionError):
        return

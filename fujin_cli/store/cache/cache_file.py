"""Files in ``data/cache``: what can be worked out again. One that is missing, damaged or not writable costs only time.

The first line is the SHA-256 of the rest, so a flipped bit is never believed. Whoever may write there may also write
the configuration itself: this guards against accidents, not against people.
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


def read_kept(root: Path, name: str) -> Any:
    """What was kept under that name in the workspace at ``root``; None where there is nothing, or not as written."""
    try:
        path = root / FOLDER / name
        if path.stat().st_size > MOST_BYTES:
            return None
        said, _, text = path.read_bytes().partition(b"\n")
        if hashlib.sha256(text).hexdigest().encode() != said:
            return None
        return json.loads(text)
    except (OSError, ValueError, RecursionError):
        return None


def write_kept(root: Path, name: str, data: Any) -> None:
    """Keep JSON data under that name, all of it or nothing; never outside the workspace."""
    folder = root / FOLDER
    temporary = folder / f".{name}.{os.getpid()}"
    try:
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
        if len(text) > MOST_BYTES:
            return
        if not folder.resolve().is_relative_to(root.resolve()):  # a link that leads away
            return
        if not folder.exists():
            folder.mkdir(parents=True)
            (folder / ".gitignore").write_text("*\n")  # nobody wants to commit what can be worked out again
        temporary.write_bytes(hashlib.sha256(text).hexdigest().encode() + b"\n" + text)
        temporary.replace(folder / name)
    except (OSError, ValueError, RecursionError):
        with suppress(OSError):
            temporary.unlink()

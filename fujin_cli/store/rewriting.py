"""Puts new text into a configuration file, whole or not at all, and only over what was read."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from fujin_cli.store import disk


def rewrite(root: Path, path: str, old: bytes, new: bytes) -> bool:
    """Write ``new`` into the workspace's file at ``path``; False and no change where it no longer holds ``old``.

    A link is followed, inside the workspace only; the file's permissions stay. Raises OSError.
    """
    place = Path(os.path.realpath(root / path))
    if not place.is_relative_to(root) or disk.read(place) != old:
        return False
    disk.replace_synced(place, new, shared=True, mode=stat.S_IMODE(place.stat().st_mode))
    return True

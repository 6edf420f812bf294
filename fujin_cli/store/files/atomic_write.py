"""Puts new text into a configuration file, whole or not at all, and only over what was read."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Literal

from fujin_cli.store.files import disk

Outcome = Literal["written", "changed", "read-only"]
_WRITING = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def rewrite(root: Path, path: str, old: bytes, new: bytes) -> Outcome:
    """Write ``new`` into the workspace's file at ``path``; no change where it no longer holds ``old``, or is read-only.

    A link is followed, inside the workspace only; the file's permissions stay, and whose it is where the system lets
    that be. Whoever took everybody's permission to write means it, also where this process may do all. Raises OSError.
    """
    place = Path(os.path.realpath(root / path))
    if not place.is_relative_to(root) or disk.read(place) != old:
        return "changed"
    found = place.stat()
    if not (found.st_mode & _WRITING and os.access(place, os.W_OK)):
        return "read-only"
    owner = (found.st_uid, found.st_gid)
    disk.replace_synced(place, new, shared=True, mode=stat.S_IMODE(found.st_mode), owner=owner)
    return "written"

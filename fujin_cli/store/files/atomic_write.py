"""Replace the text of a configuration file atomically, and only if the file has not changed since it was read."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Literal

from fujin_cli.store.files import disk

Outcome = Literal["written", "changed", "read-only"]
_WRITING = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def rewrite(root: Path, path: str, old: bytes, new: bytes) -> Outcome:
    """Write ``new`` to the workspace's file at ``path``, unless it no longer holds ``old`` or is read-only.

    A link is followed inside the workspace only. The file's permissions stay, and its owner where the system allows it.
    A file without any write permission counts as read-only, also for root. Raises OSError.
    """
    place = Path(os.path.realpath(root / path))
    if not place.is_relative_to(root) or disk.read(place) != old:
        return "changed"
    status = place.stat()
    if not (status.st_mode & _WRITING and os.access(place, os.W_OK)):
        return "read-only"
    temporary = disk.write_temporary(place, new)
    for owner in ((-1, status.st_gid), (status.st_uid, -1)):
        with suppress(PermissionError):  # the system allows it to some processes only
            os.chown(temporary, *owner)
    temporary.chmod(stat.S_IMODE(status.st_mode))
    disk.name_synced(temporary, place)
    return "written"

"""Cache summaries of open cases, with each volume's size, time and inode, as git's index does for files.

A missing, stale or doubtful summary is computed from the volume again. Deleting the cache costs time and loses nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from fujin_cli.core.model.ids import Volume
from fujin_cli.store.cache.cache_file import read_cache_file, write_cache_file
from fujin_cli.store.ledger.tinydb.paths import Paths

FILE = "summaries.json"
OUTLINES_FILE = "outlines.json"
# A file changed so recently may change again within the same tick of the clock, with the same stamp (git calls it
# "racily clean"): it is not cached yet.
RACY_SECONDS = 2.0
Row = dict[str, Any]


class VolumeRows(NamedTuple):
    """Hold the rows of a volume; incomplete ones lack a case that cannot be read, and are not cached."""

    rows: list[Row]
    complete: bool


Work = Callable[[Sequence[Volume]], dict[Volume, VolumeRows]]


class SummaryCache:
    """Cache rows per volume. ``key`` is the configuration the rows depend on; another key makes the cache stale.

    ``unreadable`` are the folders of markers that could not be read, with the reasons.
    """

    def __init__(self, root: Path, key: str, file: str = FILE) -> None:
        self._paths = Paths(root / "data" / "ledger")
        self._root = root
        self._file = file
        self._key = key
        self.unreadable: dict[Path, OSError] = {}

    def rows(self, communities: Sequence[str] | None, work: Work) -> list[Row]:
        """List the rows of the open cases of every marked volume, in order; ``work`` computes those of changed volumes.

        A volume that ``work`` leaves out (a damaged one) has no rows and is not cached.
        """
        volumes = self._paths.marked_volumes("open", communities, self.unreadable)
        stamps = {volume: self._stamp(volume) for volume in volumes}
        cached = self._read()
        fresh = {
            volume: cached[str(volume)][1]
            for volume, stamp in stamps.items()
            if str(volume) in cached and cached[str(volume)][0] == stamp
        }
        stale = [volume for volume in volumes if volume not in fresh]
        if stale:
            worked = work(stale)
            fresh |= {volume: work.rows for volume, work in worked.items()}
            complete = {volume: (stamps[volume], work.rows) for volume, work in worked.items() if work.complete}
            self._write(cached, complete, communities, volumes)
        return [row for volume in volumes for row in fresh.get(volume, ())]

    def _stamp(self, volume: Volume) -> list[int] | None:
        try:
            status = self._paths.volume(volume).stat()
        except OSError:
            return None
        return [status.st_size, status.st_mtime_ns, status.st_ino]

    def _read(self) -> dict[str, Any]:
        try:
            document = read_cache_file(self._root, self._file)
            volumes: dict[str, Any] = document["volumes"] if document["key"] == self._key else {}
        except (KeyError, TypeError):
            return {}
        return volumes

    def _write(
        self,
        cached: dict[str, Any],
        worked: dict[Volume, tuple[list[int] | None, list[Row]]],
        communities: Sequence[str] | None,
        marked_volumes: Sequence[Volume],
    ) -> None:
        newest_safe_time = (time.time() - RACY_SECONDS) * 1e9
        new = {
            str(volume): [stamp, rows]
            for volume, (stamp, rows) in worked.items()
            if stamp is not None and stamp[1] < newest_safe_time
        }
        if not new:
            return
        if communities is None:  # drop volumes that have lost their marker
            marked_names = {str(volume) for volume in marked_volumes}
            cached = {name: cached_rows for name, cached_rows in cached.items() if name in marked_names}
        write_cache_file(self._root, self._file, {"key": self._key, "volumes": cached | new})


def read_kept_subjects(root: Path) -> dict[str, str]:
    """Read what open cases are about from the rows that were kept last, whatever has changed since then."""
    try:
        volumes = read_cache_file(root, FILE)["volumes"]
        return {str(row["case"]): str(row.get("subject") or "") for _stamp, rows in volumes.values() for row in rows}
    except (KeyError, TypeError, ValueError, AttributeError):
        return {}

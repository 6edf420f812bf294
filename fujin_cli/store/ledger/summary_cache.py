"""Summaries of open cases, kept beside each volume's size, time and inode as git keeps its index. Only a cache:
whatever is missing, older or doubtful is worked out from the volume again, and deleting it costs time, never truth.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from fujin_cli.core.model.ids import Volume
from fujin_cli.store.ledger.tinydb.paths import Paths

FILE = Path("data") / "cache" / "summaries.json"
# A file changed so recently may change again within the same tick of the clock, unseen: it is not kept yet.
DOUBTFUL = 2.0  # seconds
Row = dict[str, Any]
Work = Callable[[Sequence[Volume]], dict[Volume, list[Row]]]


class SummaryCache:
    """``key`` is whatever else the rows depend on (the configuration); with another key nothing kept is used."""

    def __init__(self, root: Path, key: str) -> None:
        self._paths = Paths(root / "data" / "ledger")
        self._file = root / FILE
        self._key = key

    def rows(self, communities: Sequence[str] | None, work: Work) -> list[Row]:
        """Rows of the open cases of every marked volume, in order; ``work`` gives those of volumes that changed.

        A volume that ``work`` leaves out (a damaged one) has no rows and is not kept.
        """
        volumes = self._paths.marked("open", communities)
        stamps = {volume: self._stamp(volume) for volume in volumes}
        kept = self._read()
        fresh = {
            volume: kept[str(volume)][1]
            for volume, stamp in stamps.items()
            if str(volume) in kept and kept[str(volume)][0] == stamp
        }
        stale = [volume for volume in volumes if volume not in fresh]
        if stale:
            worked = work(stale)
            fresh |= worked
            self._write(kept, {volume: (stamps[volume], rows) for volume, rows in worked.items()}, communities, volumes)
        return [row for volume in volumes for row in fresh.get(volume, ())]

    def _stamp(self, volume: Volume) -> list[int] | None:
        try:
            found = self._paths.volume(volume).stat()
        except OSError:
            return None
        return [found.st_size, found.st_mtime_ns, found.st_ino]

    def _read(self) -> dict[str, Any]:
        try:
            data = json.loads(self._file.read_bytes())
            volumes: dict[str, Any] = data["volumes"] if data["key"] == self._key else {}
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return {}
        return volumes

    def _write(
        self,
        kept: dict[str, Any],
        worked: dict[Volume, tuple[list[int] | None, list[Row]]],
        communities: Sequence[str] | None,
        marked: Sequence[Volume],
    ) -> None:
        edge = (time.time() - DOUBTFUL) * 1e9
        new = {
            str(volume): [stamp, rows]
            for volume, (stamp, rows) in worked.items()
            if stamp is not None and stamp[1] < edge
        }
        if not new:
            return
        if communities is None:  # what is marked no more is forgotten
            known = {str(volume) for volume in marked}
            kept = {name: entry for name, entry in kept.items() if name in known}
        temporary = self._file.with_name(f".summaries.{os.getpid()}.json")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_text(json.dumps({"key": self._key, "volumes": kept | new}, ensure_ascii=False))
            temporary.replace(self._file)
        except OSError:
            return

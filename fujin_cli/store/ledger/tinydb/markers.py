"""Which volumes have open cases, and which have cases with messages to deliver: an empty file for each.

A marker is there before its volume says so and goes away after it, so whoever reads marked volumes only may read one
too many after a crash, and never one too few.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Literal

from fujin_cli.store.files import disk
from fujin_cli.store.ledger.tinydb.paths import Paths
from fujin_cli.store.ledger.tinydb.volumes import Batch, OpenVolume

Kind = Literal["open", "waiting"]
KINDS: tuple[Kind, ...] = ("open", "waiting")


def mark_before(paths: Paths, opened: OpenVolume, batch: Batch) -> None:
    """Set the markers that the volume needs once ``batch`` is in it. Raises OSError; a marker too many does no harm."""
    for kind, marks in (("open", batch.open), ("waiting", batch.waiting)):
        marker = paths.marker(kind, opened.volume)
        marked_before = opened.any_case(kind)
        if not marked_before and not any(marks.values()):
            continue
        # Without a marked case in the volume the marker may be the work of a process that was killed before the sync.
        if marked_before and disk.exists(marker):
            continue
        disk.make_folder_synced(marker.parent, paths.workspace)
        disk.close(disk.create(marker))
        disk.sync_folder(marker.parent)


def unmark_after(paths: Paths, opened: OpenVolume) -> None:
    """Take away the markers that the volume, as it is now written, does not need. What fails here costs time only."""
    for kind in KINDS:
        marker = paths.marker(kind, opened.volume)
        if not opened.any_case(kind):
            with suppress(OSError):
                if disk.exists(marker):
                    disk.unlink(marker)

"""Mark the volumes that have open cases, or cases with messages to deliver, by an empty file each.

A marker is created before its volume is written and removed after it. Reading only marked volumes may therefore read
one too many after a crash, and never one too few.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Literal

from fujin_cli.store.files import disk
from fujin_cli.store.ledger.tinydb.paths import Paths
from fujin_cli.store.ledger.tinydb.volumes import Batch, OpenVolume

Kind = Literal["open", "waiting"]
KINDS: tuple[Kind, ...] = ("open", "waiting")


def create_markers(paths: Paths, opened: OpenVolume, batch: Batch) -> None:
    """Create the markers that the volume needs once ``batch`` is in it. Raises OSError; an extra marker is harmless."""
    for kind, marks in (("open", batch.open), ("waiting", batch.waiting)):
        marker = paths.marker(kind, opened.volume)
        has_marked_case = opened.any_case(kind)
        if not has_marked_case and not any(marks.values()):
            continue
        # Without a marked case in the volume, an existing marker may not be synced: its process may have been killed.
        if has_marked_case and disk.exists(marker):
            continue
        disk.make_folder_synced(marker.parent, paths.workspace)
        disk.close(disk.create(marker))
        disk.sync_folder(marker.parent)


def remove_markers(paths: Paths, opened: OpenVolume) -> None:
    """Remove the markers that the volume, as now written, does not need. A failure only costs later reads time."""
    for kind in KINDS:
        marker = paths.marker(kind, opened.volume)
        if not opened.any_case(kind):
            with suppress(OSError):
                if disk.exists(marker):
                    disk.unlink(marker)

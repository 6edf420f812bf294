"""Where damaged files go: out of the way of everything else, and never lost.

A file keeps its place and name under ``quarantine/``, with the first letters of its own checksum behind it, so setting
the same file aside twice is one file. Of a volume whose file is there nobody knows which ids residents hold: its part
is closed for new cases for good, also after a backup was put in its place (the backup may be older), and its markers
stay, so that lists say that it is missing.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from fujin_cli.core.findings.finding import Finding, Place, Related
from fujin_cli.core.model.ids import Volume
from fujin_cli.core.text.message import say
from fujin_cli.store.files import disk
from fujin_cli.store.ledger.tinydb.paths import Paths


def set_aside(paths: Paths, path: Path) -> None:
    """Move ``path`` into quarantine. Where even that fails it stays where it is, as damaged as before."""
    try:
        data = disk.read(path)
        if data is None:
            return
        folder = paths.root / "quarantine" / path.parent.relative_to(paths.root)
        disk.make_folder_synced(folder, paths.workspace)
        disk.rename(path, folder / f"{path.name}.{hashlib.sha256(data).hexdigest()[:12]}")
        disk.sync_folder(folder)
        disk.sync_folder(path.parent)
    except OSError:
        return


def missing(paths: Paths, volume: Volume, files: list[Path]) -> Finding:
    """FJ701: the volume's file was set aside as damaged and nothing was put in its place."""
    shown = paths.shown(paths.volume(volume))
    return Finding(
        "FJ701",
        "error",
        say("{file} was damaged and is in quarantine; its cases cannot be read", file=shown),
        Place(shown),
        help=say("Restore this file from the newest backup and run `fujin ledger verify`. Keep the one in quarantine."),
        related=tuple(Related(say("the damaged file"), Place(paths.shown(file))) for file in files),
    )

"""Move damaged files to a quarantine folder, where they block nothing and are preserved.

A file keeps its folder and name under ``quarantine/``, followed by the start of its own checksum, so that setting the
same file aside twice makes one file. If a volume's file is in quarantine, it is unknown which case ids residents hold.
Its part is therefore closed for new cases for good, even after a backup was restored (the backup may be older), and its
markers stay, so that lists report it as missing.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from fujin_cli.core.findings.finding import Finding, Place, Related
from fujin_cli.core.model.ids import Volume
from fujin_cli.core.text.localized import say
from fujin_cli.store.files import disk
from fujin_cli.store.ledger.tinydb.paths import Paths


def set_aside(paths: Paths, path: Path) -> None:
    """Move ``path`` into quarantine. If the move fails, the file stays where it is."""
    try:
        content = disk.read(path)
        if content is None:
            return
        folder = paths.root / "quarantine" / path.parent.relative_to(paths.root)
        disk.make_folder_synced(folder, paths.workspace)
        disk.rename(path, folder / f"{path.name}.{hashlib.sha256(content).hexdigest()[:12]}")
        disk.sync_folder(folder)
        disk.sync_folder(path.parent)
    except OSError:
        return


def missing_volume_finding(paths: Paths, volume: Volume, files: list[Path]) -> Finding:
    """Make FJ701 for a volume whose damaged file is in quarantine and was not restored."""
    display_path = paths.display_path(paths.volume(volume))
    return Finding(
        "FJ701",
        "error",
        say("{file} was damaged and is in quarantine; its cases cannot be read", file=display_path),
        Place(display_path),
        help=say("Restore this file from the newest backup and run `fujin ledger verify`. Keep the one in quarantine."),
        related=tuple(Related(say("the damaged file"), Place(paths.display_path(file))) for file in files),
    )

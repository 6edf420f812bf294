"""Register the volume of each request id, before that volume is written, so that a retry finds the first attempt.

An entry alone proves nothing, because its process may have died before it wrote the volume; only the volume decides.
Ids that the ledger makes contain the name of their volume and need no entry.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from fujin_cli.core.model.ids import Volume, volume_of
from fujin_cli.core.text.localized import say
from fujin_cli.store.files import disk
from fujin_cli.store.ledger.protocol import LONGEST_REQUEST_ID, Damaged, NotLocked
from fujin_cli.store.ledger.tinydb.lost_volumes import lost_volume_finding
from fujin_cli.store.ledger.tinydb.paths import ALPHABET, Month, Paths, check_month
from fujin_cli.store.ledger.tinydb.volume_file import damaged_finding, newer_format_finding, parse, render
from fujin_cli.store.ledger.tinydb.volumes import open_volume

FORMAT = 1  # of entries; those of an older fujin have no number
_OWN = re.compile(rf"(?P<volume>.+)\.[{ALPHABET}]{{16}}")


def check_id(operation: str) -> str:
    """Return ``operation`` if it is a valid request id (1 to 200 characters). Raises ValueError."""
    if not 1 <= len(operation) <= LONGEST_REQUEST_ID:
        raise ValueError(f"a request id has 1 to {LONGEST_REQUEST_ID} characters")
    operation.encode()  # raises for half a surrogate pair, which no file can hold
    return operation


def entry_path(paths: Paths, operation: str) -> Path:
    """Name an entry's file: ``requests/<first two>/<SHA-256>.json``, because an id may hold any characters."""
    name = hashlib.sha256(operation.encode()).hexdigest()
    return paths.root / "requests" / name[:2] / f"{name}.json"


def find_registered_volume(paths: Paths, operation: str) -> Volume | None:
    """Read the volume from a request id's entry; None if it has no entry. Raises Damaged (FJ701)."""
    path = entry_path(paths, operation)
    content = disk.read(path)
    return None if content is None else parse_entry(paths, path, content)[0]


def parse_entry(paths: Paths, path: Path, content: bytes) -> tuple[Volume, bool]:
    """Parse the bytes of an entry: its volume, and whether it has a format number. Raises Damaged (FJ701, FJ711)."""
    display_path = paths.display_path(path)
    _, tables = parse(content, display_path)
    try:
        if (number := tables["request"].get("format", FORMAT)) != FORMAT:
            raise Damaged(newer_format_finding(display_path, number))
        volume = parse_volume_name(str(Volume(*tables["request"]["volume"])))
    except (KeyError, TypeError, AttributeError):
        volume = None
    if volume is None:
        raise Damaged(damaged_finding(display_path, say("it names no volume")))
    return volume, "format" in tables["request"]


def check_volume(paths: Paths, path: Path, content: bytes) -> Volume:
    """Return the volume that an entry names. Raises Damaged (FJ701; FJ707 if that volume was written and is gone).

    A volume without a trace was never written: the process of the entry was killed before. Nothing tells so of an entry
    without a format number, which an older fujin wrote, so its id counts as used.
    """
    volume, has_format = parse_entry(paths, path, content)
    if not disk.exists(paths.volume(volume)):
        open_volume(paths, volume)
        if not has_format and not disk.exists(paths.volume(volume)):
            raise Damaged(lost_volume_finding(paths, volume, path))
    return volume


def candidate_volumes(paths: Paths, operation: str) -> list[Volume]:
    """List the volumes that may hold an operation: from its entry and from the id. Raises Damaged (FJ701, FJ707)."""
    path = entry_path(paths, operation)
    content = disk.read(path)
    candidates = [None if content is None else check_volume(paths, path, content), _volume_named_in_id(operation)]
    return [volume for volume in candidates if volume]


def register(paths: Paths, operation: str, volume: Volume) -> None:
    """Write the entry of an operation that is about to be written to ``volume``.

    The locks of ``volume`` and of the volume of an older entry are held. Raises NotLocked if another process has just
    written an entry, and OSError if no volume was changed.
    """
    path = entry_path(paths, operation)
    content = render(1, {"request": {"format": FORMAT, "operation": operation, "volume": list(volume)}})
    disk.make_folder_synced(path.parent, paths.workspace)
    registered_volume = find_registered_volume(paths, operation)
    if registered_volume is None:
        if not disk.create_synced(path, content):
            concurrent_volume = find_registered_volume(paths, operation)
            raise NotLocked([concurrent_volume or volume])
    elif Month.of(registered_volume) != Month.of(volume):
        disk.replace_synced(path, content)
    else:
        disk.sync_folder(path.parent)  # its writer may have died before the sync


def parse_volume_name(text: str) -> Volume | None:
    """Parse a volume's name (``str(volume)``); None for any other text."""
    try:
        volume = volume_of(f"{text}-0001")
        check_month(Month.of(volume))
    except ValueError:
        return None
    return volume


def _volume_named_in_id(operation: str) -> Volume | None:
    match = _OWN.fullmatch(operation)
    return parse_volume_name(match["volume"]) if match else None

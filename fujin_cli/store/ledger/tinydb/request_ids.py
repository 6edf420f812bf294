"""Which volume a request id was used in: written before the volume itself, so that a retry finds what it did.

An entry alone proves nothing (its maker may have died before the volume was written); the volume has the last word.
Ids that the ledger makes name their volume themselves and need no entry.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from fujin_cli.core.model.ids import Volume, volume_of
from fujin_cli.core.text.message import say
from fujin_cli.store.files import disk
from fujin_cli.store.ledger.protocol import Damaged, NotLocked
from fujin_cli.store.ledger.tinydb.paths import Month, Paths, check_month
from fujin_cli.store.ledger.tinydb.volume_file import damaged, parse, render

LONGEST_ID = 200  # characters
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32
_OWN = re.compile(rf"(?P<volume>.+)\.[{_ALPHABET}]{{16}}")


def random_token() -> str:
    """16 characters that nobody else has: 80 random bits."""
    number = int.from_bytes(os.urandom(10), "big")
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(75, -1, -5))


def own_id(volume: Volume, token: str) -> str:
    """An operation id that says where to look for the operation."""
    return f"{volume}.{token}"


def check_id(operation: str) -> str:
    """``operation`` itself. Raises ValueError for what is no request id: any text of 1 to 200 characters is one."""
    if not 1 <= len(operation) <= LONGEST_ID:
        raise ValueError(f"a request id has 1 to {LONGEST_ID} characters")
    operation.encode()  # half a surrogate pair has no place in a file
    return operation


def entry_path(paths: Paths, operation: str) -> Path:
    """``requests/<first two>/<SHA-256>.json``: an id may hold any characters, a file's name may not."""
    name = hashlib.sha256(operation.encode()).hexdigest()
    return paths.root / "requests" / name[:2] / f"{name}.json"


def registered(paths: Paths, operation: str) -> Volume | None:
    """The volume of a request id's entry; None where there is none. Raises Damaged (FJ701)."""
    path = entry_path(paths, operation)
    data = disk.read(path)
    return None if data is None else entry(paths, path, data)


def entry(paths: Paths, path: Path, data: bytes) -> Volume:
    """What an entry's bytes say. Raises Damaged (FJ701)."""
    shown = paths.shown(path)
    _, tables = parse(data, shown)
    try:
        volume = volume_named(str(Volume(*tables["request"]["volume"])))
    except (KeyError, TypeError):
        volume = None
    if volume is None:
        raise Damaged(damaged(shown, say("it names no volume")))
    return volume


def places(paths: Paths, operation: str) -> list[Volume]:
    """Where to look for an operation: its entry, and what the id itself says. Raises Damaged (FJ701)."""
    found = [registered(paths, operation), _own_volume(operation)]
    return [volume for volume in found if volume]


def register(paths: Paths, operation: str, volume: Volume) -> None:
    """Note that the operation is about to be in ``volume``, which is held, as is the volume of an older entry.

    Raises NotLocked where somebody else made an entry a moment ago, OSError where nothing was changed that matters.
    """
    path = entry_path(paths, operation)
    data = render(1, {"request": {"operation": operation, "volume": list(volume)}})
    disk.make_folder_synced(path.parent, paths.workspace)
    known = registered(paths, operation)
    if known is None:
        if not disk.create_synced(path, data):
            other = registered(paths, operation)
            raise NotLocked([other or volume])
    elif Month.of(known) != Month.of(volume):
        disk.replace_synced(path, data, shared=True)
    else:
        disk.sync_folder(path.parent)  # whoever made the entry may have died before doing so


def volume_named(text: str) -> Volume | None:
    """The volume that ``str(volume)`` was made of; None where it is no volume's name."""
    try:
        volume = volume_of(f"{text}-0001")
        check_month(Month.of(volume))
    except ValueError:
        return None
    return volume


def _own_volume(operation: str) -> Volume | None:
    match = _OWN.fullmatch(operation)
    return volume_named(match["volume"]) if match else None

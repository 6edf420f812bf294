"""Find cases by the end of their ids, from the names and the bytes of the volume files; no volume is parsed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fujin_cli.core.model.ids import Volume, part_sort_key
from fujin_cli.store.files import disk
from fujin_cli.store.ledger.tinydb.paths import Paths

# The beginning of a case's document in a volume. Quotes inside of JSON texts are escaped, so no text looks like it.
_CASE = re.compile(rb'\{"case":"([^"\\]+)","open":(true|false),')


def find_case_ids(paths: Paths, end: str, *, is_open: bool) -> Iterator[str]:
    """Yield the ids of open (or ended) cases that end with ``end``, upper or lower case, those of newest months first.

    A volume that cannot be read is skipped: whoever then works with one of its cases is told.
    """
    end = end.casefold()
    head = f"{end.rpartition('-')[0]}-" if "-" in end else ""
    for volume in _list_volumes(paths, is_open):
        if not f"{volume}-".casefold().endswith(head):
            continue
        for id, mark in _CASE.findall(_read_bytes(paths, volume)):
            case = id.decode()
            if (mark == b"true") == is_open and case.casefold().endswith(end):
                yield case


def _list_volumes(paths: Paths, is_open: bool) -> list[Volume]:
    """List the volumes that may hold open (or ended) cases, newest month first."""
    if is_open:
        volumes = paths.marked_volumes("open", unreadable={})
    else:
        volumes = [volume for community in paths.communities() for volume in _list_volumes_of(paths, community)]
    return sorted(volumes, key=age_order, reverse=True)


def _list_volumes_of(paths: Paths, community: str) -> list[Volume]:
    try:
        return paths.volumes(community)
    except OSError:
        return []


def age_order(volume: Volume) -> tuple[str, tuple[int, str]]:
    """Make the key that sorts volumes by month and part, whatever their community."""
    return volume.month, part_sort_key(volume.part)


def _read_bytes(paths: Paths, volume: Volume) -> bytes:
    try:
        return disk.read(paths.volume(volume)) or b""
    except OSError:
        return b""

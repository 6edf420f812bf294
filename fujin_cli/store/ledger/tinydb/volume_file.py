"""One volume on disk, as TinyDB's storage: JSON with a generation and a checksum over the bytes of its tables."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tinydb.storages import Storage

from fujin_cli.core.text.message import LocalizedText, say
from fujin_cli.store.files import disk
from fujin_cli.store.ledger.protocol import Damaged

if TYPE_CHECKING:
    from fujin_cli.core.findings.finding import Finding

Tables = dict[str, dict[str, Any]]

_HEAD = re.compile(rb'\{"fujin":1,"generation":(?P<generation>\d{1,18}),"sha256":"(?P<sha256>[0-9a-f]{64})","tables":')
_TAIL = b"}\n"


class VolumeFile(Storage):
    """``{"fujin":1,"generation":N,"sha256":"…","tables":{…}}`` and a newline; written whole or not at all.

    The file is read once: TinyDB reads before each change, and gets what was read the first time. So an instance
    serves one operation, under the volume's lock where it writes. ``shown`` is the path as findings name it.
    """

    def __init__(self, path: Path, shown: str) -> None:
        super().__init__()
        self._path = path
        self._shown = shown
        self._tables: Tables | None = None
        self._was_read = False
        self._gathering = False
        self.generation = 0  # of the file on disk; 0 where there is none
        self.size = 0  # bytes on disk

    def read(self) -> Tables | None:
        """The tables; None where there is no file. Raises Damaged (FJ701)."""
        if not self._was_read:
            self._tables = self._load()
            self._was_read = True
        return self._tables

    def write(self, data: Tables) -> None:
        """Replace the file by ``data``. Raises what ``disk.replace_synced`` raises."""
        self._tables = data
        if not self._gathering:
            self._save(data)

    @contextmanager
    def together(self) -> Iterator[None]:
        """TinyDB writes after each change of each table; inside here the file is written once, at the end."""
        self._gathering = True
        yield
        self._gathering = False
        if self._tables is not None:
            self._save(self._tables)

    def _load(self) -> Tables | None:
        try:
            data = disk.read(self._path)
        except OSError as error:
            raise Damaged(unreadable(self._shown, error)) from error
        if data is None:
            return None
        self.size = len(data)
        self.generation, tables = parse(data, self._shown)
        return tables

    def _save(self, tables: Tables) -> None:
        data = render(self.generation + 1, tables)
        disk.replace_synced(self._path, data)
        self.generation += 1
        self.size = len(data)


def render(generation: int, tables: Tables) -> bytes:
    """The bytes of a volume's file."""
    body = json.dumps(tables, ensure_ascii=False, separators=(",", ":")).encode()
    checksum = hashlib.sha256(body).hexdigest()
    return b'{"fujin":1,"generation":%d,"sha256":"%s","tables":%s}\n' % (generation, checksum.encode(), body)


def parse(data: bytes, shown: str) -> tuple[int, Tables]:
    """The generation and the tables of a volume's file. Raises Damaged (FJ701).

    The checksum is over the bytes as they stand in the file, so they are cut out of it, not written anew.
    """
    head = _HEAD.match(data)
    if not head or not data.endswith(_TAIL):
        raise Damaged(damaged(shown, say("it is truncated, or not a file of the ledger")))
    body = data[head.end() : -len(_TAIL)]
    if hashlib.sha256(body).hexdigest().encode() != head["sha256"]:
        raise Damaged(damaged(shown, say("its checksum differs")))
    try:
        tables = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Damaged(damaged(shown, say("it is not JSON"))) from error
    return int(head["generation"]), tables


def damaged(shown: str, reason: LocalizedText) -> Finding:
    """Make FJ701: the file differs from what was written into it."""
    from fujin_cli.core.findings.finding import Finding, Place  # most volumes are sound

    return Finding(
        "FJ701",
        "error",
        say("{file} is damaged: {reason}", file=shown, reason=reason),
        Place(shown),
        help=say(
            "Restore this file from the newest backup; `fujin ledger verify` shows everything that is wrong. "
            "Cases in other volumes are not affected."
        ),
    )


def unreadable(shown: str, error: OSError) -> Finding:
    """Make FJ701 for a file that the system does not let us read, so that its content is unknown."""
    from fujin_cli.core.findings.finding import Finding, Place

    return Finding(
        "FJ701",
        "error",
        say("{file} cannot be read: {reason}", file=shown, reason=error.strerror or str(error)),
        Place(shown),
        help=say("Check the file's permissions and the disk, then run `fujin ledger verify`."),
    )

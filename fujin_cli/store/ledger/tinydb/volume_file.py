"""Store one volume on disk for TinyDB: JSON with a generation and a checksum over the bytes of its tables."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tinydb.storages import Storage

from fujin_cli.core.findings.refusals import NEWER_FORMAT
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.store.files import disk
from fujin_cli.store.ledger.protocol import Damaged

if TYPE_CHECKING:
    from fujin_cli.core.findings.finding import Finding

Tables = dict[str, dict[str, Any]]

_HEAD = re.compile(rb'\{"fujin":1,"generation":(?P<generation>\d{1,18}),"sha256":"(?P<sha256>[0-9a-f]{64})","tables":')
_TAIL = b"}\n"
FORMAT = 1  # the newest format of volumes, intents and request entries that this program reads, and that it writes
_FORMAT = re.compile(rb'\{"fujin":(?P<format>\d{1,9}),')


class VolumeFile(Storage):
    """Read and write ``{"fujin":1,"generation":N,"sha256":"…","tables":{…}}`` and a newline, as a whole.

    The file is read once, although TinyDB reads before each change. An instance therefore serves one operation, and
    writes only under the volume's lock. ``display_path`` is the path in findings.
    """

    def __init__(self, path: Path, display_path: str) -> None:
        super().__init__()
        self._path = path
        self._display_path = display_path
        self._tables: Tables | None = None
        self._was_read = False
        self._gathering = False
        self.generation = 0  # of the file on disk; 0 without a file
        self.size = 0  # bytes on disk

    def read(self) -> Tables | None:
        """Read the tables; None if the file does not exist. Raises Damaged (FJ701)."""
        if not self._was_read:
            self._tables = self._load()
            self._was_read = True
        return self._tables

    def write(self, tables: Tables) -> None:
        """Replace the file's tables. Raises what ``disk.replace_synced`` raises."""
        self._tables = tables
        if not self._gathering:
            self._save(tables)

    @contextmanager
    def gather_writes(self) -> Iterator[None]:
        """Write the file once, at the end of the block; TinyDB by itself writes after each change of each table."""
        self._gathering = True
        yield
        self._gathering = False
        if self._tables is not None:
            self._save(self._tables)

    def _load(self) -> Tables | None:
        try:
            content = disk.read(self._path)
        except OSError as error:
            raise Damaged(unreadable_finding(self._display_path, error)) from error
        if content is None:
            return None
        self.size = len(content)
        self.generation, tables = parse(content, self._display_path)
        return tables

    def _save(self, tables: Tables) -> None:
        content = render(self.generation + 1, tables)
        disk.replace_synced(self._path, content)
        self.generation += 1
        self.size = len(content)


def render(generation: int, tables: Tables) -> bytes:
    """Serialize a volume's file."""
    body = json.dumps(tables, ensure_ascii=False, separators=(",", ":")).encode()
    checksum = hashlib.sha256(body).hexdigest()
    return b'{"fujin":1,"generation":%d,"sha256":"%s","tables":%s}\n' % (generation, checksum.encode(), body)


def parse(content: bytes, display_path: str) -> tuple[int, Tables]:
    """Parse generation and tables of a volume's file. Raises Damaged (FJ701; FJ711 for a newer format).

    The checksum covers the bytes of the tables as they are in the file, so they are sliced out, not serialized again.
    """
    head = _HEAD.match(content)
    number = _FORMAT.match(content)
    if number and int(number["format"]) > FORMAT:
        raise Damaged(newer_format_finding(display_path, int(number["format"])))
    if not head or not content.endswith(_TAIL):
        raise Damaged(damaged_finding(display_path, say("it is truncated, or not a file of the ledger")))
    body = content[head.end() : -len(_TAIL)]
    if hashlib.sha256(body).hexdigest().encode() != head["sha256"]:
        raise Damaged(damaged_finding(display_path, say("its checksum differs")))
    try:
        tables = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Damaged(damaged_finding(display_path, say("it is not JSON"))) from error
    return int(head["generation"]), tables


def damaged_finding(display_path: str, reason: LocalizedText) -> Finding:
    """Make FJ701: the file differs from what was written into it."""
    from fujin_cli.core.findings.finding import Finding, Place  # needed for damaged volumes only

    return Finding(
        "FJ701",
        "error",
        say("{file} is damaged: {reason}", file=display_path, reason=reason),
        Place(display_path),
        help=say(
            "Restore this file from the newest backup; `fujin ledger verify` shows everything that is wrong. "
            "Cases in other volumes are not affected."
        ),
    )


def newer_format_finding(display_path: str, number: object) -> Finding:
    """Make FJ711: a newer fujin wrote the file. It is neither damaged nor to be moved away."""
    from fujin_cli.core.findings.finding import Finding, Place

    return Finding(
        NEWER_FORMAT,
        "error",
        say("{file} has the format {number}, which a newer fujin wrote", file=display_path, number=number),
        Place(display_path),
        help=say("Install that version. The file was left as it is, and nothing was written beside it."),
    )


def unreadable_finding(display_path: str, error: OSError) -> Finding:
    """Make FJ701 for a file that the system does not let us read, so that its content is unknown."""
    from fujin_cli.core.findings.finding import Finding, Place

    return Finding(
        "FJ701",
        "error",
        say("{file} cannot be read: {reason}", file=display_path, reason=error.strerror or str(error)),
        Place(display_path),
        help=say("Check the file's permissions and the disk, then run `fujin ledger verify`."),
    )

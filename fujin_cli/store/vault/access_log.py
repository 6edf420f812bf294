"""Record who read or corrected contacts in ``data/contacts/access.log``: one JSON object a line, each chained.

The hash of a record covers the hash of the one before it. Since a chain says nothing about lines that are missing at
its end, ``data/contacts/access-head.json`` holds the number and the hash of the last record, and the size of the log.
A record is appended and synced first, then the head is replaced: after a kill in between, the log is longer than the
head says, and the next writer catches up.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from fujin_cli.core.cases.event import canonical_json, compute_digest
from fujin_cli.store.files import disk

NAME, HEAD_NAME, LOCK_NAME = "access.log", "access-head.json", "access.lock"
FORMAT = 1  # of the head and of the records
_PAUSE = 0.002  # seconds between two tries to take the lock


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Say what was done with the contacts of ``cases``: ``shown``, ``listed`` in the outbox, or ``corrected``.

    ``by`` is a person or a partner, empty where nobody was named; ``roles`` are their names in the case, ``login`` is
    the account. It holds references into the vault, never what they stand for.
    """

    act: str
    by: str
    cases: Sequence[str]
    why: str
    login: str = ""
    roles: Sequence[str] = ()
    contacts: Sequence[str] = ()
    request_id: str = ""

    def to_record(self, at: datetime) -> dict[str, Any]:
        """Write the access as plain JSON; what is empty is left out."""
        record = {
            "at": at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            "act": self.act,
            "by": self.by,
            "login": self.login,
            "roles": [*self.roles],
            "cases": [*self.cases],
            "contacts": [*self.contacts],
            "why": self.why,
            "request": self.request_id,
        }
        return {key: value for key, value in record.items() if value not in ("", [])}


class Head(NamedTuple):
    """The last record: its number, its hash, and the size of the log behind it in bytes."""

    number: int = 0
    hash: str = ""
    size: int = 0


class DamagedHead(Exception):
    """Report that the file of the head cannot be read."""


class LockedAccessLog:
    """Read and append records while the lock is held."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / NAME

    def list_records(self) -> list[dict[str, Any]]:
        """List the records that can be read, oldest first."""
        lines = (disk.read(self._path) or b"").split(b"\n")
        return [record for line in lines if (record := parse_record(line)) is not None]

    def append(self, access: Access, at: datetime) -> int:
        """Append a record, so that it survives a power cut, and return its number. Raises OSError.

        A log that was changed is continued behind its last good record, so that the fault stays visible.
        """
        try:
            head = read_head(self._folder)
        except DamagedHead:
            head = None
        is_new = not disk.exists(self._path)
        descriptor = disk.open_append(self._path)
        try:
            content = disk.read(self._path) or b""
            last, torn = _catch_up(content, head or Head())
            if torn:
                disk.truncate(descriptor, len(content) - torn)
                content = content[: len(content) - torn]
            record = {"n": last.number + 1, **access.to_record(at), "previous": last.hash}
            record["hash"] = compute_digest(record)
            line = canonical_json(record).encode() + b"\n"
            if content and not content.endswith(b"\n"):
                line = b"\n" + line
            disk.write(descriptor, line)
            disk.sync_file(descriptor)
        finally:
            disk.close(descriptor)
        if is_new:
            disk.sync_folder(self._folder)
        new_head = {"format": FORMAT, "n": record["n"], "hash": record["hash"], "size": len(content) + len(line)}
        disk.replace_synced(self._folder / HEAD_NAME, canonical_json(new_head).encode() + b"\n")
        return last.number + 1


@contextmanager
def lock_access_log(folder: Path, top: Path, wait: float) -> Iterator[LockedAccessLog]:
    """Hold the lock of the log below ``top``; waits for ``wait`` seconds. Raises TimeoutError, OSError.

    The lock file stays for ever: after unlinking it, two processes could each lock a file of that name.
    """
    disk.make_folder_synced(folder, top)
    deadline = time.monotonic() + wait
    descriptor = disk.open_lock(folder / LOCK_NAME)
    try:
        while not disk.try_lock(descriptor):
            if time.monotonic() >= deadline:
                raise TimeoutError
            time.sleep(_PAUSE)
        yield LockedAccessLog(folder)
    finally:
        disk.close(descriptor)


def read_head(folder: Path) -> Head | None:
    """Read the head; None where there is no file. Raises DamagedHead, OSError."""
    content = disk.read(folder / HEAD_NAME)
    if content is None:
        return None
    try:
        tree = json.loads(content)
        head = Head(tree["n"], tree["hash"], tree["size"])
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        raise DamagedHead from problem
    if not (isinstance(head.number, int) and isinstance(head.size, int) and isinstance(head.hash, str)):
        raise DamagedHead
    return head


def parse_record(line: bytes) -> dict[str, Any] | None:
    """Parse a line of the log; None for one that is no record."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(record, dict) or not isinstance(record.get("n"), int):
        return None
    if not all(isinstance(record.get(key), str) for key in ("at", "act", "previous", "hash")):
        return None
    return record


def compute_record_hash(record: dict[str, Any]) -> str:
    """Compute the hash of a record over everything else in it, the hash of the record before it included."""
    return compute_digest({key: value for key, value in record.items() if key != "hash"})


def _catch_up(content: bytes, head: Head) -> tuple[Head, int]:
    """Find the last good record behind the head, and the size of an incomplete line that a kill left at the end."""
    tail = content[head.size :]
    lines = tail.split(b"\n")
    torn = len(lines.pop())  # empty where the last line is complete
    last = head
    for line in lines:
        record = parse_record(line)
        if record is None or record["previous"] != last.hash or record["hash"] != compute_record_hash(record):
            break
        last = Head(record["n"], record["hash"], 0)
    return last, torn

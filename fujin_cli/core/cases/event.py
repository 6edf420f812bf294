"""Events: the records of the ledger. The state of a case is the fold over its events (``evolve.py``)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

FORMAT = 1  # of the records of events: the newest that this program reads, and the one that it writes


class EventKind(StrEnum):
    """What happened. ``payloads.py`` says what the data of each kind holds."""

    OPENED = "opened"
    ACTION = "action"  # a move made by somebody
    AMENDED = "amended"  # an action that enters fields anew
    MOVE = "move"  # an automatic move
    RUNG = "rung"
    TIME_UP = "time-up"
    RESUME = "resume"
    CHILD = "child"
    JOINED = "joined"
    PARTED = "parted"
    OTHER_ENDED = "other-ended"
    WRONG_CODE = "wrong-code"
    CODE = "code"
    TOLD = "told"
    UNDELIVERED = "undelivered"
    MIGRATED = "migrated"
    MIGRATION_UNDONE = "migration-undone"
    UNDONE = "undone"  # somebody took back their own last action

    @classmethod
    def _missing_(cls, value: object) -> EventKind:
        """Read a kind that only a newer fujin knows as it is written; it changes nothing of the case."""
        kind = str.__new__(cls, value)
        kind._name_ = kind._value_ = str(value)
        return kind


MADE_BY_PEOPLE = frozenset({EventKind.ACTION, EventKind.AMENDED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """
    What happened at one position of one case.

    ``at`` is UTC. ``by`` is who acted (a person, a partner, ``reporter``, ``system``), ``entered_by`` who typed it in.
    ``to_step`` is None where the case stays (its clock goes on); a step's own name means that it starts again.
    ``data`` holds what only some kinds carry; all values are plain JSON. ``op`` (the operation's request id) and
    ``hash`` are stamped by the ledger when it appends. Of an event of a newer ``format`` only ``n`` is read.
    """

    n: int
    at: datetime
    kind: EventKind
    by: str
    entered_by: str
    action: str | None = None
    from_step: str | None = None
    to_step: str | None = None
    set: Mapping[str, Any] = field(default_factory=dict)
    note: str | None = None
    tells: tuple[Mapping[str, Any], ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    op: str = ""
    hash: str = ""
    format: object = FORMAT

    def to_record(self) -> dict[str, Any]:
        """Write the event as plain JSON, without its hash; what is empty is left out."""
        record: dict[str, Any] = {
            "n": self.n,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
            "kind": str(self.kind),
            "by": self.by,
            "entered_by": self.entered_by,
            "op": self.op,
        }
        optional = {
            "format": None if self.format == FORMAT else self.format,
            "action": self.action,
            "from": self.from_step,
            "to": self.to_step,
            "set": dict(self.set),
            "note": self.note,
            "tells": [dict(tell) for tell in self.tells],
            "data": dict(self.data),
        }
        record.update({key: value for key, value in optional.items() if value not in (None, {}, [])})
        return record

    @staticmethod
    def from_record(record: Mapping[str, Any]) -> Event:
        """Read the event that ``record`` (and, beside it, ``hash``) describes."""
        if record.get("format", FORMAT) != FORMAT:
            unread = EventKind("")
            return Event(n=record["n"], at=_NO_TIME, kind=unread, by="", entered_by="", format=record["format"])
        return Event(
            n=record["n"],
            at=datetime.fromisoformat(record["at"]),
            kind=EventKind(record["kind"]),
            by=record["by"],
            entered_by=record["entered_by"],
            action=record.get("action"),
            from_step=record.get("from"),
            to_step=record.get("to"),
            set=record.get("set", {}),
            note=record.get("note"),
            tells=tuple(record.get("tells", ())),
            data=record.get("data", {}),
            op=record.get("op", ""),
            hash=record.get("hash", ""),
        )

    def with_hash(self, op: str, case: str, previous: str) -> Event:
        """Copy the event with its operation, chained to the hash before it in the volume: as the ledger keeps it."""
        event = replace(self, op=op)
        return replace(event, hash=compute_event_hash(previous, case, event.to_record()))


_NO_TIME = datetime.min.replace(tzinfo=UTC)
# Records are trees: looking for circles would take a tenth of the time of ``fujin ledger verify``.
_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False)


def canonical_json(value: object) -> str:
    """Write canonical JSON: UTF-8 characters as they are, sorted keys, no spaces (docs/reference/contract.md)."""
    return _CANONICAL.encode(value)


def compute_digest(value: object) -> str:
    """Compute the SHA-256 over canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def compute_event_hash(previous: str, case: str, record: Mapping[str, Any]) -> str:
    """Compute an event's hash over the hash before it in the volume, the case's id and the record without its hash."""
    return compute_digest({"previous": previous, "case": case, "event": record})

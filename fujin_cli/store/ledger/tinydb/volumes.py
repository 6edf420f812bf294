"""Read and change volumes in memory, and show one operation its view of them; a file may store them or not.

A volume is two TinyDB tables.

``cases``: one document per case, its id the case's number: ``{"case", "open", "waiting", "events": [record…]}``. Each
record is the event's own, with its ``hash`` and ``seq`` (its place in the volume's chain, from 1) beside it.
``volume``: one document: ``follows`` (the volume before it, null for a community's first one), ``starts_from`` (that
volume's head when this one was begun, else zeros), ``head`` (hash of the newest event) and ``count`` (of events).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, Protocol, TypedDict, cast

from tinydb import TinyDB
from tinydb.storages import MemoryStorage
from tinydb.table import Document

from fujin_cli.core.cases.event import Event
from fujin_cli.core.model.ids import Volume, format_case_id, next_part, number_of, volume_of
from fujin_cli.core.text.localized import say
from fujin_cli.store.ledger.protocol import Damaged, StoredCase
from fujin_cli.store.ledger.tinydb.paths import Month, Paths, check_month
from fujin_cli.store.ledger.tinydb.volume_file import Tables, VolumeFile, damaged_finding

NOTHING_BEFORE = "0" * 64
CASE_KEYS = frozenset(("case", "open", "waiting", "events"))  # of a case's document
Record = dict[str, Any]


class VolumeFacts(TypedDict):
    """Hold the document of the table ``volume``: what a volume follows, where its chain starts and ends, its length."""

    follows: str | None
    starts_from: str
    head: str
    count: int


VOLUME_KEYS = frozenset(VolumeFacts.__annotations__)


@dataclass(slots=True)
class Batch:
    """Hold what one operation appends to one volume; ``generation`` and the event hashes show whether it is applied."""

    volume: Volume
    generation: int  # of the volume before
    facts: VolumeFacts  # after
    events: list[tuple[str, Record]] = field(default_factory=list)  # case and record, in the order of the chain
    open: dict[str, bool] = field(default_factory=dict)  # marks after it; each new case has both
    waiting: dict[str, bool] = field(default_factory=dict)


class MemoryVolume(MemoryStorage):
    """Store one volume in memory, with the interface of VolumeFile."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.generation = 0
        self.size = 0

    def write(self, data: Tables) -> None:
        """Store the tables."""
        super().write(data)
        self.generation += 1

    def gather_writes(self) -> AbstractContextManager[None]:
        """Return a context without effect: a write in memory costs nothing."""
        return nullcontext()


class OpenVolume:
    """Hold a volume that was read once; ``append`` changes it and its storage."""

    def __init__(self, volume: Volume, storage: VolumeFile | MemoryVolume, display_path: str) -> None:
        """Read the tables. Raises Damaged (FJ701)."""
        self.volume = volume
        self.display_path = display_path
        self._storage = storage
        self._cases = TinyDB(storage=lambda: storage).table("cases")
        self._volume = TinyDB(storage=lambda: storage).table("volume")
        if not _is_valid_volume(storage.read()):
            raise Damaged(damaged_finding(display_path, say("its tables are not those of a volume")))

    @property
    def generation(self) -> int:
        """Count how often the volume was written; 0 if it does not exist."""
        return self._storage.generation

    @property
    def size(self) -> int:
        """Return the size in bytes on disk."""
        return self._storage.size

    def facts(self) -> VolumeFacts | None:
        """Read the volume's own document; None if nothing has been written."""
        return cast("VolumeFacts | None", self._volume.get(doc_id=1))

    def numbers(self) -> list[int]:
        """List the numbers of its cases, sorted."""
        return sorted(map(int, self._stored()))

    def records(self) -> list[tuple[str, Record]]:
        """List case and record of every event, in the order of appending; nothing is checked."""
        records = [(case["case"], record) for case in self._stored().values() for record in case["events"]]
        return sorted(records, key=lambda pair: pair[1]["seq"])

    def document(self, case: str) -> dict[str, Any] | None:
        """Read a case's document; None if the case does not exist."""
        document: Any = self._cases.get(doc_id=number_of(case))
        return document if document is not None and document["case"] == case else None

    def documents(self) -> list[tuple[int, dict[str, Any]]]:
        """List number and document of every case, by number."""
        return sorted(((int(number), case) for number, case in self._stored().items()), key=lambda pair: pair[0])

    def stored_cases(self) -> Iterator[StoredCase]:
        """Iterate over every case, by number. Raises Damaged."""
        for _, case in self.documents():
            yield StoredCase(case["case"], self._parse_events(case), case["open"], case["waiting"])

    def any_case(self, mark: str) -> bool:
        """Tell whether some case has the mark ``open`` or ``waiting``."""
        return any(case[mark] for case in self._stored().values())

    def read(self, case: str) -> tuple[Event, ...]:
        """List a case's events, oldest first; empty if the case does not exist. Raises Damaged."""
        document = self.document(case)
        return self._parse_events(document) if document else ()

    def append(self, batch: Batch) -> None:
        """Change the tables by ``batch`` and write them, once. Raises what the storage raises."""
        with self._storage.gather_writes():
            for case in dict.fromkeys([*(case for case, _ in batch.events), *batch.open, *batch.waiting]):
                self._append_to_case(case, batch)
            self._volume.upsert(Document(batch.facts, doc_id=1))

    def _stored(self) -> dict[str, dict[str, Any]]:
        """Return the documents of the cases by their numbers, as the storage holds them: TinyDB copies each one."""
        tables = self._storage.read() or {}
        return tables.get("cases", {})

    def _append_to_case(self, case: str, batch: Batch) -> None:
        events = [record for to, record in batch.events if to == case]
        marks = {
            name: marked_cases[case]
            for name, marked_cases in (("open", batch.open), ("waiting", batch.waiting))
            if case in marked_cases
        }

        def change(document: Any) -> None:
            document["events"].extend(events)
            document.update(marks)

        if not self._cases.update(change, doc_ids=[number_of(case)]):
            # A Document has its id; without one TinyDB reads everything again to find a free number.
            new = {"case": case, **marks, "events": events}
            self._cases.insert(Document(new, doc_id=number_of(case)))

    def _parse_events(self, document: Mapping[str, Any]) -> tuple[Event, ...]:
        try:
            return tuple(Event.from_record(record) for record in document["events"])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Damaged(
                damaged_finding(self.display_path, say("an event of {case} lacks required data", case=document["case"]))
            ) from error


def open_volume(paths: Paths, volume: Volume) -> OpenVolume:
    """Read a volume; one that was never written is empty.

    Raises Damaged: FJ701, also if its file is in quarantine, and FJ707 if it is lost.
    """
    path = paths.volume(volume)
    display_path = paths.display_path(path)
    opened = OpenVolume(volume, VolumeFile(path, display_path), display_path)
    if not opened.generation:
        _check_never_written(paths, volume)
    return opened


def _check_never_written(paths: Paths, volume: Volume) -> None:
    """Raise Damaged for a volume without a file that was written once."""
    if files := paths.quarantined_volumes(volume.community).get(volume):
        from fujin_cli.store.ledger.tinydb.quarantine import missing_volume_finding

        raise Damaged(missing_volume_finding(paths, volume, files))
    from fujin_cli.store.ledger.tinydb.lost_volumes import find_lost_volumes, lost_volume_finding

    if trace := find_lost_volumes(paths, volume.community).get(volume):
        raise Damaged(lost_volume_finding(paths, volume, trace))


def _is_valid_volume(tables: Any) -> bool:
    """Tell whether the tables have the right types; a person may have edited them and corrected the checksum."""
    if tables is None:
        return True
    if not isinstance(tables, dict) or not _is_facts(tables.get("volume")):
        return False
    cases = tables.get("cases")
    return isinstance(cases, dict) and all(
        number.isascii() and number.isdigit() and _is_case(case) for number, case in cases.items()
    )


def _is_facts(table: Any) -> bool:
    facts = table.get("1") if isinstance(table, dict) else None
    return (
        isinstance(facts, dict)
        and all(isinstance(facts.get(name), str) for name in ("starts_from", "head"))
        and isinstance(facts.get("follows"), str | None)
        and isinstance(facts.get("count"), int)
    )


def _is_case(case: Any) -> bool:
    return (
        isinstance(case, dict)
        and isinstance(case.get("case"), str)
        and isinstance(case.get("open"), bool)
        and isinstance(case.get("waiting"), bool)
        and isinstance(case.get("events"), list)
        and all(isinstance(record, dict) and isinstance(record.get("seq"), int) for record in case["events"])
    )


@dataclass(frozen=True, slots=True)
class Limits:
    """Limit the size of a part; it is full at either limit. A volume's size drives the cost of its operations."""

    cases: int = 100
    size: int = 128 * 1024  # bytes


class VolumeSource(Protocol):
    """Supply the volumes of a view. Both methods raise NotLocked outside the operation's locks."""

    def find_volume(self, volume: Volume) -> OpenVolume:
        """Read a volume once; an unwritten volume is empty. Raises Damaged."""

    def parts(self, month: Month) -> tuple[list[Volume], set[Volume]]:
        """List every part of a month that was ever begun, oldest first, and those closed for new cases."""


class LedgerView:
    """Implement the View of the protocol over volumes."""

    def __init__(self, operation: str, volumes: VolumeSource, limits: Limits) -> None:
        self.operation = operation
        self._volumes = volumes
        self._limits = limits
        self._allocated: Counter[Volume] = Counter()

    def read(self, case: str) -> tuple[Event, ...]:
        """List a case's events, oldest first; empty if the case does not exist. Raises NotLocked, Damaged."""
        return read_case(case, self._volumes.find_volume)

    def allocate(self, community: str, month: str) -> str:
        """Allocate an unused case id. Raises NotLocked, Damaged; ValueError for an invalid community or month."""
        target = check_month(Month(community, month))
        parts, closed = self._volumes.parts(target)
        parts += [volume for volume in self._allocated if Month.of(volume) == target and volume not in parts]
        volume = parts[-1] if parts else Volume(community, month, "a")
        if volume in closed or self._is_full(volume):
            volume = volume._replace(part=next_part(volume.part))
        newest = max(self._volumes.find_volume(volume).numbers(), default=0)
        self._allocated[volume] += 1
        return format_case_id(volume, newest + self._allocated[volume])

    def _is_full(self, volume: Volume) -> bool:
        opened = self._volumes.find_volume(volume)
        cases = len(opened.numbers()) + self._allocated[volume]
        return cases >= self._limits.cases or opened.size >= self._limits.size


def read_case(case: str, find_volume: Callable[[Volume], OpenVolume]) -> tuple[Event, ...]:
    """Read a case's events; empty for a text that is no case id. Raises what ``find_volume`` raises."""
    volume = volume_or_none(case)
    return find_volume(volume).read(case) if volume else ()


def volume_or_none(case: str) -> Volume | None:
    """Name the volume of a case; None for a text that is no case id."""
    try:
        volume = volume_of(case)
        check_month(Month.of(volume))
    except ValueError:
        return None
    return volume

"""Turn an operation's changes into one batch per volume: checked, stamped and chained. Nothing is written."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

from fujin_cli.core.cases.event import Event, canonical_json, compute_event_hash
from fujin_cli.core.model.ids import Volume, format_case_id, number_of, volume_of
from fujin_cli.store.ledger.protocol import Changes
from fujin_cli.store.ledger.tinydb.paths import volume_order
from fujin_cli.store.ledger.tinydb.volumes import Batch, OpenVolume, Record, VolumeFacts

FindVolume = Callable[[Volume], OpenVolume]
FindPrevious = Callable[[Volume, "dict[Volume, str]"], "tuple[str | None, str]"]


def prepare_batches(
    operation: str, changes: Changes, find_volume: FindVolume, find_previous: FindPrevious
) -> list[Batch]:
    """Build a batch for each volume that ``changes`` alter, in order; unaltered volumes get none.

    ``find_volume`` returns a locked volume. ``find_previous`` returns name and head of the volume that a new one
    follows; its second argument has the heads of volumes that this operation begins. Raises ValueError for invalid
    changes.
    """
    heads: dict[Volume, str] = {}
    batches = []
    for volume in sorted(_list_changed_volumes(changes), key=volume_order):
        opened = find_volume(volume)
        batch = _make_batch(operation, changes, opened, partial(find_previous, volume, heads))
        heads[volume] = batch.facts["head"]
        if _alters_volume(batch, opened):
            batches.append(batch)
    return batches


def list_hashes(batches: list[Batch]) -> dict[tuple[str, int], str]:
    """Map each new event, by its case and number, to its hash."""
    return {(case, record["n"]): record["hash"] for batch in batches for case, record in batch.events}


def _list_changed_volumes(changes: Changes) -> set[Volume]:
    cases = [*(case for case, _ in changes.appended), *changes.open, *changes.waiting]
    for case in cases:
        if case != format_case_id(volume_of(case), number_of(case)):
            raise ValueError(f"{case}: not how the ledger writes this number")
    return {volume_of(case) for case in cases}


def _make_batch(
    operation: str, changes: Changes, opened: OpenVolume, find_start: Callable[[], tuple[str | None, str]]
) -> Batch:
    facts = opened.facts()
    if facts is None:
        follows, head = find_start()
        facts = VolumeFacts(follows=follows, starts_from=head, head=head, count=0)
    facts = VolumeFacts(**facts)
    batch = Batch(opened.volume, opened.generation, facts)
    lengths: dict[str, int] = {}
    for case, event in changes.appended:
        if volume_of(case) != opened.volume:
            continue
        lengths[case] = lengths.get(case, _count_events(opened, case)) + 1
        if event.n != lengths[case]:
            raise ValueError(f"{case}: event {event.n} where {lengths[case]} is next")
        record = stamp_record(event, operation, case, facts["head"])
        facts["count"] += 1
        facts["head"] = record["hash"]
        batch.events.append((case, {**record, "seq": facts["count"]}))
    new = [case for case in lengths if not _count_events(opened, case)]
    batch.open.update(dict.fromkeys(new, True))
    batch.waiting.update(dict.fromkeys(new, False))
    for marks, into in ((changes.open, batch.open), (changes.waiting, batch.waiting)):
        into.update({case: mark for case, mark in marks.items() if volume_of(case) == opened.volume})
    for case in (*batch.open, *batch.waiting):
        if case not in lengths and not _count_events(opened, case):
            raise ValueError(f"{case}: a mark for a case without events")
    return batch


def stamp_record(event: Event, operation: str, case: str, previous: str) -> Record:
    """Build the event's record with its hash, as it will be read back.

    Raises ValueError if writing and reading JSON would change a value (numbers used as keys become texts), because its
    hash could never be checked.
    """
    stamped = event.with_hash(operation, case, previous)
    record: Record = json.loads(canonical_json(stamped.to_record()))
    if compute_event_hash(previous, case, record) != stamped.hash:
        raise ValueError(f"{case}: event {event.n} holds values that are no plain JSON")
    return {**record, "hash": stamped.hash}


def _count_events(opened: OpenVolume, case: str) -> int:
    document = opened.document(case)
    return len(document["events"]) if document else 0


def _alters_volume(batch: Batch, opened: OpenVolume) -> bool:
    if batch.events:
        return True
    marks = [("open", batch.open), ("waiting", batch.waiting)]
    return any(
        (document := opened.document(case)) is not None and document[name] != mark
        for name, marked_cases in marks
        for case, mark in marked_cases.items()
    )

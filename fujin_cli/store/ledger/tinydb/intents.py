"""Operations that touch several volumes: written down as a whole first, so that any process can finish them.

``intents/<start of SHA-256 of the operation>.json`` holds everything that each volume gets. It is there before the
first volume is written and gone after the last, all under the locks of its volumes: so whoever holds one of these
locks and sees the file knows that its maker is dead, and finishes it. Finishing twice is once: a volume's generation
tells whether it has been done.

A damaged intent (a flipped bit, an edit by hand; a crash cannot make one) goes to quarantine and blocks nothing. It was
not acknowledged, and closing volumes for good over it would harm every other case in them. What it may have left is
one volume with its events and another without; the finding says so.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from fujin_cli.core.findings.finding import Finding, Place
from fujin_cli.core.model.ids import Volume
from fujin_cli.core.text.message import say
from fujin_cli.store.files import disk
from fujin_cli.store.ledger.protocol import Damaged
from fujin_cli.store.ledger.tinydb.paths import Month, Paths
from fujin_cli.store.ledger.tinydb.quarantine import set_aside
from fujin_cli.store.ledger.tinydb.volume_file import parse, render
from fujin_cli.store.ledger.tinydb.volumes import Batch, OpenVolume


@dataclass(frozen=True, slots=True)
class Intent:
    """An operation on several volumes that has been decided and is not known to be done."""

    path: Path
    batches: tuple[Batch, ...]

    def months(self) -> set[Month]:
        """Whose locks it needs."""
        return {Month.of(batch.volume) for batch in self.batches}


def write_intent(paths: Paths, operation: str, batches: list[Batch]) -> Intent:
    """Write it down. Raises OSError where it is not there, Unsure where it may be."""
    path = paths.root / "intents" / f"{hashlib.sha256(operation.encode()).hexdigest()[:32]}.json"
    disk.make_folder_synced(path.parent, paths.workspace)
    tables = {"intent": {"operation": operation, "batches": [asdict(batch) for batch in batches]}}
    disk.replace_synced(path, render(1, tables), shared=True)
    return Intent(path, tuple(batches))


def remove_intent(intent: Intent) -> None:
    """The operation is done in every volume. Raises OSError."""
    disk.unlink(intent.path)
    disk.sync_folder(intent.path.parent)


def pending_intents(paths: Paths) -> tuple[list[Intent], list[Path]]:
    """Every intent that is there, and the files that are none (damaged). Raises OSError."""
    pending, broken = [], []
    for path in paths.intents():
        data = disk.read(path)
        if data is None:  # done in the meantime
            continue
        try:
            _, tables = parse(data, path.name)
            batches = tuple(_batch(fields) for fields in tables["intent"]["batches"])
        except (Damaged, KeyError, TypeError, ValueError):
            broken.append(path)
            continue
        pending.append(Intent(path, batches))
    return pending, broken


def is_done(batch: Batch, opened: OpenVolume) -> bool:
    """Whether the volume holds the batch. Raises Conflict where it is neither as before it nor as after it."""
    if opened.generation == batch.generation:
        facts = opened.facts()
        if (facts["count"] if facts else 0) != batch.facts["count"] - len(batch.events):
            raise Conflict
        return False
    hashes = {record["hash"] for _, record in opened.records()}
    if opened.generation < batch.generation or not all(record["hash"] in hashes for _, record in batch.events):
        raise Conflict
    return True


class Conflict(Exception):
    """A volume is not the one that the intent was made for: restored from a backup, or changed by hand."""


def unfinished(paths: Paths, path: Path) -> Finding:
    """FJ701: an operation on several volumes cannot be finished; its file was set aside."""
    shown = paths.shown(path)
    return Finding(
        "FJ701",
        "error",
        say("{file}, an operation on several volumes, cannot be finished and is in quarantine", file=shown),
        Place(shown),
        help=say("It was never confirmed, but some of its volumes may contain it: check its cases and repeat it."),
    )


def set_intent_aside(paths: Paths, path: Path) -> Finding:
    """Move it out of the way of its volumes; what to tell about it."""
    set_aside(paths, path)
    return unfinished(paths, path)


def _batch(fields: Any) -> Batch:
    return Batch(
        volume=Volume(*fields["volume"]),
        generation=fields["generation"],
        facts=fields["facts"],
        events=[(case, record) for case, record in fields["events"]],
        open=fields["open"],
        waiting=fields["waiting"],
    )

"""Write an operation on several volumes to an intent file first, so that any process can finish it.

``intents/<start of SHA-256 of the operation>.json`` holds the batch of each volume. It is created before the first
volume is written and deleted after the last, all under the locks of its volumes. A process that holds one of these
locks and sees the file therefore knows that its writer is dead, and finishes the operation. Finishing is idempotent: a
volume's generation tells whether its batch has been applied.

A damaged intent (a flipped bit, an edit by hand; a crash cannot make one) goes to quarantine and blocks nothing. The
operation was not acknowledged, and closing its volumes for good would harm every other case in them. Some of its
volumes may have its events and others not; the finding says so.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from fujin_cli.core.cases.event import FORMAT
from fujin_cli.core.findings.finding import Finding, Place
from fujin_cli.core.findings.refusals import NEWER_FORMAT
from fujin_cli.core.model.ids import Volume
from fujin_cli.core.text.localized import say
from fujin_cli.store.files import disk
from fujin_cli.store.ledger.protocol import Damaged
from fujin_cli.store.ledger.tinydb.paths import Month, Paths
from fujin_cli.store.ledger.tinydb.quarantine import set_aside
from fujin_cli.store.ledger.tinydb.volume_file import newer_format_finding, parse, render
from fujin_cli.store.ledger.tinydb.volumes import Batch, OpenVolume


@dataclass(frozen=True, slots=True)
class Intent:
    """Hold an operation on several volumes that may not be applied to all of them yet."""

    path: Path
    batches: tuple[Batch, ...]

    def months(self) -> set[Month]:
        """Collect the months whose locks it needs."""
        return {Month.of(batch.volume) for batch in self.batches}


def write_intent(paths: Paths, operation: str, batches: list[Batch]) -> Intent:
    """Write the intent file and sync it. Raises OSError if it was not written, Unsure if it may have been."""
    path = paths.root / "intents" / f"{hashlib.sha256(operation.encode()).hexdigest()[:32]}.json"
    disk.make_folder_synced(path.parent, paths.workspace)
    tables = {"intent": {"operation": operation, "batches": [asdict(batch) for batch in batches]}}
    disk.replace_synced(path, render(1, tables))
    return Intent(path, tuple(batches))


def remove_intent(intent: Intent) -> None:
    """Delete the file of an intent that is applied to every volume. Raises OSError."""
    disk.unlink(intent.path)
    disk.sync_folder(intent.path.parent)


def read_intents(paths: Paths) -> tuple[list[Intent], list[Path]]:
    """Read all intents, and list the damaged intent files. Raises OSError, and Damaged for one of a newer format."""
    pending, broken = [], []
    for path in paths.intents():
        content = disk.read(path)
        if content is None:  # finished in the meantime
            continue
        try:
            _, tables = parse(content, path.name)
            batches = tuple(_parse_batch(fields) for fields in tables["intent"]["batches"])
        except (Damaged, KeyError, TypeError, ValueError) as problem:
            if isinstance(problem, Damaged) and problem.finding.code == NEWER_FORMAT:
                raise
            broken.append(path)
            continue
        for batch in batches:
            for _, record in batch.events:
                if record.get("format", FORMAT) != FORMAT:
                    raise Damaged(newer_format_finding(paths.display_path(path), record["format"]))
        pending.append(Intent(path, batches))
    return pending, broken


def is_applied(batch: Batch, opened: OpenVolume) -> bool:
    """Tell whether the volume holds the batch. Raises IntentConflict if it is in neither the old nor the new state."""
    if opened.generation == batch.generation:
        facts = opened.facts()
        if (facts["count"] if facts else 0) != batch.facts["count"] - len(batch.events):
            raise IntentConflict
        return False
    hashes = {record["hash"] for _, record in opened.records()}
    if opened.generation < batch.generation or not all(record["hash"] in hashes for _, record in batch.events):
        raise IntentConflict
    return True


class IntentConflict(Exception):
    """Report a volume that does not fit the intent: it was restored from a backup, or changed by hand."""


def unfinished_finding(paths: Paths, path: Path) -> Finding:
    """Make FJ701 for an operation on several volumes that cannot be finished; its file is in quarantine."""
    display_path = paths.display_path(path)
    return Finding(
        "FJ701",
        "error",
        say("{file}, an operation on several volumes, cannot be finished and is in quarantine", file=display_path),
        Place(display_path),
        help=say("It was never confirmed, but some of its volumes may contain it: check its cases and repeat it."),
    )


def set_intent_aside(paths: Paths, path: Path) -> Finding:
    """Quarantine an intent file, so that its volumes can be written again, and return the finding."""
    set_aside(paths, path)
    return unfinished_finding(paths, path)


def _parse_batch(fields: Any) -> Batch:
    return Batch(
        volume=Volume(*fields["volume"]),
        generation=fields["generation"],
        facts=fields["facts"],
        events=[(case, record) for case, record in fields["events"]],
        open=fields["open"],
        waiting=fields["waiting"],
    )

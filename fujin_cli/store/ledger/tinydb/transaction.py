"""Run one attempt at an operation under the locks of its months: read once, decide, write once, then acknowledge.

An empty file, the marker, names each volume that has open cases, or cases with messages to deliver. It is created
before its volume is written and removed after it. Reading only marked volumes may therefore read one too many after a
crash, and never one too few.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from fujin_cli.core.findings.refusals import NEWER_FORMAT
from fujin_cli.core.model.ids import Volume
from fujin_cli.core.text.localized import say
from fujin_cli.store.files import disk
from fujin_cli.store.ledger.protocol import Busy, Changes, CompanionFile, Damaged, NotLocked, OutcomeUnknown, View
from fujin_cli.store.ledger.tinydb.batches import list_hashes, prepare_batches
from fujin_cli.store.ledger.tinydb.paths import KINDS, Month, Paths, volume_order
from fujin_cli.store.ledger.tinydb.volumes import NOTHING_BEFORE, Batch, LedgerView, Limits, OpenVolume, open_volume

if TYPE_CHECKING:
    from fujin_cli.core.findings.finding import Finding
    from fujin_cli.store.ledger.tinydb.intents import Intent


Answer = TypeVar("Answer")


class LockedVolumes:
    """Read the volumes of the locked months, each once. ``months`` is None in a dry run: all months, unlocked."""

    def __init__(self, paths: Paths, months: Collection[Month] | None) -> None:
        self._paths = paths
        self._months = months
        self._opened: dict[Volume, OpenVolume] = {}

    def find_volume(self, volume: Volume) -> OpenVolume:
        """Read a volume once. Raises NotLocked, Damaged; a damaged file of a locked month is moved into quarantine."""
        self._check(volume)
        if volume not in self._opened:
            read = open_volume if self._months is None else open_or_set_aside
            self._opened[volume] = read(self._paths, volume)
        return self._opened[volume]

    def parts(self, month: Month) -> tuple[list[Volume], set[Volume]]:
        """List every part that was ever begun, and the closed ones, which are lost or have a file in quarantine."""
        self._check(Volume(month.community, month.month, "a"))
        from fujin_cli.store.ledger.tinydb.lost_volumes import find_lost_volumes  # needed where cases are opened

        missing = {*self._paths.quarantined_volumes(month.community), *find_lost_volumes(self._paths, month.community)}
        closed = {volume for volume in missing if Month.of(volume) == month}
        volumes = {volume for volume in self._paths.volumes(month.community) if Month.of(volume) == month}
        return sorted(volumes | closed, key=volume_order), closed

    def find_previous(self, volume: Volume, heads: dict[Volume, str]) -> tuple[str | None, str]:
        """Find the community's newest readable volume before ``volume``, and its head; ``heads`` are of this operation.

        An earlier month is read without its lock, because its present head stays one of its hashes.
        """
        volumes = {*self._paths.volumes(volume.community), *heads}
        earlier = [
            candidate
            for candidate in volumes
            if candidate.community == volume.community and volume_order(candidate) < volume_order(volume)
        ]
        for candidate in sorted(earlier, key=volume_order, reverse=True):
            if candidate in heads:
                return str(candidate), heads[candidate]
            try:
                facts = (self._opened.get(candidate) or open_volume(self._paths, candidate)).facts()
            except Damaged:  # reported when its cases are read; a new month can begin
                continue
            if facts:
                return str(candidate), facts["head"]
        return None, NOTHING_BEFORE

    def folders_read(self) -> set[Path]:
        """Collect the folders of the existing volumes that were read."""
        return {self._paths.volume(volume).parent for volume, opened in self._opened.items() if opened.generation}

    def _check(self, volume: Volume) -> None:
        if self._months is not None and Month.of(volume) not in self._months:
            raise NotLocked([volume])


def open_or_set_aside(paths: Paths, volume: Volume) -> OpenVolume:
    """Read a volume that is locked; a damaged file is moved into quarantine. Raises Damaged."""
    try:
        return open_volume(paths, volume)
    except Damaged as damage:
        # A file that cannot be read at all stays where it is, and so does one of a newer fujin.
        if not isinstance(damage.__cause__, OSError) and damage.finding.code != NEWER_FORMAT:
            from fujin_cli.store.ledger.tinydb.quarantine import set_aside

            set_aside(paths, paths.volume(volume))
        raise


class Transaction:
    """Run one attempt under the locks of ``months``."""

    def __init__(self, paths: Paths, limits: Limits, months: Collection[Month], operation: str, opens: bool) -> None:
        """Prepare an attempt; ``opens``: the operation opens cases under a request id of the caller."""
        self._paths = paths
        self._limits = limits
        self._months = months
        self._operation = operation
        self._opens = opens
        self._locked = LockedVolumes(paths, months)

    def run(self, work: Callable[[View], tuple[Changes, Answer]], add_problem: Callable[[Finding], None]) -> Answer:
        """Run the work, write its changes, return its answer. Raises NotLocked and what ``Ledger.transact`` raises."""
        self._finish_abandoned_operations(add_problem)
        repeats = self._opens and find_operation(self._paths, self._operation, self._locked.find_volume) is not None
        changes, answer = work(LedgerView(self._operation, self._locked, self._limits))
        batches = prepare_batches(self._operation, changes, self._locked.find_volume, self._locked.find_previous)
        if batches and repeats:
            raise Busy(say("Another process has just carried out the same request. Repeat the command."))
        if changes.procedure_texts:
            self._store_texts(changes.procedure_texts)
        self._sync_read_folders({self._paths.volume(batch.volume).parent for batch in batches})
        if batches and self._opens:
            self._register(batches)
        if batches:
            changes.hashes.update(list_hashes(batches))
            self._commit_with_files(batches, changes.files)
        return answer

    def _finish_abandoned_operations(self, add_problem: Callable[[Finding], None]) -> None:
        if not self._paths.intents():
            return
        from fujin_cli.store.ledger.tinydb import intents

        pending, broken = intents.read_intents(self._paths)
        for path in broken:
            add_problem(intents.set_intent_aside(self._paths, path))
        for intent in pending:
            months = intent.months()
            if months.isdisjoint(self._months):
                continue
            if not months.issubset(self._months):
                raise NotLocked([batch.volume for batch in intent.batches])
            finish_intent(self._paths, intent, self._locked, add_problem)

    def _store_texts(self, texts: list[str]) -> None:
        from fujin_cli.store.ledger.tinydb import procedure_texts

        for text in texts:
            procedure_texts.store_procedure_text(self._paths, text)

    def _sync_read_folders(self, written: set[Path]) -> None:
        """Sync the folders that were read: a process may have died before it synced what this operation builds on."""
        try:
            for folder in self._locked.folders_read() - written:
                disk.sync_folder(folder)
        except OSError as error:
            raise OutcomeUnknown(self._operation, str(error)) from error

    def _register(self, batches: list[Batch]) -> None:
        for batch in batches:
            if any(record["n"] == 1 for _, record in batch.events):
                from fujin_cli.store.ledger.tinydb import request_ids

                request_ids.register(self._paths, self._operation, batch.volume)
                return

    def _commit_with_files(self, batches: list[Batch], files: list[CompanionFile]) -> None:
        """Publish the files before the events that refer to them, and withdraw them if the events are not written."""
        try:
            for file in files:
                file.publish()
            self._commit_batches(batches)
        except (OSError, Damaged):  # nothing was written; after OutcomeUnknown, the files may be needed
            for file in files:
                file.withdraw()
            raise

    def _commit_batches(self, batches: list[Batch]) -> None:
        # The record of a month that alone is locked was synced before (``lost_volumes.record_parts``).
        synced = {self._paths.lock(month).parent for month in self._months} if len(self._months) == 1 else set()
        if len(batches) == 1:
            try:
                write_batch(self._paths, self._locked.find_volume(batches[0].volume), batches[0], synced)
            except disk.Unsure as error:
                raise OutcomeUnknown(self._operation, str(error)) from error
            return
        from fujin_cli.store.ledger.tinydb import intents  # most operations change one volume

        try:
            intent = intents.write_intent(self._paths, self._operation, batches)
        except disk.Unsure as error:
            raise OutcomeUnknown(self._operation, str(error)) from error
        try:
            for batch in batches:
                write_batch(self._paths, self._locked.find_volume(batch.volume), batch, synced)
            intents.remove_intent(intent)
        except OSError as error:
            raise OutcomeUnknown(self._operation, str(error)) from error


def write_batch(paths: Paths, opened: OpenVolume, batch: Batch, synced: set[Path]) -> None:
    """Create markers, write the volume, remove markers. A crash leaves at most a marker too many, never too few.

    The record of a new month is synced before its first marker, unless its folder is among those that this operation
    has ``synced``.
    """
    folder = paths.volume(batch.volume).parent
    if not opened.generation and batch.volume.part == "a" and folder not in synced:
        disk.sync_folder(folder)
    create_markers(paths, opened, batch)
    disk.make_folder_synced(folder, paths.workspace)
    opened.append(batch)
    synced.add(folder)
    _create_trace(paths.begun_volume(batch.volume))
    remove_markers(paths, opened)


def _create_trace(path: Path) -> None:
    """Create the file that says that a volume was written, if it is missing; the next write tries again."""
    with suppress(OSError):
        if not disk.exists(path):
            disk.create_if_missing(path)


def finish_intent(paths: Paths, intent: Intent, locked: LockedVolumes, add_problem: Callable[[Finding], None]) -> None:
    """Finish the operation of a process that died, under the locks of its months; quarantine it on a conflict.

    Raises OSError.
    """
    from fujin_cli.store.ledger.tinydb import intents

    applied = True
    for batch in intent.batches:
        try:
            opened = locked.find_volume(batch.volume)
            if intents.is_applied(batch, opened):
                disk.sync_folder(paths.volume(batch.volume).parent)
            else:
                write_batch(paths, opened, batch, set())
        except Damaged as damage:
            add_problem(damage.finding)
            applied = False
        except intents.IntentConflict:
            applied = False
    if applied:
        intents.remove_intent(intent)
    else:
        add_problem(intents.set_intent_aside(paths, intent.path))


def find_operation(paths: Paths, operation: str, find_volume: Callable[[Volume], OpenVolume]) -> str | None:
    """Find the first case that this operation opened; None if it opened none. Raises what ``find_volume`` raises."""
    from fujin_cli.store.ledger.tinydb import request_ids

    for first in request_ids.candidate_volumes(paths, operation):
        later = [
            volume
            for volume in paths.volumes(first.community)
            if Month.of(volume) == Month.of(first) and volume_order(volume) > volume_order(first)
        ]
        for volume in (first, *later):
            for case, record in find_volume(volume).records():
                if record.get("n") == 1 and record.get("op") == operation:
                    return case
    return None


def create_markers(paths: Paths, opened: OpenVolume, batch: Batch) -> None:
    """Create the markers that the volume needs once ``batch`` is in it. Raises OSError; an extra marker is harmless."""
    for kind, marks in (("open", batch.open), ("waiting", batch.waiting)):
        marker = paths.marker(kind, opened.volume)
        has_marked_case = opened.any_case(kind)
        if not has_marked_case and not any(marks.values()):
            continue
        # Without a marked case in the volume, an existing marker may not be synced: its process may have been killed.
        if has_marked_case and disk.exists(marker):
            continue
        disk.make_folder_synced(marker.parent, paths.workspace)
        disk.create_if_missing(marker)
        disk.sync_folder(marker.parent)


def remove_markers(paths: Paths, opened: OpenVolume) -> None:
    """Remove the markers that the volume, as now written, does not need. A failure only costs later reads time."""
    for kind in KINDS:
        marker = paths.marker(kind, opened.volume)
        if not opened.any_case(kind):
            with suppress(OSError):
                if disk.exists(marker):
                    disk.unlink(marker)

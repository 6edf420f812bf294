"""One attempt at one operation, under the locks of its months: read once, decide, write once, only then say so."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from fujin_cli.core.model.ids import Volume
from fujin_cli.core.text.message import say
from fujin_cli.store.files import disk
from fujin_cli.store.ledger.protocol import Busy, Changes, Damaged, NotLocked, OutcomeUnknown, View
from fujin_cli.store.ledger.tinydb import markers, request_ids
from fujin_cli.store.ledger.tinydb.batches import prepare
from fujin_cli.store.ledger.tinydb.paths import Month, Paths, volume_order
from fujin_cli.store.ledger.tinydb.view import LedgerView, Limits
from fujin_cli.store.ledger.tinydb.volumes import NOTHING_BEFORE, Batch, OpenVolume, open_volume

if TYPE_CHECKING:
    from fujin_cli.core.findings.finding import Finding
    from fujin_cli.store.ledger.tinydb.intents import Intent

Answer = TypeVar("Answer")


class Held:
    """The volumes of the months that are held (for a rehearsal: of all months, and nothing is held)."""

    def __init__(self, paths: Paths, months: Collection[Month] | None) -> None:
        self._paths = paths
        self._months = months
        self._opened: dict[Volume, OpenVolume] = {}

    def find(self, volume: Volume) -> OpenVolume:
        """The volume, read once. Raises NotLocked, Damaged; a damaged file of a held month is set aside."""
        self._check(volume)
        if volume not in self._opened:
            read = open_volume if self._months is None else open_or_set_aside
            self._opened[volume] = read(self._paths, volume)
        return self._opened[volume]

    def parts(self, month: Month) -> tuple[list[Volume], set[Volume]]:
        """Every part that was ever begun; those of which a file is in quarantine are closed."""
        self._check(Volume(month.community, month.month, "a"))
        closed = {volume for volume in self._paths.quarantined(month.community) if Month.of(volume) == month}
        known = {volume for volume in self._paths.volumes(month.community) if Month.of(volume) == month}
        return sorted(known | closed, key=volume_order), closed

    def before(self, volume: Volume, heads: dict[Volume, str]) -> tuple[str | None, str]:
        """The newest readable volume of the community before ``volume``, and its head; ``heads`` are of this operation.

        An earlier month is read without its lock: its head as of now will stay one of its hashes.
        """
        known = {*self._paths.volumes(volume.community), *heads}
        earlier = [
            other
            for other in known
            if other.community == volume.community and volume_order(other) < volume_order(volume)
        ]
        for other in sorted(earlier, key=volume_order, reverse=True):
            if other in heads:
                return str(other), heads[other]
            try:
                facts = (self._opened.get(other) or open_volume(self._paths, other)).facts()
            except Damaged:  # its own cases tell; a new month does not wait for it
                continue
            if facts:
                return str(other), facts["head"]
        return None, NOTHING_BEFORE

    def folders(self) -> set[Path]:
        """The folders of the volumes that were read and are there."""
        return {self._paths.volume(volume).parent for volume, opened in self._opened.items() if opened.generation}

    def _check(self, volume: Volume) -> None:
        if self._months is not None and Month.of(volume) not in self._months:
            raise NotLocked([volume])


def open_or_set_aside(paths: Paths, volume: Volume) -> OpenVolume:
    """Read a volume that is locked; a damaged file is moved into quarantine. Raises Damaged."""
    try:
        return open_volume(paths, volume)
    except Damaged as damage:
        if not isinstance(damage.__cause__, OSError):  # a file that cannot be read at all stays where it is
            from fujin_cli.store.ledger.tinydb.quarantine import set_aside

            set_aside(paths, paths.volume(volume))
        raise


class Transaction:
    """An attempt that holds ``months``."""

    def __init__(self, paths: Paths, limits: Limits, months: Collection[Month], operation: str, opens: bool) -> None:
        """``opens``: the operation opens cases under a request id that the caller gave."""
        self._paths = paths
        self._limits = limits
        self._months = months
        self._operation = operation
        self._opens = opens
        self._held = Held(paths, months)

    def run(self, work: Callable[[View], tuple[Changes, Answer]], note: Callable[[Finding], None]) -> Answer:
        """The work's answer, once its changes are safe. Raises what ``Ledger.transact`` raises, and NotLocked."""
        self._finish_what_others_left(note)
        repeats = self._opens and find_operation(self._paths, self._operation, self._held.find) is not None
        changes, answer = work(LedgerView(self._operation, self._held, self._limits))
        batches = prepare(self._operation, changes, self._held.find, self._held.before)
        if batches and repeats:
            raise Busy(say("Another process has just carried out the same request. Repeat the command."))
        if changes.procedure_texts:
            self._store_texts(changes.procedure_texts)
        self._settle({self._paths.volume(batch.volume).parent for batch in batches})
        if batches and self._opens:
            self._register(batches)
        if batches:
            self._commit(batches)
        return answer

    def _finish_what_others_left(self, note: Callable[[Finding], None]) -> None:
        if not self._paths.intents():
            return
        from fujin_cli.store.ledger.tinydb import intents

        pending, broken = intents.pending_intents(self._paths)
        for path in broken:
            note(intents.set_intent_aside(self._paths, path))
        for intent in pending:
            months = intent.months()
            if months.isdisjoint(self._months):
                continue
            if not months.issubset(self._months):
                raise NotLocked([batch.volume for batch in intent.batches])
            finish_intent(self._paths, intent, self._held, note)

    def _store_texts(self, texts: list[str]) -> None:
        from fujin_cli.store.ledger.tinydb import procedure_texts

        for text in texts:
            procedure_texts.store_procedure_text(self._paths, text)

    def _settle(self, written: set[Path]) -> None:
        """What was read may be the work of a process that died before its last sync; what follows relies on it."""
        try:
            for folder in self._held.folders() - written:
                disk.sync_folder(folder)
        except OSError as error:
            raise OutcomeUnknown(self._operation, str(error)) from error

    def _register(self, batches: list[Batch]) -> None:
        for batch in batches:
            if any(record["n"] == 1 for _, record in batch.events):
                request_ids.register(self._paths, self._operation, batch.volume)
                return

    def _commit(self, batches: list[Batch]) -> None:
        if len(batches) == 1:
            try:
                write_batch(self._paths, self._held.find(batches[0].volume), batches[0])
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
                write_batch(self._paths, self._held.find(batch.volume), batch)
            intents.remove_intent(intent)
        except OSError as error:
            raise OutcomeUnknown(self._operation, str(error)) from error


def write_batch(paths: Paths, opened: OpenVolume, batch: Batch) -> None:
    """Markers, the volume, markers: in this order a crash leaves a marker too many and never one too few."""
    markers.mark_before(paths, opened, batch)
    disk.make_folder_synced(paths.volume(batch.volume).parent, paths.workspace)
    opened.append(batch)
    markers.unmark_after(paths, opened)


def finish_intent(paths: Paths, intent: Intent, held: Held, note: Callable[[Finding], None]) -> None:
    """Finish the operation of a process that died, under the locks of its months; set a conflict aside.

    Raises OSError.
    """
    from fujin_cli.store.ledger.tinydb import intents

    done = True
    for batch in intent.batches:
        try:
            opened = held.find(batch.volume)
            if intents.is_done(batch, opened):
                disk.sync_folder(paths.volume(batch.volume).parent)
            else:
                write_batch(paths, opened, batch)
        except Damaged as damage:
            note(damage.finding)
            done = False
        except intents.Conflict:
            done = False
    if done:
        intents.remove_intent(intent)
    else:
        note(intents.set_intent_aside(paths, intent.path))


def find_operation(paths: Paths, operation: str, find: Callable[[Volume], OpenVolume]) -> str | None:
    """The first case that this operation opened; None where it opened none. Raises Damaged and what ``find`` raises."""
    for place in request_ids.places(paths, operation):
        later = [
            volume
            for volume in paths.volumes(place.community)
            if Month.of(volume) == Month.of(place) and volume_order(volume) > volume_order(place)
        ]
        for volume in (place, *later):
            for case, record in find(volume).records():
                if record.get("n") == 1 and record.get("op") == operation:
                    return case
    return None

"""Store the ledger in a folder of volumes, each a small TinyDB file. ``transaction.py`` describes how it writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from fujin_cli.core.cases.event import Event
from fujin_cli.core.model.ids import Volume, volume_of
from fujin_cli.core.text.localized import say
from fujin_cli.store.files import disk
from fujin_cli.store.ledger.protocol import (
    Busy,
    CaseCheck,
    Changes,
    Damaged,
    NoSuchCase,
    NotLocked,
    OutcomeUnknown,
    Refused,
    StoredCase,
    View,
)
from fujin_cli.store.ledger.tinydb.paths import (
    Kind,
    Month,
    Paths,
    check_format,
    check_month,
    hold,
    own_id,
    random_token,
    volume_order,
    wait_from_environment,
)
from fujin_cli.store.ledger.tinydb.transaction import LockedVolumes, Transaction, find_operation, finish_intent
from fujin_cli.store.ledger.tinydb.volumes import LedgerView, Limits, OpenVolume, open_volume, read_case, volume_or_none

if TYPE_CHECKING:
    from fujin_cli.core.findings.finding import Finding

Answer = TypeVar("Answer")


class TinyLedger:
    """Store the ledger in ``root`` (``<workspace>/data/ledger``), which need not exist yet.

    ``wait`` is the number of seconds to wait for a lock before Busy; by default ``FUJIN_LOCK_WAIT``, else ten. Reading
    takes no lock and writes nothing.
    """

    def __init__(self, root: Path, *, wait: float | None = None, limits: Limits | None = None) -> None:
        self._paths = Paths(root)
        self._wait = wait_from_environment() if wait is None else wait
        self._limits = limits or Limits()
        self._problems: list[Finding] = []
        self._may_write = False

    def read(self, case: str) -> tuple[Event, ...]:
        """List a case's events, oldest first; empty if the case does not exist. Raises Damaged."""
        return read_case(case, self._open_volume)

    def open_cases(self, communities: Sequence[str] | None = None) -> Iterator[StoredCase]:
        """Iterate over open cases (of those communities), ordered by id; reads only marked volumes."""
        return (stored_case for stored_case in self._read_marked_volumes("open", communities) if stored_case.open)

    def waiting_cases(self, communities: Sequence[str] | None = None) -> Iterator[StoredCase]:
        """Iterate over cases with undelivered messages, ordered by id; reads only marked volumes."""
        return (stored_case for stored_case in self._read_marked_volumes("waiting", communities) if stored_case.waiting)

    def all_cases(self, communities: Sequence[str] | None = None) -> Iterator[StoredCase]:
        """Iterate over every case, ordered by id."""
        from fujin_cli.store.ledger.tinydb.lost_volumes import find_lost_volumes

        for community in self.communities():
            if communities is not None and community not in communities:
                continue
            try:
                volumes = {
                    *self._paths.volumes(community),
                    *self._paths.quarantined_volumes(community),
                    *find_lost_volumes(self._paths, community),
                }
            except OSError as error:
                self._add_unreadable({Path(error.filename): error})
                continue
            yield from self._read_cases_of(sorted(volumes, key=volume_order))

    def communities(self) -> Sequence[str]:
        """List the communities that have had cases, sorted."""
        return self._paths.communities()

    def find_ids(self, end: str, *, is_open: bool) -> Iterator[str]:
        """Iterate over the ids of open (or ended) cases that end with ``end``, newest month first."""
        from fujin_cli.store.ledger.tinydb.case_ids import find_case_ids  # most commands take whole ids

        return find_case_ids(self._paths, end, is_open=is_open)

    def cases_in(self, volumes: Sequence[Volume]) -> dict[Volume, list[StoredCase]]:
        """List the cases of each volume; a damaged volume is left out and becomes a problem."""
        cases_by_volume: dict[Volume, list[StoredCase]] = {}
        for volume in volumes:
            try:
                cases_by_volume[volume] = list(self._open_volume(volume).stored_cases())
            except Damaged as damage:
                self._add_problem(damage.finding)
        return cases_by_volume

    def problems(self) -> Sequence[Finding]:
        """List the damaged volumes that the iterations above skipped, and every lost volume."""
        from fujin_cli.store.ledger.tinydb.lost_volumes import lost_volume_findings

        for finding in lost_volume_findings(self._paths):
            self._add_problem(finding)
        return tuple(self._problems)

    def transact(
        self,
        request_id: str | None,
        cases: Sequence[str],
        opening: tuple[str, str] | None,
        work: Callable[[View], tuple[Changes, Answer]],
    ) -> tuple[str, Answer]:
        """Lock the volumes of the cases, run the work, append its changes (see the protocol).

        It also raises Refused on a network file system, and OSError if nothing was changed (a full disk).
        """
        self._check_place()
        if request_id is not None:
            from fujin_cli.store.ledger.tinydb.request_ids import check_id  # few requests bring an id

            check_id(request_id)
        if opening:  # what an opening needs is imported while no lock is held
            from fujin_cli.store.ledger.tinydb import procedure_texts  # noqa: F401
        token = random_token()
        self._finish_abandoned_operations()
        for name in ("contacts", "attachments"):
            disk.clear_leftovers(self._paths.workspace / "data" / name)
        volumes = {self._volume_of(case) for case in cases}
        while True:
            months = {check_month(Month.of(volume)) for volume in volumes}
            months |= {check_month(Month(*opening))} if opening else set()
            self._record_parts(months)
            name = request_id or self._make_own_id(volumes, opening, token)
            try:
                with hold(self._paths, months, self._wait):
                    opens = request_id is not None and opening is not None
                    attempt = Transaction(self._paths, self._limits, months, name, opens)
                    return name, attempt.run(work, self._add_problem)
            except NotLocked as not_locked:  # run again with all locks, taken in sorted order
                volumes.update(not_locked.volumes)

    def look(self, request_id: str | None) -> View:
        """Return the current view, without a lock: for dry runs."""
        name = request_id if request_id is not None else random_token()
        return LedgerView(name, LockedVolumes(self._paths, None), self._limits)

    def find_operation(self, request_id: str) -> str | None:
        """Find the first case that this request id opened. Raises Damaged, OutcomeUnknown."""
        from fujin_cli.store.ledger.tinydb.request_ids import check_id

        case = find_operation(self._paths, check_id(request_id), self._open_volume)
        if case:
            self._sync_volume_folder(request_id, case)
        return case

    def procedure_text(self, digest: str) -> str | None:
        """Read a procedure's canonical text by its SHA-256; None if it is not stored. Raises Damaged (FJ703)."""
        from fujin_cli.store.ledger.tinydb import procedure_texts  # most cases follow the version of the workspace

        return procedure_texts.read_procedure_text(self._paths, digest)

    def procedure_texts(self) -> Sequence[tuple[str, datetime | None]]:
        """List the SHA-256 of every stored text and when its file was written (UTC), oldest first."""
        from fujin_cli.store.ledger.tinydb import procedure_texts

        return procedure_texts.list_procedure_texts(self._paths)

    def verify(self, check_case: CaseCheck | None = None) -> Iterator[Finding]:
        """List every place where the ledger differs from what was written. Reads everything; changes nothing."""
        from fujin_cli.store.ledger.tinydb.verify import verify  # needed by one command

        return verify(self._paths, check_case)

    def _volume_of(self, case: str) -> Volume:
        """Name the volume of a case. Raises NoSuchCase if the volume never existed, Damaged (FJ707) if it is lost."""
        volume = volume_or_none(case)
        if volume is None:
            raise NoSuchCase(case)
        if not disk.exists(self._paths.volume(volume)) and volume not in self._paths.quarantined_volumes(
            volume.community
        ):
            self._open_volume(volume)
            raise NoSuchCase(case)
        return volume

    def _open_volume(self, volume: Volume) -> OpenVolume:
        return open_volume(self._paths, volume)

    def _read_marked_volumes(self, kind: Kind, communities: Sequence[str] | None) -> Iterator[StoredCase]:
        unreadable: dict[Path, OSError] = {}
        volumes = self._paths.marked_volumes(kind, communities, unreadable)
        self._add_unreadable(unreadable)
        return self._read_cases_of(volumes)

    def _read_cases_of(self, volumes: Sequence[Volume]) -> Iterator[StoredCase]:
        for volume in volumes:
            yield from self.cases_in([volume]).get(volume, ())

    def _add_unreadable(self, errors: dict[Path, OSError]) -> None:
        from fujin_cli.store.ledger.tinydb.volume_file import unreadable_finding

        for path, error in errors.items():
            self._add_problem(unreadable_finding(self._paths.display_path(path), error))

    def _add_problem(self, finding: Finding) -> None:
        if finding not in self._problems:
            self._problems.append(finding)

    def _check_place(self) -> None:
        if self._may_write:
            return
        from fujin_cli.store.files.mounts import network_file_system_of

        kind = network_file_system_of(self._paths.root)
        if kind:
            raise Refused(_refuse_network_folder(self._paths, kind))
        check_format(self._paths, writes=True)
        self._may_write = True

    def _record_parts(self, months: set[Month]) -> None:
        for month in sorted(months):
            if not disk.exists(self._paths.recorded_month(month)):
                from fujin_cli.store.ledger.tinydb.lost_volumes import record_parts  # once a month

                record_parts(self._paths, month, sync=len(months) == 1)

    def _make_own_id(self, volumes: set[Volume], opening: tuple[str, str] | None, token: str) -> str:
        """Make an id that names its volume. That part may be full once locked, so retries search later parts too."""
        if opening:
            parts, _ = LockedVolumes(self._paths, None).parts(Month(*opening))
            return own_id(parts[-1] if parts else Volume(*opening, "a"), token)
        return own_id(min(volumes, key=volume_order), token) if volumes else token

    def _sync_volume_folder(self, operation: str, case: str) -> None:
        """Sync the folder of a case's volume before the case is reported: its writer may have died before the sync."""
        try:
            disk.sync_folder(self._paths.volume(volume_of(case)).parent)
        except OSError as error:
            raise OutcomeUnknown(operation, str(error)) from error

    def _finish_abandoned_operations(self) -> None:
        """Finish operations on several volumes whose processes died.

        An operation is skipped if one of its locks is taken (its process is alive, or another one is finishing it) or
        if the disk fails; the next transaction tries again.
        """
        if not self._paths.intents():
            return
        from fujin_cli.store.ledger.tinydb import intents

        pending, _ = intents.read_intents(self._paths)
        for intent in pending:
            try:
                with hold(self._paths, intent.months(), 0):
                    if disk.exists(intent.path):
                        finish_intent(
                            self._paths, intent, LockedVolumes(self._paths, intent.months()), self._add_problem
                        )
            except (Busy, OSError):
                continue


def _refuse_network_folder(paths: Paths, kind: str) -> Finding:
    from fujin_cli.core.findings.finding import Finding, Place

    folder = paths.display_path(paths.root)
    return Finding(
        "FJ706",
        "error",
        say(
            "{folder} is on a network file system ({kind}), where locks and syncs are unreliable",
            folder=folder,
            kind=kind,
        ),
        Place(folder),
        help=say("Put the workspace on a local disk; for several machines, use a ledger in PostgreSQL (FUJIN_STORE)."),
    )

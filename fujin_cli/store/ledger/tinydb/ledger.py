"""The embedded ledger: a folder of volumes, each a small TinyDB file. See ``transaction.py`` for how it writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from fujin_cli.core.cases.event import Event
from fujin_cli.core.model.ids import Volume, volume_of
from fujin_cli.core.text.message import say
from fujin_cli.store.files import disk
from fujin_cli.store.files.mounts import network_file_system_of
from fujin_cli.store.ledger.protocol import (
    Busy,
    Changes,
    Damaged,
    NoSuchCase,
    NotLocked,
    OutcomeUnknown,
    Refused,
    StoredCase,
    View,
)
from fujin_cli.store.ledger.tinydb import locks, request_ids
from fujin_cli.store.ledger.tinydb.markers import Kind
from fujin_cli.store.ledger.tinydb.paths import Month, Paths, check_month, volume_order
from fujin_cli.store.ledger.tinydb.transaction import Held, Transaction, find_operation, finish_intent
from fujin_cli.store.ledger.tinydb.view import LedgerView, Limits, read_case, volume_or_none
from fujin_cli.store.ledger.tinydb.volumes import OpenVolume, open_volume

if TYPE_CHECKING:
    from fujin_cli.core.findings.finding import Finding

Answer = TypeVar("Answer")


class TinyLedger:
    """The ledger in ``root`` (``<workspace>/data/ledger``), which need not be there yet.

    ``wait``: seconds to wait for others before Busy; else ``FUJIN_LOCK_WAIT``, else ten. Reading takes no lock and
    writes nothing.
    """

    def __init__(self, root: Path, *, wait: float | None = None, limits: Limits | None = None) -> None:
        self._paths = Paths(root)
        self._wait = locks.wait_from_environment() if wait is None else wait
        self._limits = limits or Limits()
        self._problems: list[Finding] = []
        self._may_write = False

    def read(self, case: str) -> tuple[Event, ...]:
        """A case's events, oldest first; empty where there is no such case. Raises Damaged."""
        return read_case(case, self._find)

    def open_cases(self, communities: Sequence[str] | None = None) -> Iterator[StoredCase]:
        """Open cases (of those communities), ordered by id; reads marked volumes only."""
        return (kept for kept in self._marked("open", communities) if kept.open)

    def waiting_cases(self, communities: Sequence[str] | None = None) -> Iterator[StoredCase]:
        """Cases with messages that nobody has delivered yet, ordered by id; reads marked volumes only."""
        return (kept for kept in self._marked("waiting", communities) if kept.waiting)

    def all_cases(self, communities: Sequence[str] | None = None) -> Iterator[StoredCase]:
        """Every case, ordered by id."""
        for community in self.communities():
            if communities is not None and community not in communities:
                continue
            volumes = {*self._paths.volumes(community), *self._paths.quarantined(community)}
            yield from self._cases_of(sorted(volumes, key=volume_order))

    def communities(self) -> Sequence[str]:
        """List the communities that have had cases, sorted."""
        return self._paths.communities()

    def cases_in(self, volumes: Sequence[Volume]) -> dict[Volume, list[StoredCase]]:
        """The cases of each of those volumes; a damaged one is left out and stands among the problems."""
        found: dict[Volume, list[StoredCase]] = {}
        for volume in volumes:
            try:
                found[volume] = list(self._find(volume).kept())
            except Damaged as damage:
                self._note(damage.finding)
        return found

    def problems(self) -> Sequence[Finding]:
        """Damaged volumes that the iterations above passed over since this ledger was made."""
        return tuple(self._problems)

    def transact(
        self,
        request_id: str | None,
        cases: Sequence[str],
        opening: tuple[str, str] | None,
        work: Callable[[View], tuple[Changes, Answer]],
    ) -> tuple[str, Answer]:
        """Lock the volumes of the cases, run the work, append its changes (see the protocol).

        Raises also Refused on a network file system, and OSError where nothing was changed (a full disk).
        """
        self._check_place()
        if request_id is not None:
            request_ids.check_id(request_id)
        token = request_ids.random_token()
        self._finish_what_others_left()
        needed = {self._volume_of(case) for case in cases}
        while True:
            months = {check_month(Month.of(volume)) for volume in needed}
            months |= {check_month(Month(*opening))} if opening else set()
            name = request_id or self._own_id(needed, opening, token)
            try:
                with locks.hold(self._paths, months, self._wait):
                    opens = request_id is not None and opening is not None
                    attempt = Transaction(self._paths, self._limits, months, name, opens)
                    return name, attempt.run(work, self._note)
            except NotLocked as missing:  # once more, with everything taken in sorted order
                needed.update(missing.volumes)

    def look(self, request_id: str | None) -> View:
        """Show what an operation would see now, without a lock: for dry runs."""
        name = request_id if request_id is not None else request_ids.random_token()
        return LedgerView(name, Held(self._paths, None), self._limits)

    def find_operation(self, request_id: str) -> str | None:
        """Find the first case that an opening with this request id made. Raises Damaged, OutcomeUnknown."""
        case = find_operation(self._paths, request_ids.check_id(request_id), self._find)
        if case:
            self._settle(request_id, case)
        return case

    def procedure_text(self, digest: str) -> str | None:
        """Read a procedure's canonical text by its SHA-256; None where it is not stored. Raises Damaged (FJ703)."""
        from fujin_cli.store.ledger.tinydb import procedure_texts  # most cases follow the version of the workspace

        return procedure_texts.read_procedure_text(self._paths, digest)

    def procedure_texts(self) -> Sequence[tuple[str, datetime | None]]:
        """List the SHA-256 of every stored text and when its file was written (UTC), oldest first."""
        from fujin_cli.store.ledger.tinydb import procedure_texts

        return procedure_texts.list_procedure_texts(self._paths)

    def verify(self) -> Iterator[Finding]:
        """Every place where the ledger is not what was written. Reads everything; locks and changes nothing."""
        from fujin_cli.store.ledger.tinydb.verify import verify  # most commands never need it

        return verify(self._paths)

    def _volume_of(self, case: str) -> Volume:
        """Name the volume of a case. Raises NoSuchCase where there is no such volume, not even in quarantine."""
        volume = volume_or_none(case)
        if volume is None:
            raise NoSuchCase(case)
        if not disk.exists(self._paths.volume(volume)) and volume not in self._paths.quarantined(volume.community):
            raise NoSuchCase(case)
        return volume

    def _find(self, volume: Volume) -> OpenVolume:
        return open_volume(self._paths, volume)

    def _marked(self, kind: Kind, communities: Sequence[str] | None) -> Iterator[StoredCase]:
        return self._cases_of(self._paths.marked(kind, communities))

    def _cases_of(self, volumes: Sequence[Volume]) -> Iterator[StoredCase]:
        for volume in volumes:
            yield from self.cases_in([volume]).get(volume, ())

    def _note(self, finding: Finding) -> None:
        if finding not in self._problems:
            self._problems.append(finding)

    def _check_place(self) -> None:
        if self._may_write:
            return
        kind = network_file_system_of(self._paths.root)
        if kind:
            raise Refused(_network(self._paths, kind))
        self._may_write = True

    def _own_id(self, volumes: set[Volume], opening: tuple[str, str] | None, token: str) -> str:
        """An id that leads to the volume; the part may be full once we hold it, so later ones are looked at too."""
        if opening:
            parts, _ = Held(self._paths, None).parts(Month(*opening))
            return request_ids.own_id(parts[-1] if parts else Volume(*opening, "a"), token)
        return request_ids.own_id(min(volumes, key=volume_order), token) if volumes else token

    def _settle(self, operation: str, case: str) -> None:
        """Its maker may have died before the last sync, and whoever asks is going to rely on the answer."""
        try:
            disk.sync_folder(self._paths.volume(volume_of(case)).parent)
        except OSError as error:
            raise OutcomeUnknown(operation, str(error)) from error

    def _finish_what_others_left(self) -> None:
        """Operations on several volumes whose makers died, whatever volumes they are about.

        Where a lock is taken its holder is alive or finishing it already; where the disk fails it is left to the
        next one, and to whoever needs its volumes.
        """
        if not self._paths.intents():
            return
        from fujin_cli.store.ledger.tinydb import intents

        pending, _ = intents.pending_intents(self._paths)
        for intent in pending:
            try:
                with locks.hold(self._paths, intent.months(), 0):
                    if disk.exists(intent.path):
                        finish_intent(self._paths, intent, Held(self._paths, intent.months()), self._note)
            except (Busy, OSError):
                continue


def _network(paths: Paths, kind: str) -> Finding:
    from fujin_cli.core.findings.finding import Finding, Place

    place = paths.shown(paths.root)
    return Finding(
        "FJ706",
        "error",
        say(
            "{folder} is on a network file system ({kind}), where locks and syncs are unreliable",
            folder=place,
            kind=kind,
        ),
        Place(place),
        help=say("Put the workspace on a local disk; for several machines, use a ledger in PostgreSQL (FUJIN_STORE)."),
    )

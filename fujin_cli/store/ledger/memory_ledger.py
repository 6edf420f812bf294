"""A ledger that is gone with the process: for tests, simulations and dry runs. The same volumes, without files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from fujin_cli.core.cases.event import Event
from fujin_cli.core.findings.finding import Finding
from fujin_cli.core.model.ids import Volume, volume_of
from fujin_cli.store.ledger.protocol import Busy, Changes, NoSuchCase, StoredCase, View
from fujin_cli.store.ledger.tinydb.batches import prepare
from fujin_cli.store.ledger.tinydb.paths import Month, check_month, volume_order
from fujin_cli.store.ledger.tinydb.procedure_texts import digest_of
from fujin_cli.store.ledger.tinydb.request_ids import check_id, own_id, random_token
from fujin_cli.store.ledger.tinydb.view import LedgerView, Limits, read_case, volume_or_none
from fujin_cli.store.ledger.tinydb.volumes import NOTHING_BEFORE, MemoryVolume, OpenVolume

Answer = TypeVar("Answer")


class MemoryLedger:
    """What TinyLedger does, for one thread; nothing is ever locked, so NotLocked and OutcomeUnknown never come."""

    def __init__(self, *, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._volumes: dict[Volume, OpenVolume] = {}
        self._openings: dict[str, str] = {}
        self._procedure_texts: dict[str, str] = {}

    def read(self, case: str) -> tuple[Event, ...]:
        """A case's events, oldest first; empty where there is no such case."""
        return read_case(case, self.find)

    def open_cases(self, communities: Sequence[str] | None = None) -> Iterator[StoredCase]:
        """Open cases (of those communities), ordered by id."""
        return (kept for kept in self.all_cases(communities) if kept.open)

    def waiting_cases(self, communities: Sequence[str] | None = None) -> Iterator[StoredCase]:
        """Cases with messages that nobody has delivered yet, ordered by id."""
        return (kept for kept in self.all_cases(communities) if kept.waiting)

    def all_cases(self, communities: Sequence[str] | None = None) -> Iterator[StoredCase]:
        """Every case, ordered by id."""
        for volume in sorted(self._volumes, key=volume_order):
            if communities is None or volume.community in communities:
                yield from list(self._volumes[volume].kept())

    def communities(self) -> Sequence[str]:
        """List the communities that have had cases, sorted."""
        return sorted({volume.community for volume in self._volumes})

    def cases_in(self, volumes: Sequence[Volume]) -> dict[Volume, list[StoredCase]]:
        """List the cases of each volume, ordered by id."""
        return {volume: list(self.find(volume).kept()) for volume in volumes}

    def problems(self) -> Sequence[Finding]:
        """List no problems: volumes in memory cannot be damaged."""
        return ()

    def transact(
        self,
        request_id: str | None,
        cases: Sequence[str],
        opening: tuple[str, str] | None,
        work: Callable[[View], tuple[Changes, Answer]],
    ) -> tuple[str, Answer]:
        """Run the work and append its changes (see the protocol). Raises Busy and whatever work raises."""
        for case in cases:
            if volume_or_none(case) not in self._volumes:
                raise NoSuchCase(case)
        if opening:
            check_month(Month(*opening))
        if request_id is not None:
            name = check_id(request_id)
        else:
            name = own_id(Volume(*opening, "a"), random_token()) if opening else random_token()
        changes, answer = work(self.look(name))
        batches = prepare(name, changes, self.find, self._before)
        if batches and opening and name in self._openings:
            raise Busy("the same request has been carried out already")
        self._procedure_texts |= {digest_of(text): text for text in changes.procedure_texts}
        for batch in batches:
            opened = self.find(batch.volume)
            opened.append(batch)
            self._volumes[batch.volume] = opened
        opened_cases = [case for case, event in changes.appended if event.n == 1]
        if opened_cases:
            self._openings.setdefault(name, min(opened_cases, key=lambda case: volume_order(volume_of(case))))
        return name, answer

    def look(self, request_id: str | None) -> View:
        """Show what an operation would see now: for dry runs."""
        return LedgerView(request_id or random_token(), self, self._limits)

    def find_operation(self, request_id: str) -> str | None:
        """Find the first case that an operation with this id opened."""
        return self._openings.get(check_id(request_id))

    def procedure_text(self, digest: str) -> str | None:
        """Read a procedure's canonical text by its SHA-256."""
        return self._procedure_texts.get(digest)

    def procedure_texts(self) -> Sequence[tuple[str, datetime | None]]:
        """List the SHA-256 of every text; since when is unknown."""
        return [(digest, None) for digest in self._procedure_texts]

    def verify(self) -> Iterator[Finding]:
        """The chains of all volumes."""
        from fujin_cli.store.ledger.tinydb.verify import verify_volume  # most tests never need it

        for volume in sorted(self._volumes, key=volume_order):
            yield from verify_volume(self._volumes[volume])

    def find(self, volume: Volume) -> OpenVolume:
        """The volume; a new empty one where there is none."""
        return self._volumes.get(volume) or OpenVolume(volume, MemoryVolume(), str(volume))

    def parts(self, month: Month) -> tuple[list[Volume], set[Volume]]:
        """The parts of a month; none is ever closed."""
        return sorted((volume for volume in self._volumes if Month.of(volume) == month), key=volume_order), set()

    def _before(self, volume: Volume, heads: dict[Volume, str]) -> tuple[str | None, str]:
        known = {known: facts["head"] for known, opened in self._volumes.items() if (facts := opened.facts())} | heads
        earlier = [
            other
            for other in known
            if other.community == volume.community and volume_order(other) < volume_order(volume)
        ]
        if not earlier:
            return None, NOTHING_BEFORE
        newest = max(earlier, key=volume_order)
        return str(newest), known[newest]

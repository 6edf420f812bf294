"""Keep a ledger in memory, in the same volumes but without files: for tests, simulations and dry runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from fujin_cli.core.cases.event import Event
from fujin_cli.core.findings.finding import Finding
from fujin_cli.core.model.ids import Volume, volume_of
from fujin_cli.store.ledger.protocol import Busy, Changes, NoSuchCase, StoredCase, View
from fujin_cli.store.ledger.tinydb.batches import list_hashes, prepare_batches
from fujin_cli.store.ledger.tinydb.case_ids import age_order
from fujin_cli.store.ledger.tinydb.paths import Month, check_month, own_id, random_token, volume_order
from fujin_cli.store.ledger.tinydb.procedure_texts import digest_of
from fujin_cli.store.ledger.tinydb.request_ids import check_id
from fujin_cli.store.ledger.tinydb.volumes import (
    NOTHING_BEFORE,
    LedgerView,
    Limits,
    MemoryVolume,
    OpenVolume,
    read_case,
    volume_or_none,
)

Answer = TypeVar("Answer")


class MemoryLedger:
    """Implement the ledger in memory for one thread. It has no locks: NotLocked and OutcomeUnknown never occur."""

    def __init__(self, *, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._volumes: dict[Volume, OpenVolume] = {}
        self._openings: dict[str, str] = {}
        self._procedure_texts: dict[str, str] = {}

    def read(self, case: str) -> tuple[Event, ...]:
        """List a case's events, oldest first; empty if the case does not exist."""
        return read_case(case, self.find_volume)

    def open_cases(self, communities: Sequence[str] | None = None) -> Iterator[StoredCase]:
        """Iterate over open cases (of those communities), ordered by id."""
        return (stored_case for stored_case in self.all_cases(communities) if stored_case.open)

    def waiting_cases(self, communities: Sequence[str] | None = None) -> Iterator[StoredCase]:
        """Iterate over cases with undelivered messages, ordered by id."""
        return (stored_case for stored_case in self.all_cases(communities) if stored_case.waiting)

    def all_cases(self, communities: Sequence[str] | None = None) -> Iterator[StoredCase]:
        """Iterate over every case, ordered by id."""
        for volume in sorted(self._volumes, key=volume_order):
            if communities is None or volume.community in communities:
                yield from list(self._volumes[volume].stored_cases())

    def communities(self) -> Sequence[str]:
        """List the communities that have had cases, sorted."""
        return sorted({volume.community for volume in self._volumes})

    def find_ids(self, end: str, *, is_open: bool) -> Iterator[str]:
        """Iterate over the ids of open (or ended) cases that end with ``end``, newest month first."""
        ids = [stored.case for stored in self.all_cases() if stored.open == is_open]
        matching = [id for id in ids if id.casefold().endswith(end.casefold())]
        return iter(sorted(matching, key=lambda id: age_order(volume_of(id)), reverse=True))

    def cases_in(self, volumes: Sequence[Volume]) -> dict[Volume, list[StoredCase]]:
        """List the cases of each volume, ordered by id."""
        return {volume: list(self.find_volume(volume).stored_cases()) for volume in volumes}

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
        batches = prepare_batches(name, changes, self.find_volume, self._find_previous)
        if batches and opening and name in self._openings:
            raise Busy("the same request has been carried out already")
        self._procedure_texts |= {digest_of(text): text for text in changes.procedure_texts}
        changes.hashes.update(list_hashes(batches))
        for file in changes.files if batches else ():
            file.publish()
        for batch in batches:
            opened = self.find_volume(batch.volume)
            opened.append(batch)
            self._volumes[batch.volume] = opened
        opened_cases = [case for case, event in changes.appended if event.n == 1]
        if opened_cases:
            self._openings.setdefault(name, min(opened_cases, key=lambda case: volume_order(volume_of(case))))
        return name, answer

    def look(self, request_id: str | None) -> View:
        """Return the current view for a dry run."""
        return LedgerView(request_id or random_token(), self, self._limits)

    def find_operation(self, request_id: str) -> str | None:
        """Find the first case that an operation with this id opened."""
        return self._openings.get(check_id(request_id))

    def procedure_text(self, digest: str) -> str | None:
        """Read a procedure's canonical text by its SHA-256."""
        return self._procedure_texts.get(digest)

    def procedure_texts(self) -> Sequence[tuple[str, datetime | None]]:
        """List the SHA-256 of every text, with None for the unknown time of storing."""
        return [(digest, None) for digest in self._procedure_texts]

    def verify(self) -> Iterator[Finding]:
        """Verify the hash chains of all volumes."""
        from fujin_cli.store.ledger.tinydb.verify_chain import verify_volume  # needed by few tests

        for volume in sorted(self._volumes, key=volume_order):
            yield from verify_volume(self._volumes[volume])

    def find_volume(self, volume: Volume) -> OpenVolume:
        """Return the volume, or a new empty one."""
        return self._volumes.get(volume) or OpenVolume(volume, MemoryVolume(), str(volume))

    def parts(self, month: Month) -> tuple[list[Volume], set[Volume]]:
        """List the parts of a month; none is ever closed."""
        return sorted((volume for volume in self._volumes if Month.of(volume) == month), key=volume_order), set()

    def _find_previous(self, volume: Volume, heads: dict[Volume, str]) -> tuple[str | None, str]:
        known_heads = {
            name: facts["head"] for name, opened in self._volumes.items() if (facts := opened.facts())
        } | heads
        earlier = [
            candidate
            for candidate in known_heads
            if candidate.community == volume.community and volume_order(candidate) < volume_order(volume)
        ]
        if not earlier:
            return None, NOTHING_BEFORE
        newest = max(earlier, key=volume_order)
        return str(newest), known_heads[newest]

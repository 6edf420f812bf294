"""What one operation sees of a ledger, the same for every kind of ledger that is kept in volumes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from fujin_cli.core.cases.event import Event
from fujin_cli.core.model.ids import Volume, case_id, next_part, volume_of
from fujin_cli.store.ledger.tinydb.paths import Month, check_month
from fujin_cli.store.ledger.tinydb.volumes import OpenVolume


@dataclass(frozen=True, slots=True)
class Limits:
    """When a part is full: whichever comes first. A volume's size drives the cost of every operation on it."""

    cases: int = 100
    size: int = 128 * 1024  # bytes


class Shelf(Protocol):
    """Where a view's volumes come from. Both raise NotLocked for what the operation does not hold."""

    def find(self, volume: Volume) -> OpenVolume:
        """The volume, read once; empty where nothing was written yet. Raises Damaged."""

    def parts(self, month: Month) -> tuple[list[Volume], set[Volume]]:
        """Every part of a month that was ever begun, oldest first; and which of them are closed for new cases."""


class LedgerView:
    """The View of the protocol, over a shelf of volumes."""

    def __init__(self, operation: str, shelf: Shelf, limits: Limits) -> None:
        self.operation = operation
        self._shelf = shelf
        self._limits = limits
        self._allocated: Counter[Volume] = Counter()

    def read(self, case: str) -> tuple[Event, ...]:
        """A case's events, oldest first; empty where there is no such case. Raises NotLocked, Damaged."""
        return read_case(case, self._shelf.find)

    def allocate(self, community: str, month: str) -> str:
        """A case id nobody has yet. Raises NotLocked, Damaged; ValueError where that cannot be a community or month."""
        of = check_month(Month(community, month))
        parts, closed = self._shelf.parts(of)
        parts += [volume for volume in self._allocated if Month.of(volume) == of and volume not in parts]
        volume = parts[-1] if parts else Volume(community, month, "a")
        if volume in closed or self._is_full(volume):
            volume = volume._replace(part=next_part(volume.part))
        newest = max(self._shelf.find(volume).numbers(), default=0)
        self._allocated[volume] += 1
        return case_id(volume, newest + self._allocated[volume])

    def _is_full(self, volume: Volume) -> bool:
        opened = self._shelf.find(volume)
        cases = len(opened.numbers()) + self._allocated[volume]
        return cases >= self._limits.cases or opened.size >= self._limits.size


def read_case(case: str, find: Callable[[Volume], OpenVolume]) -> tuple[Event, ...]:
    """A case's events; empty for what is no case's id. Raises what ``find`` raises."""
    volume = volume_or_none(case)
    return find(volume).read(case) if volume else ()


def volume_or_none(case: str) -> Volume | None:
    """Name the volume of a case; None for a text that is no case id."""
    try:
        volume = volume_of(case)
        check_month(Month.of(volume))
    except ValueError:
        return None
    return volume

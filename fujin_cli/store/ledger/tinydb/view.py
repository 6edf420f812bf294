"""Show one operation its view of a ledger; every ledger that stores volumes uses it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from fujin_cli.core.cases.event import Event
from fujin_cli.core.model.ids import Volume, format_case_id, next_part, volume_of
from fujin_cli.store.ledger.tinydb.paths import Month, check_month
from fujin_cli.store.ledger.tinydb.volumes import OpenVolume


@dataclass(frozen=True, slots=True)
class Limits:
    """Limit the size of a part; it is full at either limit. A volume's size drives the cost of its operations."""

    cases: int = 100
    size: int = 128 * 1024  # bytes


class VolumeSource(Protocol):
    """Supply the volumes of a view. Both methods raise NotLocked outside the operation's locks."""

    def find_volume(self, volume: Volume) -> OpenVolume:
        """Read a volume once; an unwritten volume is empty. Raises Damaged."""

    def parts(self, month: Month) -> tuple[list[Volume], set[Volume]]:
        """List every part of a month that was ever begun, oldest first, and those closed for new cases."""


class LedgerView:
    """Implement the View of the protocol over volumes."""

    def __init__(self, operation: str, volumes: VolumeSource, limits: Limits) -> None:
        self.operation = operation
        self._volumes = volumes
        self._limits = limits
        self._allocated: Counter[Volume] = Counter()

    def read(self, case: str) -> tuple[Event, ...]:
        """List a case's events, oldest first; empty if the case does not exist. Raises NotLocked, Damaged."""
        return read_case(case, self._volumes.find_volume)

    def allocate(self, community: str, month: str) -> str:
        """Allocate an unused case id. Raises NotLocked, Damaged; ValueError for an invalid community or month."""
        target = check_month(Month(community, month))
        parts, closed = self._volumes.parts(target)
        parts += [volume for volume in self._allocated if Month.of(volume) == target and volume not in parts]
        volume = parts[-1] if parts else Volume(community, month, "a")
        if volume in closed or self._is_full(volume):
            volume = volume._replace(part=next_part(volume.part))
        newest = max(self._volumes.find_volume(volume).numbers(), default=0)
        self._allocated[volume] += 1
        return format_case_id(volume, newest + self._allocated[volume])

    def _is_full(self, volume: Volume) -> bool:
        opened = self._volumes.find_volume(volume)
        cases = len(opened.numbers()) + self._allocated[volume]
        return cases >= self._limits.cases or opened.size >= self._limits.size


def read_case(case: str, find_volume: Callable[[Volume], OpenVolume]) -> tuple[Event, ...]:
    """Read a case's events; empty for a text that is no case id. Raises what ``find_volume`` raises."""
    volume = volume_or_none(case)
    return find_volume(volume).read(case) if volume else ()


def volume_or_none(case: str) -> Volume | None:
    """Name the volume of a case; None for a text that is no case id."""
    try:
        volume = volume_of(case)
        check_month(Month.of(volume))
    except ValueError:
        return None
    return volume

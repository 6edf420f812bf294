"""Judge by the record of past sweeps (``fujin tick``) whether sweeps still run as often as they used to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

LATE_FACTOR = 2  # a sweep is late once the last one is older than this many usual distances
ASSUMED_DISTANCE = timedelta(days=1)  # while there are fewer sweeps than it takes to tell how often they are to run
LEAST_SWEEPS = 3
SHORTEST_DISTANCE = timedelta(minutes=5)

Scope = frozenset[str] | None  # the communities that a sweep covers; None for all


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that a sweep could not carry on, with the code of the reason (``FJ818``, ``busy``)."""

    case: str
    code: str


@dataclass(frozen=True, slots=True)
class Sweep:
    """One run of ``fujin tick``: ``end`` is None while it runs, and for good where it was killed.

    ``fault`` names what ended the run before its end, such as ``OSError``; it is empty otherwise.
    """

    id: str
    start: datetime
    end: datetime | None = None
    scope: Scope = None
    fired: int = 0
    failures: tuple[Failure, ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True)
class StaleSweep:
    """The last sweep of a scope, where it is too long ago; ``distance`` is how far apart they used to be."""

    last: Sweep
    distance: timedelta


def find_stale_sweep(sweeps: Sequence[Sweep], now: datetime, communities: Scope = None) -> StaleSweep | None:
    """Find the oldest of the last sweeps that should have run again by now and that concern ``communities``.

    Sweeps of different communities are judged apart, since each has a crontab line of its own; one that covers more
    replaces those that cover less, from then on.
    """
    stale = []
    for scope in {sweep.scope for sweep in sweeps}:
        if communities is not None and scope is not None and not scope & communities:
            continue
        starts = sorted(sweep.start for sweep in sweeps if sweep.scope == scope)
        last = max((sweep for sweep in sweeps if sweep.scope == scope), key=lambda sweep: sweep.start)
        if _is_replaced(last, sweeps):
            continue
        distance = compute_usual_distance(starts)
        if now - last.start > LATE_FACTOR * distance:
            stale.append(StaleSweep(last, distance))
    return min(stale, key=lambda row: row.last.start, default=None)


def _is_replaced(last: Sweep, sweeps: Iterable[Sweep]) -> bool:
    """Tell whether a later sweep covered more than this one's communities."""
    return any(
        sweep.start > last.start
        and sweep.scope != last.scope
        and (sweep.scope is None or (last.scope is not None and last.scope <= sweep.scope))
        for sweep in sweeps
    )


def compute_usual_distance(starts: Sequence[datetime]) -> timedelta:
    """Compute the median distance between sweeps; ``starts`` are sorted."""
    distances = sorted(later - earlier for earlier, later in pairwise(starts))
    if len(starts) < LEAST_SWEEPS:
        return ASSUMED_DISTANCE
    return max(distances[len(distances) // 2], SHORTEST_DISTANCE)

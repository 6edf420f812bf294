"""Record a run of ``fujin tick``, and say where the last one is too long ago."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from fujin_cli.core.calendar.duration import Duration, describe_duration
from fujin_cli.core.cases.sweeps import Failure, StaleSweep, Sweep, find_stale_sweep
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.render.basics.moments import format_iso
from fujin_cli.store.ledger.sweeps import read_sweeps, write_sweep

if TYPE_CHECKING:
    from datetime import timedelta

    from fujin_cli.use_cases.session import Session


@dataclass
class SweepReport:
    """What a running sweep has done so far."""

    fired: int = 0
    failures: list[Failure] = field(default_factory=list)


@contextmanager
def record_sweep(session: Session, communities: Sequence[str] | None, dry_run: bool) -> Iterator[SweepReport]:
    """Record the start of a sweep, and its end with what its report says then; nothing for a dry run.

    A record that cannot be written costs the sweep nothing but a warning. Raises Damaged for a ledger of a newer fujin.
    """
    _ = session.ledger  # before anything is written beside it
    report = SweepReport()
    if dry_run:
        yield report
        return
    scope = None if communities is None else frozenset(communities)
    sweep = Sweep(f"{session.now.isoformat()}/{os.getpid()}", session.now, scope=scope)
    is_recorded = _write(session, sweep)
    fault = ""
    try:
        yield report
    except BaseException as problem:
        fault = type(problem).__name__
        raise
    finally:
        session.read_clock_again()
        ended = replace(sweep, end=session.now, fired=report.fired, failures=tuple(report.failures), fault=fault)
        if is_recorded:
            _write(session, ended)


def _write(session: Session, sweep: Sweep) -> bool:
    try:
        write_sweep(session.root, sweep)
    except OSError as problem:
        reason = problem.strerror or str(problem)
        session.warn(say("this sweep could not be recorded in data/ledger/sweeps.json: {problem}", problem=reason))
        return False
    return True


def find_late_sweep(session: Session, communities: Sequence[str] | None = None) -> StaleSweep | None:
    """Find the sweep that should have run again by now, of those that concern ``communities`` (None: all)."""
    scope = None if communities is None else frozenset(communities)
    return find_stale_sweep(read_sweeps(session.root), session.now, scope)


def last_sweep_json(session: Session) -> dict[str, Any] | None:
    """Write the last sweep as JSON; None where none was recorded. ``end`` is null where it still runs or was killed."""
    sweeps = read_sweeps(session.root)
    if not sweeps:
        return None
    last = sweeps[-1]
    return {
        "start": format_iso(last.start, session.calendar),
        "end": format_iso(last.end, session.calendar),
        "communities": None if last.scope is None else sorted(last.scope),
        "fired": last.fired,
        "failures": len(last.failures),
        "late": find_stale_sweep(sweeps, session.now) is not None,
    }


def describe_late_sweep(stale: StaleSweep, session: Session) -> LocalizedText:
    """Say when the last sweep ran and how often it used to: ``last sweep 3 days ago …``."""
    age = _describe_span(session.now - stale.last.start)
    distance = _describe_span(stale.distance)
    if stale.last.scope is None:
        return say(
            "last sweep {age} ago, though it usually runs every {distance}: nothing is reminded, raised or moved; look "
            "at cron",
            age=age,
            distance=distance,
        )
    return say(
        "last sweep of {communities} {age} ago, though it usually runs every {distance}: nothing is reminded, raised "
        "or moved there; look at cron",
        communities=sorted(stale.last.scope),
        age=age,
        distance=distance,
    )


def _describe_span(span: timedelta) -> LocalizedText:
    """Write a span in its largest whole unit of at least two: ``90 minutes``, ``3 days``."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 120:
        return describe_duration(Duration(minutes, "minutes"))
    hours = minutes // 60
    return describe_duration(Duration(hours, "hours") if hours < 48 else Duration(hours // 24, "days"))

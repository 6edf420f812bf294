"""Record the runs of ``fujin tick`` in ``data/ledger/sweeps.json``, so that a sweep that no longer runs is noticed.

The record is no part of the ledger's truth: where it is missing or damaged, sweeps are recorded anew.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from fujin_cli.core.cases.sweeps import Failure, Sweep
from fujin_cli.store.files import disk

FILE = Path("data") / "ledger" / "sweeps.json"
_LOCK = FILE.with_name(".sweeps.lock")
_LONGEST_WAIT = 2.0  # seconds for the lock, which a sweep holds for a millisecond
_MOST_OF_SCOPE = 12  # sweeps that are remembered for each set of communities
_MOST_FAILURES = 100  # that are remembered of one sweep


def read_sweeps(root: Path) -> list[Sweep]:
    """Read the recorded sweeps of the workspace at ``root``, oldest first; none where the record cannot be read."""
    try:
        disk.check_inside((root / FILE).parent, root)
        record = json.loads(disk.read(root / FILE) or b"{}")
        return [_from_record(row) for row in record["sweeps"]]
    except (OSError, ValueError, TypeError, KeyError, RecursionError, AttributeError):
        return []


def write_sweep(root: Path, sweep: Sweep) -> None:
    """Add a sweep to the record, or replace it where it stands there by its id. Raises OSError."""
    folder = (root / FILE).parent
    disk.make_folder_synced(folder, root)
    lock = disk.open_lock(root / _LOCK)
    try:
        deadline = time.monotonic() + _LONGEST_WAIT
        while not disk.try_lock(lock) and time.monotonic() < deadline:
            time.sleep(0.01)
        others = (other for other in read_sweeps(root) if other.id != sweep.id)
        rows = [_to_record(row) for row in _keep_latest([*others, sweep])]
        content = json.dumps({"version": 1, "sweeps": rows}, ensure_ascii=False, indent=1) + "\n"
        disk.replace_unsynced(root / FILE, content.encode())
    finally:
        disk.close(lock)


def _keep_latest(sweeps: Iterable[Sweep]) -> list[Sweep]:
    by_scope: dict[frozenset[str] | None, list[Sweep]] = defaultdict(list)
    for sweep in sorted(sweeps, key=lambda sweep: sweep.start):
        by_scope[sweep.scope].append(sweep)
    latest = (sweep for rows in by_scope.values() for sweep in rows[-_MOST_OF_SCOPE:])
    return sorted(latest, key=lambda sweep: sweep.start)


def _to_record(sweep: Sweep) -> dict[str, Any]:
    return {
        "id": sweep.id,
        "start": sweep.start.isoformat(),
        "end": sweep.end and sweep.end.isoformat(),
        "communities": None if sweep.scope is None else sorted(sweep.scope),
        "fired": sweep.fired,
        "failures": [{"case": failure.case, "code": failure.code} for failure in sweep.failures[:_MOST_FAILURES]],
        "fault": sweep.fault,
    }


def _from_record(row: Mapping[str, Any]) -> Sweep:
    """Read one sweep. Raises ValueError, TypeError or KeyError for a damaged one."""
    scope, end = row["communities"], row["end"]
    return Sweep(
        str(row["id"]),
        _read_moment(row["start"]),
        None if end is None else _read_moment(end),
        None if scope is None else frozenset(map(str, scope)),
        int(row["fired"]),
        tuple(Failure(str(failure["case"]), str(failure["code"])) for failure in row["failures"]),
        str(row["fault"]),
    )


def _read_moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment

"""The record of sweeps: whole or absent, private, bounded, and shared by sweeps that overlap."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fujin_cli.core.cases.sweeps import Failure, Sweep
from fujin_cli.store.ledger.sweeps import FILE, read_sweeps, write_sweep

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def sweep(number: int = 0, communities: tuple[str, ...] | None = None) -> Sweep:
    scope = None if communities is None else frozenset(communities)
    return Sweep(f"s{number}", NOON + timedelta(minutes=5 * number), scope=scope)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    started = sweep(1, ("XF01", "XF02"))
    write_sweep(tmp_path, started)
    assert read_sweeps(tmp_path) == [started]
    ended = replace(
        started,
        end=NOON + timedelta(hours=1),
        fired=3,
        failures=(Failure("XF01-202606a-0001", "FJ818"),),
        fault="OSError",
    )
    write_sweep(tmp_path, ended)
    assert read_sweeps(tmp_path) == [ended]
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


def test_the_latest_of_each_scope_are_remembered(tmp_path: Path) -> None:
    write_sweep(tmp_path, sweep(0, ("A",)))
    for number in range(1, 30):
        write_sweep(tmp_path, sweep(number))
    rows = read_sweeps(tmp_path)
    assert [row.id for row in rows] == ["s0", *(f"s{number}" for number in range(18, 30))]


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"sweeps": [1]}', b'{"sweeps": [{"id": "x"}]}', b"\xff", b"null"]
)
def test_a_damaged_record_begins_anew(tmp_path: Path, content: bytes) -> None:
    write_sweep(tmp_path, sweep())
    (tmp_path / FILE).write_bytes(content)
    assert read_sweeps(tmp_path) == []
    write_sweep(tmp_path, sweep(2))
    assert read_sweeps(tmp_path) == [sweep(2)]


def test_sweeps_that_overlap_are_all_recorded(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: write_sweep(tmp_path, sweep(number)), range(8)))
    assert len(read_sweeps(tmp_path)) == 8

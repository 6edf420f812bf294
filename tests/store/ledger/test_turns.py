"""Processes that wait for a lock take it in the order in which they came, whoever dies meanwhile."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from fujin_cli.store.files import disk
from fujin_cli.store.ledger.protocol import Busy
from fujin_cli.store.ledger.tinydb import turns
from fujin_cli.store.ledger.tinydb.paths import Month, Paths, hold
from tests.support.ledger_samples import MONTH

FORK = multiprocessing.get_context("fork")
XF01 = Month("XF01", MONTH)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "data" / "ledger")


def work(paths: Paths, name: str, log: Path) -> None:
    """Hold the lock once, and write down who it was."""
    with hold(paths, [XF01], 20), log.open("a") as file:
        file.write(f"{name} ")


@contextmanager
def held(paths: Paths) -> Iterator[None]:
    """Another process holds the lock. (A process forked from here would share a lock that is held here.)"""
    taken, released = FORK.Event(), FORK.Event()

    def hold_until_released() -> None:
        with hold(paths, [XF01], 20):
            taken.set()
            released.wait(20)

    process = FORK.Process(target=hold_until_released)
    process.start()
    taken.wait(20)
    yield
    released.set()
    process.join(20)


def start_waiting(paths: Paths, name: str, log: Path) -> Any:
    """Start a process, and return when it waits behind those before it."""
    before = len(tickets(paths))
    process = FORK.Process(target=work, args=(paths, name, log))
    process.start()
    until = time.monotonic() + 10
    while len(tickets(paths)) == before and time.monotonic() < until:
        time.sleep(0.002)
    return process


def tickets(paths: Paths) -> list[str]:
    return disk.names(paths.turns(XF01))


def test_waiting_processes_are_served_in_the_order_in_which_they_came(paths: Paths, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with held(paths):
        waiting = [start_waiting(paths, name, log) for name in "abcdef"]
    for process in waiting:
        process.join(20)
    assert log.read_text() == "a b c d e f "
    assert tickets(paths) == []


def test_a_killed_process_holds_up_nobody(paths: Paths, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with held(paths):
        waiting = [start_waiting(paths, name, log) for name in "abcd"]
        for process in (waiting[0], waiting[2]):
            os.kill(process.pid, signal.SIGKILL)
            process.join(20)
    for process in (waiting[1], waiting[3]):
        process.join(20)
    assert log.read_text() == "b d "
    assert tickets(paths) == []


def test_a_newcomer_does_not_overtake_those_who_wait(paths: Paths, tmp_path: Path) -> None:
    """Also where the lock is free for a moment: whoever waits longest is next."""
    log = tmp_path / "log"
    with held(paths):
        first = start_waiting(paths, "first", log)
        os.kill(first.pid, signal.SIGSTOP)
    newcomer = start_waiting(paths, "newcomer", log)
    assert newcomer.is_alive() and not log.exists()
    os.kill(first.pid, signal.SIGCONT)
    for process in (first, newcomer):
        process.join(20)
    assert log.read_text() == "first newcomer "


def test_a_suspended_process_holds_up_nobody_for_long(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "_PATIENCE", 0.1)
    log = tmp_path / "log"
    with held(paths):
        suspended, waiting = start_waiting(paths, "suspended", log), start_waiting(paths, "waiting", log)
        os.kill(suspended.pid, signal.SIGSTOP)
    waiting.join(20)
    assert log.read_text() == "waiting "
    os.kill(suspended.pid, signal.SIGCONT)
    suspended.join(20)
    assert log.read_text() == "waiting suspended "


def test_tickets_of_the_dead_alone_are_removed(paths: Paths, tmp_path: Path) -> None:
    folder = paths.turns(XF01)
    folder.mkdir(parents=True)
    (folder / "00000000000000000001-1-aaaaaaaa").touch()
    with hold(paths, [XF01], 5):
        pass
    assert tickets(paths) == []


def test_who_does_not_wait_is_busy_at_once_and_draws_no_ticket(paths: Paths) -> None:
    with hold(paths, [XF01], 0):
        started = time.monotonic()
        with pytest.raises(Busy), hold(paths, [XF01], 0):
            pass
        with pytest.raises(Busy), hold(paths, [XF01], 0.05):
            pass
        assert time.monotonic() - started < 5
    assert tickets(paths) == []
    with hold(paths, [XF01], 0):
        pass


def test_without_room_for_tickets_the_lock_works_all_the_same(paths: Paths, tmp_path: Path) -> None:
    log = tmp_path / "log"
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "cache").touch()
    with held(paths):
        process = FORK.Process(target=work, args=(paths, "a", log))
        process.start()
        time.sleep(0.1)
        assert not log.exists()
    process.join(20)
    assert log.read_text() == "a "


def test_a_ticket_that_somebody_took_for_dead_is_drawn_again(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between creating and locking it, a ticket looks like one of a dead process."""
    create, removed = disk.create, []

    def create_and_lose(path: Path) -> int:
        descriptor = create(path)
        if path.parent == paths.turns(XF01) and not removed:
            removed.append(path)
            path.unlink()
        return descriptor

    monkeypatch.setattr(disk, "create", create_and_lose)
    with hold(paths, [XF01], 0), pytest.raises(Busy), hold(paths, [XF01], 0.05):
        pass
    assert removed and tickets(paths) == []

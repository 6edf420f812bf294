"""Let processes that wait for a lock take it in the order in which they came.

Each waiting process holds a ticket: a file that it has locked, whose name begins with the time at which it came. A
process waits until the ticket before its own is released; the one with the first ticket tries the lock itself. The
system releases the tickets of a process that dies, and whoever meets such a ticket removes it. Tickets only order the
waiting: what is safe depends on the lock alone.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from fujin_cli.store.files import disk

_PAUSE = 0.001  # seconds between two tries of whoever is next
_PAUSE_BEHIND = 0.004  # seconds between two looks at the ticket ahead
_PATIENCE = 2.0  # seconds behind one ticket, after which a free lock is taken: its process may be suspended


def wait_in_turn(folder: Path, top: Path, try_lock: Callable[[], bool], deadline: float) -> bool:
    """Wait for the lock behind those who hold tickets in ``folder``; False at the deadline (``time.monotonic``).

    Raises OSError if no ticket can be written.
    """
    disk.make_private_folder(folder, top)
    with _draw_ticket(folder) as ticket:
        while True:
            ahead = _find_ticket_ahead(folder, ticket)
            if ahead is None:
                return _poll(try_lock, _PAUSE, deadline)
            is_locked = _wait_behind(ahead, try_lock, deadline)
            if is_locked is not None:
                return is_locked


@contextmanager
def _draw_ticket(folder: Path) -> Iterator[str]:
    """Hold a ticket behind all that were drawn before; returns its name."""
    name = f"{time.monotonic_ns():020d}-{os.getpid()}-{os.urandom(4).hex()}"
    path = folder / name
    descriptor = _create_locked(path)
    try:
        yield name
    finally:
        with suppress(OSError):
            disk.unlink(path)
        disk.close(descriptor)


def _create_locked(path: Path) -> int:
    """Create a ticket and lock it. Raises OSError."""
    while True:
        descriptor = disk.create(path)
        # Between the two calls the ticket looks like one of a dead process: somebody may have removed it.
        if disk.try_lock(descriptor) and disk.exists(path):
            return descriptor
        disk.close(descriptor)
        with suppress(FileNotFoundError):
            disk.unlink(path)


def _find_ticket_ahead(folder: Path, ticket: str) -> Path | None:
    """Find the ticket just before this one; None if it is the first."""
    names = [name for name in disk.names(folder) if name < ticket]
    return folder / names[-1] if names else None


def _wait_behind(ticket: Path, try_lock: Callable[[], bool], deadline: float) -> bool | None:
    """Wait until a ticket is released, by its process or because that died: None. False at the deadline.

    True where patience ended and the lock was free.
    """
    patience_ends = time.monotonic() + _PATIENCE
    try:
        descriptor = os.open(ticket, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None
    try:
        while not disk.try_lock(descriptor):
            now = time.monotonic()
            if now >= patience_ends and try_lock():
                return True
            if now >= deadline:
                return False
            time.sleep(_PAUSE_BEHIND)
        with suppress(FileNotFoundError):
            disk.unlink(ticket)
        return None
    finally:
        disk.close(descriptor)


def _poll(is_reached: Callable[[], bool], pause: float, deadline: float) -> bool:
    """Try again and again until the deadline."""
    while not is_reached():
        if time.monotonic() >= deadline:
            return False
        time.sleep(pause)
    return True

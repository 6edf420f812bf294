"""Lock months: in sorted order, before anything is read, with a bounded wait, until the operation ends."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress

from fujin_cli.core.text.localized import say
from fujin_cli.store.files import disk
from fujin_cli.store.ledger.protocol import Busy
from fujin_cli.store.ledger.tinydb.paths import Month, Paths

DEFAULT_WAIT = 10.0  # seconds
_FIRST_PAUSE, _LONGEST_PAUSE = 0.001, 0.02  # seconds


def wait_from_environment() -> float:
    """Read ``FUJIN_LOCK_WAIT`` in seconds; ten if it is not set or not a valid number."""
    try:
        wait = float(os.environ.get("FUJIN_LOCK_WAIT", ""))
    except ValueError:
        return DEFAULT_WAIT
    return wait if 0 <= wait < float("inf") else DEFAULT_WAIT


@contextmanager
def hold(paths: Paths, months: Collection[Month], wait: float) -> Iterator[None]:
    """Hold the locks of ``months``, waiting at most ``wait`` seconds for all of them together. Raises Busy.

    Every process takes locks in the same order, so there is no deadlock. The lock files stay for ever: after unlinking
    one, two processes could each lock a file of that name.
    """
    deadline = time.monotonic() + wait
    descriptors: list[int] = []
    try:
        for month in sorted(months):
            path = paths.lock(month)
            disk.make_folder_synced(path.parent, paths.workspace)
            descriptors.append(disk.open_lock(path))
            _acquire(descriptors[-1], month, deadline, wait)
        yield
    finally:
        for descriptor in reversed(descriptors):
            with suppress(OSError):  # the lock is released all the same, and nothing written is lost
                disk.close(descriptor)


def _acquire(descriptor: int, month: Month, deadline: float, wait: float) -> None:
    pause = _FIRST_PAUSE
    while not disk.try_lock(descriptor):
        if time.monotonic() >= deadline:
            raise Busy(
                say(
                    "Another process has been writing to {community}, {month} for more than {wait} seconds. "
                    "Nothing was changed; try again.",
                    community=month.community,
                    month=f"{month.month[:4]}-{month.month[4:]}",
                    wait=f"{wait:g}",
                )
            )
        time.sleep(pause)
        pause = min(pause * 1.5, _LONGEST_PAUSE)

"""Show the progress of work that takes more than a second, as a line on stderr if that is a terminal."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from fujin_cli.core.text.localized import LocalizedText, say

if TYPE_CHECKING:
    from threading import Event

Item = TypeVar("Item")
QUIET = 1.0  # seconds before the first progress line
STEP = 0.1  # seconds between two updates


def is_progress_shown() -> bool:
    """Whether progress is shown: on a terminal, unless ``FUJIN_PROGRESS=no`` asks for screens that never differ."""
    return sys.stderr.isatty() and os.environ.get("FUJIN_PROGRESS") != "no"


def track_progress(sequence: Sequence[Item]) -> Iterator[Item]:
    """Yield the elements and show how many are done; the progress line is erased at the end."""
    if not is_progress_shown():
        yield from sequence
        return
    line, next_time = "", time.monotonic() + QUIET
    try:
        for number, element in enumerate(sequence):
            if time.monotonic() >= next_time:
                line, next_time = (
                    str(say("{done} of {count}", done=number, count=len(sequence))),
                    time.monotonic() + STEP,
                )
                sys.stderr.write(f"\r{line}")
                sys.stderr.flush()
            yield element
    finally:
        if line:
            sys.stderr.write("\r" + " " * len(line) + "\r")


@contextmanager
def show_duration(activity: LocalizedText) -> Iterator[None]:
    """Show what is being done, and for how many seconds, while work runs that cannot be counted."""
    if not is_progress_shown():
        yield
        return
    from threading import Event, Thread

    done = Event()
    ticker = Thread(target=_show_seconds, args=(activity, done), daemon=True)
    ticker.start()
    try:
        yield
    finally:
        done.set()
        ticker.join()


def _show_seconds(activity: LocalizedText, done: Event) -> None:
    begun, line = time.monotonic(), ""
    while not done.wait(QUIET):
        line = str(say("{activity}: {seconds} s", activity=activity, seconds=int(time.monotonic() - begun)))
        sys.stderr.write(f"\r{line}")
        sys.stderr.flush()
    if line:
        sys.stderr.write("\r" + " " * (2 * len(line)) + "\r")  # Chinese characters are two columns wide
        sys.stderr.flush()

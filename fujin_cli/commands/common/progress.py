"""How far long work has come: a line on stderr where that is a terminal, for work of more than a second."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from typing import TypeVar

from fujin_cli.core.text.message import say

Item = TypeVar("Item")
QUIET = 1.0  # seconds in which nothing is said
STEP = 0.1  # seconds between two lines


def track_progress(sequence: Sequence[Item]) -> Iterator[Item]:
    """The items one by one; where they take long, how many are done. The line is gone when the last one is."""
    if not sys.stderr.isatty():
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

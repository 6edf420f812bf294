"""Show the progress of work that takes more than a second, as a line on stderr if that is a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from typing import TypeVar

from fujin_cli.core.text.localized import say

Item = TypeVar("Item")
QUIET = 1.0  # seconds before the first progress line
STEP = 0.1  # seconds between two updates


def track_progress(sequence: Sequence[Item]) -> Iterator[Item]:
    """Yield the elements and show how many are done; the progress line is erased at the end."""
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

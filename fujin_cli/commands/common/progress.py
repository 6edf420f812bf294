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


def counted(items: Sequence[Item]) -> Iterator[Item]:
    """The items one by one; where they take long, how many are done. The line is gone when the last one is."""
    if not sys.stderr.isatty():
        yield from items
        return
    said, next_time = "", time.monotonic() + QUIET
    try:
        for number, item in enumerate(items):
            if time.monotonic() >= next_time:
                said, next_time = str(say("{done} of {count}", done=number, count=len(items))), time.monotonic() + STEP
                sys.stderr.write(f"\r{said}")
                sys.stderr.flush()
            yield item
    finally:
        if said:
            sys.stderr.write("\r" + " " * len(said) + "\r")

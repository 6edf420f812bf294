"""Whole processes, run in turn so that a busy moment hits every contender alike; the median of each is compared."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

FUJIN = (sys.executable, "-m", "fujin_cli")


@dataclass(frozen=True, slots=True)
class Contender:
    """A command that is run again and again in ``folder``; ``expected`` are the exit codes that count as done."""

    name: str
    command: Sequence[str]
    folder: Path
    expected: tuple[int, ...] = (0,)

    def run(self) -> float:
        """Seconds of one whole process. Raises RuntimeError where it did not do its work."""
        environment = {**os.environ, "FUJIN_LANG": "en", "PYTHONDONTWRITEBYTECODE": ""}
        begun = time.perf_counter()
        done = subprocess.run(
            self.command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )
        taken = time.perf_counter() - begun
        if done.returncode not in self.expected:
            raise RuntimeError(f"{self.name}: exit {done.returncode}\n{done.stdout[-500:]}\n{done.stderr[-500:]}")
        return taken


def compare(contenders: Sequence[Contender], times: int) -> dict[str, float]:
    """Name → median seconds over ``times`` rounds; a first round warms caches and is not counted."""
    taken: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    for turn in range(times + 1):
        for contender in contenders:
            seconds = contender.run()
            if turn:
                taken[contender.name].append(seconds)
    return {name: statistics.median(values) for name, values in taken.items()}


def table(title: str, medians: Mapping[str, float], base: str, say: Callable[[str], None] = print) -> None:
    """Print medians and their ratios to ``base``."""
    say(f"\n{title}")
    for name, seconds in medians.items():
        say(f"  {name:<44} {seconds * 1000:9.1f} ms   {seconds / medians[base]:6.2f} ×")

"""Whole processes, run in turn so that a busy moment hits every contender alike; the median of each is compared."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

FUJIN = (sys.executable, "-m", "fujin_cli")


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds of one whole process: by the clock on the wall, and of CPU, which a busy machine spoils less."""

    wall: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Contender:
    """A command that is run again and again in ``folder``; ``expected`` are the exit codes that count as done.

    ``before`` is done before each run and is not counted.
    """

    name: str
    command: Sequence[str]
    folder: Path
    expected: tuple[int, ...] = (0,)
    before: Callable[[], object] | None = None

    def run(self) -> Taken:
        """One whole process. Raises RuntimeError where it did not do its work."""
        if self.before:
            self.before()
        environment = {**os.environ, "FUJIN_LANG": "en", "PYTHONDONTWRITEBYTECODE": ""}
        begun, used = time.perf_counter(), _used()
        done = subprocess.run(
            self.command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )
        taken = Taken(time.perf_counter() - begun, _used() - used)
        if done.returncode not in self.expected:
            raise RuntimeError(f"{self.name}: exit {done.returncode}\n{done.stdout[-500:]}\n{done.stderr[-500:]}")
        return taken


def _used() -> float:
    found = resource.getrusage(resource.RUSAGE_CHILDREN)
    return found.ru_utime + found.ru_stime


def compare(contenders: Sequence[Contender], times: int) -> dict[str, Taken]:
    """Name → medians over ``times`` rounds; a first round warms caches and is not counted."""
    taken: dict[str, list[Taken]] = {contender.name: [] for contender in contenders}
    for turn in range(times + 1):
        for contender in contenders:
            found = contender.run()
            if turn:
                taken[contender.name].append(found)
    return {
        name: Taken(statistics.median(one.wall for one in runs), statistics.median(one.cpu for one in runs))
        for name, runs in taken.items()
    }


def table(title: str, medians: Mapping[str, Taken], base: str, say: Callable[[str], None] = print) -> None:
    """Print medians and their ratios to ``base``, by the wall and by CPU time."""
    say(f"\n{title:<48}    wall              CPU")
    for name, taken in medians.items():
        wall, cpu = taken.wall / medians[base].wall, taken.cpu / medians[base].cpu
        say(f"  {name:<44} {taken.wall * 1000:7.0f} ms {wall:6.2f} × {taken.cpu * 1000:7.0f} ms {cpu:6.2f} ×")

"""Many processes that write to one month of one community at once: their rate, and how long the slowest takes."""

from __future__ import annotations

import resource
import statistics
import threading
import time
from pathlib import Path

from tests.bench import ledgers
from tests.bench.timing import Contender

PROCESSES = 8


def open_together(folder: Path, rounds: int) -> tuple[float, list[float], float]:
    """Let eight people open cases one after another, each as a process of its own.

    Returns cases per second, the seconds that each opening took, and the seconds of CPU for each.
    """
    ledgers.open_one(folder)  # reads the configuration for the first time, and makes the folders of the ledger
    durations: list[float] = []
    problems: list[BaseException] = []
    contender = Contender("fujin case open", ledgers.opening_command(folder), folder)

    def open_in_turn() -> None:
        try:
            for _ in range(rounds):
                begun = time.perf_counter()
                contender.run()
                durations.append(time.perf_counter() - begun)
        except RuntimeError as problem:
            problems.append(problem)

    people = [threading.Thread(target=open_in_turn) for _ in range(PROCESSES)]
    begun, used = time.perf_counter(), _used()
    for person in people:
        person.start()
    for person in people:
        person.join()
    if problems:
        raise problems[0]
    count = PROCESSES * rounds
    return count / (time.perf_counter() - begun), durations, (_used() - used) / count


def report(folder: Path, rounds: int) -> None:
    """Print the figures beside what is wanted."""
    rate, durations, used = open_together(folder, rounds)
    mean, longest = statistics.mean(durations), max(durations)
    print(f"\n{PROCESSES} processes that open cases in one community, {len(durations)} whole `fujin case open`")
    print(f"  {rate:6.1f} a second (wanted: at least 5), {used * 1000:.0f} ms of CPU each")
    print(
        f"  each took {mean * 1000:.0f} ms on average, the slowest {longest * 1000:.0f} ms: "
        f"{longest / mean:.2f} times the mean (wanted: at most 2)"
    )


def _used() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime

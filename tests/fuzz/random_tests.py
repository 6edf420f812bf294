"""``python -m tests.fuzz.random_tests [SECONDS]``: run the tests that draw examples, again and again with new seeds.

Each round runs them in another order, and ends at the first failure: Hypothesis prints the example, and a decorator
that repeats it, and keeps it in ``.fuzz/examples`` for the next time (tests/README.md says what to do with it).
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time

import pytest

from tests.support.paths import ROOT

END = "FUJIN_FUZZ"
"""Holds the moment at which the rounds end, in seconds of ``time.time()``."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Shuffle the tests: a search that is shorter than a round begins elsewhere each time."""
    random.shuffle(items)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Stop between two tests when the time is over."""
    if report.when == "teardown" and time.time() > float(os.environ[END]):
        pytest.exit("the time is over", returncode=0)


def main() -> int:
    """Run rounds for some seconds; the exit code is that of the first round that fails."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60
    end = time.time() + seconds
    rounds = 0
    while time.time() < end:
        rounds += 1
        sys.stdout.write(f"round {rounds}\n")
        sys.stdout.flush()
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "tests.fuzz.random_tests", "-m", "hypothesis"]
        code = subprocess.run(command, cwd=ROOT, env={**os.environ, END: str(end)}).returncode
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())

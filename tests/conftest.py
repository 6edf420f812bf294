"""Give every test the same surroundings and the same random examples, however the tests are started.

Hypothesis draws the same examples in every run. ``make fuzz`` sets ``FUJIN_FUZZ``: then every run draws new ones, and
failing ones are kept in ``.fuzz/examples``, where the next ``make fuzz`` tries them first (tests/README.md).
"""

from __future__ import annotations

import os
import resource
import sys
import time

import pytest
from hypothesis import settings
from hypothesis.database import DirectoryBasedExampleDatabase

from tests.support.paths import TESTS

OWN_VARIABLES = ("FUJIN_FUZZ", "FUJIN_GOLDEN", "FUJIN_SAMPLES")
"""What the tests themselves read; everything else that programs read from the environment is removed."""
READ_BY_PROGRAMS = (
    "FUJIN_",
    "_FUJIN_",
    "GIT_",
    "LC_",
    "LANG",
    "LINES",
    "COLUMNS",
    "NO_COLOR",
    "FORCE_COLOR",
    "TERM",
    "TZ",
)
READ_BY_PROGRAMS += ("PYTHONIOENCODING", "PYTHONUTF8", "PYTHONWARNINGS", "PYTHONHASHSEED", "PYTHONOPTIMIZE")
READ_BY_PROGRAMS += ("PYTHONDONTWRITEBYTECODE",)  # each process that a test starts would compile all of fujin again


SLOW_TESTS = pytest.StashKey[list[str]]()
ALL_TESTS = pytest.StashKey[int]()
TRACED_FOLDERS = ("core", "store")  # whose slow tests are traced, too; of all others the quick ones are

EXAMPLES = DirectoryBasedExampleDatabase(TESTS.parent / ".fuzz" / "examples")
settings.register_profile("test", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("fuzz", deadline=None, database=EXAMPLES, print_blob=True)
settings.load_profile("fuzz" if os.environ.get("FUJIN_FUZZ") else "test")


def pytest_configure() -> None:
    """Remove what differs from machine to machine; child processes inherit what is left."""
    sys.dont_write_bytecode = False  # else pytest rewrites the assertions of every test module in every run
    for name in list(os.environ):
        if name.startswith(READ_BY_PROGRAMS) and name not in OWN_VARIABLES:
            del os.environ[name]
    os.environ |= {"LANG": "C.UTF-8", "TZ": "UTC", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    time.tzset()
    os.umask(0o022)


@pytest.hookimpl(tryfirst=True)  # before ``-m`` takes tests away
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Count what is slow, and trace none of it outside of the packages that the limit of coverage is about."""
    slow = [item for item in items if item.get_closest_marker("slow")]
    config.stash[SLOW_TESTS] = [item.nodeid for item in slow]
    config.stash[ALL_TESTS] = len(items)
    for item in slow:
        if item.path.relative_to(TESTS).parts[0] not in TRACED_FOLDERS:
            item.add_marker("no_cover")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what the run has cost; unlike the seconds on the clock it does not depend on what else the machine does."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    seconds = sum(usage.ru_utime + usage.ru_stime for usage in usages)
    terminalreporter.write_line(f"{seconds:.0f} s of processor time, with collection and all processes")

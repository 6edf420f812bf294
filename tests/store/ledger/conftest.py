from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # for the modules that the tests of this folder share
from fujin_cli.store.ledger.memory_ledger import MemoryLedger
from fujin_cli.store.ledger.tinydb.volumes import Limits
from tests.support.ledger_damage import Sound
from tests.support.ledger_samples import tiny

IN_MEMORY = Path("/dev/shm")


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[Path]:
    """An empty folder, in memory where the system has such a disk: for tests that write thousands of small files.

    What such a test shows is the order of system calls, which is the same on every disk.
    """
    if not os.access(IN_MEMORY, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder:
        yield Path(folder)


@pytest.fixture(params=["tiny", "memory"])
def make_ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., Any]:
    """Makes a new ledger; every test that uses it runs against each kind."""
    if request.param == "tiny":
        return lambda **limits: tiny(tmp_path, limits=Limits(**limits))
    return lambda **limits: MemoryLedger(limits=Limits(**limits))


@pytest.fixture
def ledger(make_ledger: Callable[..., Any]) -> Any:
    return make_ledger()


@pytest.fixture
def sound(tmp_path: Path) -> Sound:
    return Sound(tmp_path)

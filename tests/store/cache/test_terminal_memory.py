"""What a terminal remembers: for each person, for a working day, and never from a damaged file."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from fujin_cli.store.cache import terminal_memory
from fujin_cli.store.cache.terminal_memory import TerminalMemory

ONE, TWO = "XF01-202606a-0001", "XF01-202606a-0002"


@pytest.fixture
def memory(tmp_path: Path) -> TerminalMemory:
    return TerminalMemory(tmp_path, "/dev/pts/1 77")


def test_a_person_recalls_what_they_or_somebody_unnamed_saw_last(memory: TerminalMemory) -> None:
    memory.remember("p-0001", "case", [ONE])
    assert memory.recall("p-0001", "case") == memory.recall("", "case") == [ONE]
    assert memory.recall("p-0002", "case") is memory.recall("p-0001", "rows") is None
    memory.remember("", "case", [TWO])
    assert memory.recall("p-0001", "case") == memory.recall("p-0002", "case") == [TWO]
    memory.remember("p-0001", "rows", [ONE, TWO])
    assert memory.recall("p-0001", "rows") == [ONE, TWO] and memory.recall("p-0001", "case") == [TWO]


def test_another_terminal_recalls_nothing(memory: TerminalMemory, tmp_path: Path) -> None:
    memory.remember("", "rows", [ONE])
    assert TerminalMemory(tmp_path, "/dev/pts/1 78").recall("", "rows") is None


def test_what_was_shown_yesterday_is_forgotten(
    memory: TerminalMemory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given what a terminal was shown more than a working day ago
    memory.remember("p-0001", "case", [ONE])
    (file,) = (tmp_path / "data" / "cache").glob("terminal-*")
    assert file.stat().st_mode & 0o777 == 0o600
    later = time.time() + terminal_memory.LONGEST_MEMORY + 60
    monkeypatch.setattr(terminal_memory.time, "time", lambda: later)
    # then nothing is recalled, and the next terminal that remembers something removes the file
    assert memory.recall("p-0001", "case") is None
    TerminalMemory(tmp_path, "/dev/pts/2 78").remember("", "case", [TWO])
    assert not file.exists()


@pytest.mark.parametrize(
    "people", ["[]", '{"p-0001": 3}', '{"p-0001": {"case": 3}}', '{"p-0001": {"case": [9e9, [4]]}}']
)
def test_other_shapes_are_no_memory(memory: TerminalMemory, tmp_path: Path, people: str) -> None:
    terminal_memory.write_cache_file(tmp_path, memory._file, json.loads(people))
    assert memory.recall("p-0001", "case") is None
    memory.remember("p-0001", "case", [ONE])
    assert memory.recall("p-0001", "case") == [ONE]

"""The safeguards of every write, seen where they count: in the calls of the operating system."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fujin_cli.store.files import disk
from fujin_cli.store.ledger.tinydb.volumes import Limits
from tests.store.files.system_calls import SystemCalls
from tests.support.kept_files import keep_attachment, keep_contact
from tests.support.ledger_samples import advance, open_case, store_text, tiny


def _write_volumes(root: Path) -> None:
    ledger = tiny(root, limits=Limits(cases=2))
    cases = [open_case(ledger, waiting=True, request=f"r{number}") for number in range(3)]
    advance(ledger, cases[0], cases[2])
    advance(ledger, *cases, ends=True, request="r9")


WRITERS: dict[str, Callable[[Path], object]] = {
    "volumes": _write_volumes,
    "procedure": lambda root: store_text(tiny(root), "{}"),
    "contact": lambda root: keep_contact(root / "data" / "contacts", {"name": "样例·周某"}, "operation/reporter"),
    "attachment": lambda root: keep_attachment(root / "data" / "attachments", root / "letter.txt", photo=False),
}


def record(root: Path, writer: str) -> SystemCalls:
    """Run a writer in an empty workspace and record its system calls."""
    (root / "letter.txt").write_text("样例", "utf-8")
    calls = SystemCalls(root)
    with pytest.MonkeyPatch.context() as patch:
        calls.install(patch)
        WRITERS[writer](root)
    return calls


@pytest.mark.parametrize("writer", WRITERS)
def test_what_is_written_survives_a_power_cut_and_is_locked(tmp_path: Path, writer: str) -> None:
    calls = record(tmp_path, writer)
    assert sum(call == "rename" for call, _path in calls.log) >= 1
    assert calls.list_unsynced() == ["data/.gitignore"], "that file may be lost: fujin doctor reports it"
    assert calls.list_unlocked_writes() == []


def _nothing(*_arguments: Any) -> None:
    return None


@pytest.mark.parametrize("writer", WRITERS)
def test_a_loss_of_every_sync_shows(tmp_path: Path, writer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "sync_file", _nothing)
    assert [path for path in record(tmp_path, writer).list_unsynced() if not path.endswith(".gitignore")]


@pytest.mark.parametrize("writer", WRITERS)
def test_a_loss_of_every_folder_sync_shows(tmp_path: Path, writer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "sync_folder", _nothing)
    assert [path for path in record(tmp_path, writer).list_unsynced() if not path.endswith(".gitignore")]


def test_a_loss_of_the_lock_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "try_lock", lambda descriptor: True)
    assert record(tmp_path, "volumes").list_unlocked_writes()

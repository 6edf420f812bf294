"""What is written below data/: readable by this account only, ignored by git, never through a link to outside."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from fujin_cli.store.cache.cache_file import read_cache_file, write_cache_file
from fujin_cli.store.files import disk
from fujin_cli.store.files.staged_file import StagedFile
from tests.support.kept_files import keep_attachment, keep_contact
from tests.support.ledger_samples import open_case, store_text, tiny


def write_everything(root: Path) -> None:
    """Write one file of each kind below ``data``."""
    ledger = tiny(root)
    store_text(ledger, "{}")
    open_case(ledger, waiting=True, request="r")
    keep_contact(root / "data" / "contacts", {"name": "样例·周某"}, "operation/reporter")
    (root / "letter.txt").write_text("样例", "utf-8")
    keep_attachment(root / "data" / "attachments", root / "letter.txt", photo=False)
    write_cache_file(root, "rows.json", {})


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077, 0o137])
def test_modes_do_not_depend_on_the_umask(tmp_path: Path, mask: int) -> None:
    old = os.umask(mask)
    try:
        write_everything(tmp_path)
    finally:
        os.umask(old)
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "data").rglob("*")}
    assert len(modes) > 15 and stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert {path: mode for path, mode in modes.items() if mode != (0o700 if path.is_dir() else 0o600)} == {}


def test_the_first_write_keeps_data_out_of_version_control(tmp_path: Path) -> None:
    open_case(tiny(tmp_path))
    ignored = tmp_path / "data" / ".gitignore"
    assert ignored.read_text().splitlines()[-1] == "*"
    ignored.write_text("!*\n")
    keep_contact(tmp_path / "data" / "contacts", {"name": "样例·周某"})
    assert ignored.read_text() == "!*\n", "what somebody wrote there stays"


WRITERS: dict[str, Callable[[Path], object]] = {
    "ledger": lambda root: open_case(tiny(root)),
    "ledger/XF01": lambda root: open_case(tiny(root)),
    "contacts": lambda root: keep_contact(root / "data" / "contacts", {"name": "样例·周某"}),
    "attachments": lambda root: keep_attachment(root / "data" / "attachments", root / "letter.txt", photo=False),
    "": lambda root: open_case(tiny(root)),
}


@pytest.mark.parametrize("name", WRITERS)
def test_no_folder_is_a_link_to_outside(tmp_path: Path, name: str) -> None:
    root, outside = tmp_path / "city", tmp_path / "outside"
    outside.mkdir()
    root.mkdir()
    (root / "letter.txt").write_text("样例", "utf-8")
    link = root / "data" / name
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(outside, target_is_directory=True)
    with pytest.raises(disk.LinkedOutside):
        WRITERS[name](root)
    assert list(outside.iterdir()) == []


def test_a_linked_cache_is_neither_read_nor_written(tmp_path: Path) -> None:
    root, outside = tmp_path / "city", tmp_path / "outside"
    outside.mkdir()
    write_cache_file(outside, "rows.json", {"a": 1})
    (root / "data").mkdir(parents=True)
    (root / "data" / "cache").symlink_to(outside / "data" / "cache", target_is_directory=True)
    write_cache_file(root, "rows.json", {"a": 2})
    assert read_cache_file(root, "rows.json") is None
    assert read_cache_file(outside, "rows.json") == {"a": 1}


def test_a_marker_of_a_killed_process_is_taken_over(tmp_path: Path) -> None:
    marker = tmp_path / "data" / "ledger" / "open" / "XF01" / "2026-11.a"
    marker.parent.mkdir(parents=True)
    (tmp_path / "data" / "ledger" / "XF01").mkdir()
    (tmp_path / "data" / "ledger" / "XF01" / "2026-11.begun").touch()
    marker.touch()
    open_case(tiny(tmp_path))
    assert [case.case for case in tiny(tmp_path).open_cases()] == ["XF01-202611a-0001"]


def test_a_link_inside_the_workspace_is_a_folder_like_any_other(tmp_path: Path) -> None:
    (tmp_path / "data" / "shelf").mkdir(parents=True)
    (tmp_path / "data" / "ledger").symlink_to(tmp_path / "data" / "shelf", target_is_directory=True)
    case = open_case(tiny(tmp_path))
    assert tiny(tmp_path).read(case)


def test_a_temporary_file_is_never_one_that_stands_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where its name can be guessed, a file or link that somebody has put there is left alone."""
    victim = tmp_path / "victim"
    victim.write_bytes(b"mine")
    monkeypatch.setattr(os, "urandom", lambda count: b"\0" * count)
    (tmp_path / f".x.{os.getpid()}-{'00' * 8}.new").symlink_to(victim)
    with pytest.raises(FileExistsError):
        disk.replace_synced(tmp_path / "x", b"new")
    assert victim.read_bytes() == b"mine" and not (tmp_path / "x").exists()


def test_the_next_writer_removes_what_dead_processes_left(tmp_path: Path) -> None:
    process = subprocess.Popen(["sleep", "60"])
    process.kill()
    process.wait()
    write_everything(tmp_path)
    folders = [tmp_path / "data" / "ledger" / "XF01", next((tmp_path / "data" / "contacts").iterdir())]
    left = [folder / f".x.json.{process.pid}-{'0' * 16}.new" for folder in folders]
    alive = [folder / f".y.json.{os.getppid()}-{'0' * 16}.new" for folder in folders]
    for path in (*left, *alive):
        path.write_text("样例·周某")
    open_case(tiny(tmp_path))
    keep_contact(tmp_path / "data" / "contacts", {"name": "样例·李某"}, "another")
    assert [path for path in left if path.exists()] == []
    assert all(path.exists() for path in alive), "a process that runs may still need it"


def test_a_lock_is_not_taken_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "lock").symlink_to(tmp_path / "victim")
    with pytest.raises(OSError, match="symbolic"):
        disk.open_lock(tmp_path / "lock")
    assert not (tmp_path / "victim").exists()


def test_any_writer_removes_a_contact_that_a_killed_process_was_writing(tmp_path: Path) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    contacts = tmp_path / "data" / "contacts"
    staged = StagedFile(contacts / "ab" / "c-ab.json", "样例".encode(), tmp_path)
    (temporary,) = contacts.glob(".*.new")
    temporary.rename(contacts / temporary.name.replace(f".{os.getpid()}-", f".{ended.pid}-"))
    staged.discard()
    open_case(tiny(tmp_path))
    assert not list(contacts.glob(".*.new"))

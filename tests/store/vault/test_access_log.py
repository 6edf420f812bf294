"""The log of who read contacts: what is written stays, and what is changed afterwards is named."""

from __future__ import annotations

import json
import multiprocessing
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fujin_cli.store.files import disk
from fujin_cli.store.vault.access_log import HEAD_NAME, NAME, Access, lock_access_log
from fujin_cli.store.vault.verify_access_log import find_log_faults

AT = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The vault of a workspace."""
    return tmp_path / "data" / "contacts"


def append(folder: Path, count: int = 1, why: str = "回访") -> None:
    for _ in range(count):
        with lock_access_log(folder, folder.parent.parent, wait=30) as log:
            log.append(Access(act="shown", by="p-1", cases=["X-1"], why=why, roles=["clerk"]), AT)


def faults(folder: Path) -> list[str]:
    return [f"{line}: {message}" for line, message in find_log_faults(folder)]


def lines(folder: Path) -> list[str]:
    return (folder / NAME).read_text("utf-8").splitlines(keepends=True)


def test_each_record_names_the_hash_before_it(folder: Path) -> None:
    append(folder, 3)
    records = [json.loads(line) for line in lines(folder)]
    assert [record["n"] for record in records] == [1, 2, 3]
    assert [record["previous"] for record in records] == ["", records[0]["hash"], records[1]["hash"]]
    assert records[0]["at"] == "2026-06-01T01:00:00Z" and records[0]["why"] == "回访"
    assert faults(folder) == []
    for path in folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_workspace_in_which_nobody_read_a_contact_has_no_fault(folder: Path) -> None:
    assert faults(folder) == []


def _edit(change: Callable[[list[str]], list[str]]) -> Callable[[Path], object]:
    return lambda folder: (folder / NAME).write_text("".join(change(lines(folder))), "utf-8")


def _forge(folder: Path, number: int) -> None:
    """Rewrite a record, its hash included."""
    other = folder.parent / "other" / "contacts"
    append(other, number, why="别的理由")
    own = lines(folder)
    own[number - 1] = lines(other)[number - 1]
    (folder / NAME).write_text("".join(own), "utf-8")


TAMPERINGS: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "a changed reason": (
        _edit(lambda log: [log[0], log[1].replace("回访", "好奇"), log[2]]),
        ["2: record 2 was changed"],
    ),
    "a line removed from the middle": (_edit(lambda log: [log[0], log[2]]), ["2: record 2 is missing"]),
    "the first lines removed": (_edit(lambda log: log[2:]), ["1: records 1 to 2 are missing"]),
    "the last line removed": (_edit(lambda log: log[:2]), ["0: record 3 is missing"]),
    "half of the last line removed": (
        _edit(lambda log: [*log[:2], log[2][:40]]),
        ["3: the last line is not complete", "0: record 3 is missing"],
    ),
    "two lines swapped": (
        _edit(lambda log: [log[0], log[2], log[1]]),
        ["2: record 2 is missing", "3: record 2 does not follow record 3", "0: record 3 is missing"],
    ),
    "a line of something else": (_edit(lambda log: [log[0], "hello\n", *log[1:]]), ["2: this line is no record"]),
    "a list instead of a record": (_edit(lambda log: [log[0], "[1]\n", *log[1:]]), ["2: this line is no record"]),
    "a forged record in the middle": (
        lambda folder: _forge(folder, 1),
        ["2: record 2 does not follow from the one before it"],
    ),
    "a forged last record": (
        lambda folder: _forge(folder, 3),
        [
            "3: record 3 does not follow from the one before it",
            "3: record 3 is another one than was written",
        ],
    ),
    "the whole log removed": (lambda folder: (folder / NAME).unlink(), ["0: records 1 to 3 are missing"]),
    "the head removed": (lambda folder: (folder / HEAD_NAME).unlink(), [f"0: {HEAD_NAME} is missing"]),
    "a head that is no JSON": (
        lambda folder: (folder / HEAD_NAME).write_text("{"),
        [f"0: {HEAD_NAME} cannot be read"],
    ),
    "a head of a wrong type": (
        lambda folder: (folder / HEAD_NAME).write_text('{"n": "3", "hash": "", "size": 0}'),
        [f"0: {HEAD_NAME} cannot be read"],
    ),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_what_was_changed_is_named(folder: Path, name: str) -> None:
    tamper, expected = TAMPERINGS[name]
    append(folder, 3)
    tamper(folder)
    assert faults(folder) == expected


@pytest.mark.parametrize(
    "name", ["a changed reason", "a line removed from the middle", "the last line removed", "the whole log removed"]
)
def test_the_next_record_does_not_hide_what_was_changed(folder: Path, name: str) -> None:
    append(folder, 3)
    TAMPERINGS[name][0](folder)
    append(folder, 2)
    assert json.loads(lines(folder)[-1])["n"] == 5
    named = faults(folder)
    assert named and not any("record 4" in fault or "record 5" in fault for fault in named)


@pytest.mark.parametrize("step", ["write", "sync_file", "rename"])
def test_a_kill_between_two_steps_of_a_write_is_no_fault(
    folder: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    append(folder, 2)
    plain = getattr(disk, step)

    def kill(*arguments: object) -> None:
        if step == "write":
            plain(arguments[0], bytes(arguments[1])[:30])  # type: ignore[call-overload]
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(disk, step, kill)
        with pytest.raises(Killed):
            append(folder)
    assert faults(folder) == []
    append(folder)
    assert faults(folder) == []
    assert json.loads(lines(folder)[-1])["n"] == (3 if step == "write" else 4)


def test_a_record_is_on_the_disk_before_the_contact_is_shown(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    append(folder)
    synced: list[str] = []
    for name in ("write", "sync_file", "sync_folder"):
        plain = getattr(disk, name)
        monkeypatch.setattr(disk, name, lambda *given, name=name, plain=plain: (synced.append(name), plain(*given))[1])
    append(folder)
    assert synced == ["write", "sync_file", "write", "sync_file", "sync_folder"]


def test_no_link_is_followed(folder: Path, tmp_path: Path) -> None:
    append(folder)
    outside = tmp_path / "outside"
    outside.write_text("")
    (folder / NAME).unlink()
    (folder / NAME).symlink_to(outside)
    with pytest.raises(OSError, match="symbolic links"):
        append(folder)
    assert outside.read_text() == ""


def test_a_lock_that_is_held_is_waited_for(folder: Path) -> None:
    top = folder.parent.parent
    with lock_access_log(folder, top, wait=1), pytest.raises(TimeoutError), lock_access_log(folder, top, wait=0.01):
        pass


@pytest.mark.slow
def test_many_processes_lose_no_record(folder: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=append, args=(folder, 20)) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(lines(folder)) == 60
    assert faults(folder) == []

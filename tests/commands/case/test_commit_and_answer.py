"""What is committed is answered, and what is not committed leaves nothing behind, whatever fails in between."""

from __future__ import annotations

import errno
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fujin_cli.store.files import disk
from fujin_cli.store.ledger.tinydb.ledger import TinyLedger
from tests.support.command_line import CONTACT, FUJIN, LEAD, MONDAY, City, Ran

OPEN = ("case", "open", "resident-request", "--community", "XF01", "--as", "p-0105")
SETS = ("--set", "summary=楼道灯不亮", "--set", "scope=building", "--set", "reporter=@-")


def failing(*_arguments: Any, **_options: Any) -> Any:
    raise OSError(errno.EIO, "made up")


def open_case(city: City, *more: str) -> Ran:
    return city.run(*OPEN, *SETS, *more, now=MONDAY, stdin=CONTACT)


def private_files(city: City) -> list[Path]:
    """Every file that holds a contact or a photo."""
    folders = (city.folder / "data" / "contacts", city.folder / "data" / "attachments")
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def broken_after_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything that the disk is asked to do after a commit fails, and stderr takes nothing more."""
    transact = TinyLedger.transact

    def transact_and_break(ledger: TinyLedger, *arguments: Any) -> Any:
        committed = transact(ledger, *arguments)
        for name in ("read", "names", "exists", "create", "write", "sync_file", "rename", "unlink", "sync_folder"):
            monkeypatch.setattr(disk, name, failing)
        monkeypatch.setattr(Path, "read_bytes", failing)
        monkeypatch.setattr(Path, "read_text", failing)
        return committed

    monkeypatch.setattr(TinyLedger, "transact", transact_and_break)


@pytest.mark.usefixtures("broken_after_commit")
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_disk_that_fails_after_the_commit_costs_neither_code_nor_receipt(
    city: City, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = open_case(city, "--format", form)
    monkeypatch.undo()
    assert ran.code == 0, ran
    hash = city.history("XF01-202606a-0001")[0]["hash"]
    if form == "json":
        assert ran.json["receipt"] == hash[:12] and len(ran.json["acceptance_code"]) == 8
    else:
        assert f"receipt: XF01-202606a-0001 / {hash[:12]}" in ran.out
        assert "acceptance code for the reporter, shown once: " in ran.out


def test_a_warning_that_cannot_be_written_costs_no_code(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    from fujin_cli.commands.common import console

    monkeypatch.setattr(console, "say", lambda *words, **values: failing() if "warning" in words[0] else words[0])
    ran = city.run(*OPEN, *SETS, now="2031-06-02T09:00", stdin=CONTACT)  # a year that no calendar covers
    assert ran.code == 0 and "shown once" in ran.out


@pytest.mark.slow
@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("gone", [False, True])
def test_an_answer_that_stdout_does_not_take_goes_to_stderr(city: City, form: str, gone: bool) -> None:
    """A full disk, and a reader that has gone: the code was shown to nobody."""
    if not gone and not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    (city.folder / "contact.txt").write_text(CONTACT, "utf-8")
    outlet = subprocess.PIPE if gone else os.open("/dev/full", os.O_WRONLY)
    process = subprocess.Popen(
        [*FUJIN, *OPEN, *SETS[:-1], "reporter=@contact.txt", "--now", MONDAY, "--format", form],
        cwd=city.folder,
        env=city.environment(),
        stdout=outlet,
        stderr=subprocess.PIPE,
        text=True,
    )
    if process.stdout is not None:
        process.stdout.close()
    assert process.stderr is not None
    err = process.stderr.read()
    assert process.wait() == 1, err
    if form == "json":
        error = json.loads(err)["error"]
        assert error["kind"] == "disk" and len(error["answer"]["acceptance_code"]) == 8
    else:
        assert "shown once: " in err and "receipt: " in err


def test_a_code_is_shown_where_it_is_unknown_whether_it_holds(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """The volume got its name, but the folder could not be synced: the case may be there after a power cut."""
    rename, armed = disk.rename, []

    def rename_and_arm(source: Path, target: Path) -> None:
        rename(source, target)
        if target.name.endswith(".a.json"):
            armed.append(target)

    sync = disk.sync_folder
    monkeypatch.setattr(disk, "rename", rename_and_arm)
    monkeypatch.setattr(disk, "sync_folder", lambda folder: failing() if armed else sync(folder))
    ran = open_case(city, "--json", "--request-id", "r-1")
    monkeypatch.undo()
    assert (ran.code, ran.error["kind"]) == (75, "unknown")
    answer = json.loads(ran.out)
    assert len(answer["acceptance_code"]) == 8
    again = open_case(city, "--json", "--request-id", "r-1").json
    assert again["repeated"] and again["acceptance_code"] is None and again["receipt"] == answer["receipt"]
    assert len(private_files(city)) == 1  # the contact is there, because the case may need it


# nothing is left behind


@pytest.fixture
def contact(city: City) -> Iterator[Path]:
    path = city.folder / "contact.txt"
    path.write_text(CONTACT, "utf-8")
    yield path
    path.unlink()


@pytest.mark.parametrize(
    "more",
    [
        ("--set", "topic=nonsense"),
        ("--set", "nothing=1"),
        ("--set", "photos=@nowhere.jpg"),
        ("--committee", "nobody"),
        ("--channel", "smoke"),
        ("--dry-run",),
    ],
)
def test_an_opening_that_is_refused_leaves_no_contact(city: City, contact: Path, more: tuple[str, ...]) -> None:
    ran = open_case(city, *more)
    assert (ran.code != 0) != ("--dry-run" in more), ran
    assert private_files(city) == []


def test_a_move_that_is_refused_leaves_no_photo(city: City) -> None:
    from PIL import Image

    case = city.open()["case"]
    before = private_files(city)
    path = city.folder / "one.png"
    Image.new("RGB", (4, 4)).save(path)
    city.refusal("case", "attach", case, str(path), "--as", LEAD, now=MONDAY)
    assert private_files(city) == before


def test_a_busy_ledger_and_a_full_disk_leave_no_contact(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "try_lock", lambda descriptor: False)
    monkeypatch.setenv("FUJIN_LOCK_WAIT", "0")
    assert city.run(*OPEN, *SETS, now=MONDAY, stdin=CONTACT, env={"FUJIN_LOCK_WAIT": "0"}).code == 75
    monkeypatch.undo()
    assert private_files(city) == []
    write = disk.write_temporary

    def full(path: Path, content: bytes, **options: bool) -> Path:
        return failing() if path.name.endswith(".a.json") else write(path, content, **options)

    monkeypatch.setattr(disk, "write_temporary", full)
    assert open_case(city).code == 1
    monkeypatch.undo()
    assert private_files(city) == [] and city.cases() == []


def test_a_repeated_opening_changes_no_contact(city: City) -> None:
    first = open_case(city, "--json", "--request-id", "r-1").json
    [before] = private_files(city)
    content = before.read_bytes()
    again = city.run(*OPEN, *SETS, "--json", "--request-id", "r-1", now=MONDAY, stdin="name: 样例·另一人\nphone: 1\n")
    assert again.json["case"] == first["case"] and again.json["repeated"]
    assert [path.read_bytes() for path in private_files(city)] == [content]


def test_contacts_of_one_list_and_of_two_cases_are_kept_apart(city: City, contact: Path) -> None:
    """One request id names one contact for each place in each case."""
    for index in (1, 2):
        (city.folder / f"{index}.txt").write_text(f"name: 样例·{index}\nphone: {index}\n", "utf-8")
    more = ("--set", "joined=@1.txt", "--set", "joined=@2.txt", "--request-id", "r-1", "--json")
    ran = open_case(city, *more)
    assert ran.code == 0, ran
    assert len(private_files(city)) == 3
    assert open_case(city, *more).json["repeated"]
    assert len(private_files(city)) == 3


# dry runs


@pytest.mark.parametrize("proof", ["right", "wrong"])
def test_a_dry_run_does_not_tell_whether_a_code_is_right(city: City, proof: str) -> None:
    case, code = city.finished()
    typed = ("case", "advance", case, "approve", "--as", "reporter", "--code", code if proof == "right" else "WRONG234")
    ran = city.run(*typed, "--dry-run", "--json", now="2026-06-02T10:05")
    assert (ran.code, ran.json["step"]) == (0, "closed"), ran
    assert ran.err == "warning: a dry run does not check whether the acceptance code is right\n"


def test_a_dry_run_hashes_no_code(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does the time that it takes tell anything."""
    import hashlib

    case, _code = city.finished()
    monkeypatch.setattr(hashlib, "scrypt", failing)
    typed = ("case", "advance", case, "approve", "--as", "reporter", "--code", "WRONG234", "--dry-run")
    assert city.run(*typed, now="2026-06-02T10:05").code == 0
    assert open_case(city, "--dry-run", "--json").json["acceptance_code"] is None
    assert city.run("case", "reissue-code", case, "--as", "p-0103", "--dry-run", now="2026-06-02T10:05").code == 0

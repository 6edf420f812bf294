"""Files to which events refer: there before the events, gone if the events were not written, whatever fails."""

from __future__ import annotations

import errno
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from fujin_cli.store.files.staged_file import StagedFile
from fujin_cli.store.ledger.protocol import Changes, Damaged, OutcomeUnknown, View
from fujin_cli.store.ledger.tinydb.ledger import TinyLedger
from tests.support.ledger_samples import MONTH, event, files, tiny
from tests.support.power_cut_steps import recording
from tests.support.power_cuts import Killed, kill_at

NAME = "data/contacts/01/c-01.json"


def open_with_file(ledger: TinyLedger, base: Path, *communities: str) -> None:
    """Open a case in each community, the first of which refers to a file."""
    file = StagedFile(base / NAME, b"{}", base)

    def work(view: View) -> tuple[Changes, None]:
        cases = [view.allocate(community, MONTH) for community in communities]
        return Changes([(case, event(1, kind="open")) for case in cases], files=[file]), None

    try:
        ledger.transact("r-1", [], (communities[0], MONTH), work)
    finally:
        file.discard()


def is_opened(base: Path) -> bool:
    return bool(list(tiny(base).all_cases()))


@pytest.mark.parametrize("communities", [("XF01",), ("XF01", "XF02")])
@pytest.mark.parametrize("code", [errno.EIO, None])
def test_no_event_is_ever_without_its_file(tmp_path: Path, communities: tuple[str, ...], code: int | None) -> None:
    """A failing disk (or a kill, ``None``) at every call in turn."""
    outcomes = set()
    for call in range(1, 200):
        base = tmp_path / str(call)
        base.mkdir()
        ledger, outcome = tiny(base), "done"
        failed: list[str] = []
        with recording(base) as (recorder, _):
            recorder.fail = kill_at(call) if code is None else _fail_at(call, code, failed)
            try:
                with suppress(Killed):
                    open_with_file(ledger, base, *communities)
            except OutcomeUnknown:
                outcome = "unknown"
            except (OSError, Damaged):
                outcome = "nothing"
            if recorder.dead:
                recorder.revive()
                outcome = "killed"
        is_there = (base / NAME).is_file()
        if outcome in ("done", "unknown"):
            assert is_there, call
        elif outcome == "nothing":
            assert not is_there and not is_opened(base), call
        else:
            assert is_there or not is_opened(base), call
        if outcome != "killed" and failed != ["unlink"]:
            assert [path for path in files(base) if path.endswith(".new") and "contacts" in path] == []
        outcomes.add(outcome)
        if outcome == "done" and (code is None or recorder.calls < call):
            break
    assert outcomes == {"done", "killed"} if code is None else {"done", "nothing", "unknown"}


def _fail_at(call: int, code: int, failed: list[str]) -> Any:
    def fail(number: int, name: str) -> None:
        if number == call:
            failed.append(name)
            raise OSError(code, "made up")

    return fail


def test_a_file_that_several_cases_share_stays(tmp_path: Path) -> None:
    path = tmp_path / "data" / "attachments" / "a.png"
    for _ in range(2):
        file = StagedFile(path, b"picture", tmp_path, by_content=True)
        file.publish()
        file.discard()
    file.withdraw()
    assert files(path.parent) == {"a.png": b"picture"}


def test_changes_that_write_nothing_publish_nothing(tmp_path: Path) -> None:
    file = StagedFile(tmp_path / NAME, b"{}", tmp_path)
    tiny(tmp_path).transact(None, [], None, lambda view: (Changes(files=[file]), None))
    assert not (tmp_path / NAME).exists()


def test_the_hashes_of_what_was_written_are_told(tmp_path: Path, ledger: Any) -> None:
    changes = Changes()

    def work(view: View) -> tuple[Changes, str]:
        case = view.allocate("XF01", MONTH)
        changes.appended[:] = [(case, event(1, kind="open")), (case, event(2))]
        return changes, case

    _, case = ledger.transact(None, [], ("XF01", MONTH), work)
    assert changes.hashes == {(case, written.n): written.hash for written in ledger.read(case)}

"""Kills and failing disks at every system call: what was acknowledged is there, and nothing is half done."""

from __future__ import annotations

import errno
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from fujin_cli.store.files import disk
from fujin_cli.store.ledger.protocol import Busy, Damaged, OutcomeUnknown
from fujin_cli.store.ledger.tinydb import ledger as tinydb_ledger
from fujin_cli.store.ledger.tinydb import procedure_texts, transaction
from fujin_cli.store.ledger.tinydb.ledger import TinyLedger
from tests.support.ledger_samples import open_case, tiny
from tests.support.power_cut_steps import LIMITS, STEPS, Patch, Step, all_is_well, no_syncs, recording
from tests.support.power_cuts import Killed, kill_at, power_cuts, put

pytestmark = [pytest.mark.slow, pytest.mark.no_cover]  # the same lines a thousand times


@pytest.mark.parametrize("length", [7, 8, 11])
def test_killed_operations_on_several_volumes_are_finished_or_undone(scratch: Path, length: int) -> None:
    outcomes = set()
    checked: set[Any] = set()
    for call in range(1, 200):
        base = scratch / str(call)
        with recording(base) as (recorder, _):
            base.mkdir()
            ledger = tiny(base, limits=LIMITS)
            told = [step(ledger) for step in STEPS[: length - 1]]
            recorder.fail = kill_at(call)
            with suppress(Killed):
                told.append(STEPS[length - 1](ledger))
            recorder.revive()
            assert all_is_well(base, told, STEPS[:length], checked) == [], call
            outcomes.add(len(told) == length)
        if len(told) == length:
            break
    assert outcomes == {False, True}


@pytest.mark.parametrize(("code", "for_good"), [(errno.ENOSPC, True), (errno.EIO, False)])
def test_a_disk_that_fails_at_any_call_is_never_passed_over(scratch: Path, code: int, for_good: bool) -> None:
    seen, checked = set(), set[Any]()
    for length in (1, 2, 4, 7, 12):
        for call in range(1, 400):
            outcome = _fail_at(scratch / f"{length}-{call}", length, call, code, for_good, checked)
            seen.add(outcome)
            if outcome == "no failure":
                break
    assert seen >= {"no failure", OSError, OutcomeUnknown}


def _fail_at(base: Path, length: int, call: int, code: int, for_good: bool, checked: set[Any]) -> object:
    """How the last of ``length`` steps ends where its ``call``-th call fails (``for_good``: all later ones too)."""
    failed = []

    def fail(number: int, name: str) -> None:
        if number == call or (for_good and number > call):
            failed.append(name)
            raise OSError(code, "made up")

    outcome: object = None
    with recording(base) as (recorder, _):
        base.mkdir()
        ledger = tiny(base, limits=LIMITS)
        told = [step(ledger) for step in STEPS[: length - 1]]
        before = [event.hash for kept in ledger.all_cases() for event in kept.events]
        recorder.calls, recorder.fail = 0, fail
        try:
            told.append(STEPS[length - 1](ledger))
            outcome = "done all the same" if failed else "no failure"
        except (OutcomeUnknown, Busy, Damaged) as error:
            outcome = type(error)
        except OSError:
            outcome = OSError
        recorder.fail = lambda number, name: None
        if outcome in (OSError, Damaged, Busy):
            assert [event.hash for kept in ledger.all_cases() for event in kept.events] == before, (length, call)
        assert all_is_well(base, told, STEPS[:length], checked) == [], (length, call, failed)
    shutil.rmtree(base)
    return outcome


# A process is killed; another one asks again, or for something else; then the power goes.


def _something_else(ledger: TinyLedger) -> dict[str, Any]:
    return {"case": open_case(ledger, "XF08", request="else"), "request": "else"}


def kill_everywhere(
    base: Path,
    leave_out: Patch = lambda patch: None,
    enough: int = 10**9,
    then: Step | None = None,
    lengths: tuple[int, ...] = (1, 2, 4, 6, 7, 8),
) -> list[str]:
    """Kill the last of so many steps at each call, ask again (or for ``then``), cut the power after the answer."""
    wrong: list[str] = []
    checked: set[Any] = set()
    for length in lengths:
        call = 0
        finished = False
        while not finished and len(wrong) < enough:
            call += 1
            found, finished = _kill_and_ask(base / f"{length}-{call}", length, call, leave_out, then, checked)
            wrong += [f"step {length}, call {call}: {text}" for text in found]
    return wrong


def _kill_and_ask(
    base: Path, length: int, call: int, leave_out: Patch, then: Step | None, checked: set[Any]
) -> tuple[list[str], bool]:
    step = STEPS[length - 1]
    finished = False
    with recording(base / "run") as (recorder, patch):
        leave_out(patch)
        base.joinpath("run").mkdir(parents=True)
        ledger = tiny(base / "run", limits=LIMITS)
        for earlier in STEPS[: length - 1]:
            recorder.acknowledge(earlier(ledger))
        recorder.calls, recorder.fail = 0, kill_at(call)
        try:
            step(ledger)
            finished = True
        except Killed:
            recorder.revive()
            recorder.acknowledge((then or step)(tiny(base / "run", limits=LIMITS)))
    wrong = []
    if not finished:
        with no_syncs():
            for _, told, state in power_cuts(recorder.log, range(len(recorder.log), len(recorder.log) + 1)):
                put(state, base / "cut")
                wrong += all_is_well(base / "cut", told, [], checked)
                shutil.rmtree(base / "cut")
    shutil.rmtree(base)
    return wrong, finished


def test_killed_asked_again_and_then_the_power_goes(scratch: Path) -> None:
    assert kill_everywhere(scratch) == []


def test_killed_finished_by_somebody_else_and_then_the_power_goes(scratch: Path) -> None:
    assert kill_everywhere(scratch, then=_something_else, lengths=(7,)) == []


def test_finishing_without_syncing_what_is_there_already_shows(scratch: Path) -> None:
    def unsynced(patch: pytest.MonkeyPatch) -> None:
        finish = transaction.finish_intent

        def finish_unsynced(*arguments: Any) -> None:
            with pytest.MonkeyPatch.context() as inner:
                sync = disk.sync_folder
                inner.setattr(disk, "sync_folder", lambda path: sync(path) if path.name == "intents" else None)
                finish(*arguments)

        for module in (transaction, tinydb_ledger):
            patch.setattr(module, "finish_intent", finish_unsynced)

    assert kill_everywhere(scratch, unsynced, enough=1, then=_something_else, lengths=(7,))


def _trust_folders(patch: pytest.MonkeyPatch) -> None:
    def made(folder: Path, top: Path) -> None:
        if not folder.exists():
            made(folder.parent, top)
            disk.make_folder(folder)
            disk.sync_folder(folder.parent)

    patch.setattr(disk, "make_folder_synced", made)


def _trust_what_was_read(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(transaction.Transaction, "_sync_read_folders", lambda self, written: None)
    patch.setattr(TinyLedger, "_sync_volume_folder", lambda self, operation, case: None)


def _trust_markers(patch: pytest.MonkeyPatch) -> None:
    before = transaction.create_markers

    def trusting(paths: Any, opened: Any, batch: Any) -> None:
        if not paths.marker("open", opened.volume).exists():
            before(paths, opened, batch)

    patch.setattr(transaction, "create_markers", trusting)


def _trust_laws(patch: pytest.MonkeyPatch) -> None:
    store = procedure_texts.store_procedure_text

    def trusting(paths: Any, text: str) -> str:
        digest = procedure_texts.digest_of(text)
        return digest if procedure_texts.procedure_text_path(paths, digest).exists() else store(paths, text)

    patch.setattr(procedure_texts, "store_procedure_text", trusting)


@pytest.mark.parametrize("safeguard", [_trust_folders, _trust_what_was_read, _trust_markers, _trust_laws])
def test_trust_in_what_the_dead_left_shows(scratch: Path, safeguard: Patch) -> None:
    assert kill_everywhere(scratch, safeguard, enough=1)

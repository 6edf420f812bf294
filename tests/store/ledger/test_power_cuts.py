"""Power cuts at every moment: what was acknowledged is there, and nothing is torn.

And each safeguard left out turns the same check red.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from fujin_cli.store.files import disk
from fujin_cli.store.ledger.tinydb import intents, transaction
from tests.support.ledger_samples import tiny
from tests.support.power_cut_steps import LIMITS, STEPS, Patch, all_is_well, no_syncs, recording
from tests.support.power_cuts import power_cuts, put

pytestmark = [pytest.mark.slow, pytest.mark.no_cover]  # the same lines a thousand times


def cut_power_everywhere(base: Path, leave_out: Patch = lambda patch: None, enough: int = 10**9) -> list[str]:
    """Run all steps, then look at every state that a power cut may have left; ``enough`` violations end the search."""
    with recording(base / "run") as (recorder, patch):
        (base / "run").mkdir()
        leave_out(patch)
        ledger = tiny(base / "run", limits=LIMITS)
        begun = []
        for step in STEPS:
            begun.append(len(recorder.log))
            recorder.acknowledge(step(ledger))
    wrong: list[str] = []
    checked: set[Any] = set()
    with no_syncs():
        for number, told, state in power_cuts(recorder.log):
            put(state, base / "cut")
            asked = [step for step, start in zip(STEPS, begun, strict=True) if start <= number]
            wrong += [f"{number}: {text}" for text in all_is_well(base / "cut", told, asked, checked)]
            shutil.rmtree(base / "cut")
            if len(wrong) >= enough:
                break
    return wrong


def test_power_cut_at_every_moment(scratch: Path) -> None:
    assert cut_power_everywhere(scratch) == []


def _no_file_sync(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(disk, "sync_file", lambda descriptor: None)


def _no_folder_sync(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(disk, "sync_folder", lambda path: None)


def _markers_late(patch: pytest.MonkeyPatch) -> None:
    before, after = transaction.create_markers, transaction.remove_markers
    last: list[Any] = []
    patch.setattr(transaction, "create_markers", lambda *arguments: last.append(arguments))

    def late(paths: Any, opened: Any) -> None:
        before(*last.pop())
        after(paths, opened)

    patch.setattr(transaction, "remove_markers", late)


def _markers_gone_early(patch: pytest.MonkeyPatch) -> None:
    before = transaction.create_markers

    def early(paths: Any, opened: Any, batch: Any) -> None:
        before(paths, opened, batch)
        for kind, marks in (("open", batch.open), ("waiting", batch.waiting)):
            marker = paths.marker(kind, opened.volume)
            if not any(marks.values()) and disk.exists(marker):
                disk.unlink(marker)

    patch.setattr(transaction, "create_markers", early)


def _no_intent(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(intents, "write_intent", lambda paths, *rest: intents.Intent(paths.root, ()))
    patch.setattr(intents, "remove_intent", lambda intent: None)


def _no_temporary_file(patch: pytest.MonkeyPatch) -> None:
    def in_place(path: Path, data: bytes) -> None:
        if disk.exists(path):
            disk.unlink(path)
        descriptor = disk.create(path)
        disk.write(descriptor, data)
        disk.sync_file(descriptor)
        disk.close(descriptor)
        disk.sync_folder(path.parent)

    patch.setattr(disk, "replace_synced", in_place)


def _no_request_entry(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(transaction.Transaction, "_register", lambda self, batches: None)


@pytest.mark.parametrize(
    "safeguard",
    [
        _no_file_sync,
        _no_folder_sync,
        _markers_late,
        _markers_gone_early,
        _no_intent,
        _no_temporary_file,
        _no_request_entry,
    ],
)
def test_each_safeguard_left_out_shows_at_a_power_cut(scratch: Path, safeguard: Patch) -> None:
    assert cut_power_everywhere(scratch, safeguard, enough=1)

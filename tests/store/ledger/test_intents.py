"""Operations on several volumes whose maker died: whoever comes next finishes them, or sets them aside."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from fujin_cli.core.model.ids import Volume
from fujin_cli.store.files import disk
from fujin_cli.store.ledger.protocol import Busy, Damaged, NotLocked
from fujin_cli.store.ledger.tinydb import intents, request_ids
from fujin_cli.store.ledger.tinydb.paths import Month, Paths, hold
from fujin_cli.store.ledger.tinydb.volume_file import render
from tests.support.ledger_samples import MONTH, advance, codes, open_case, rewrite, tiny
from tests.support.power_cuts import Killed, Recorder


def dies_before_second_volume(base: Path) -> tuple[str, str]:
    """Two cases, and an operation on both that reached the first one only."""
    ledger = tiny(base)
    one, two = open_case(ledger), open_case(ledger, "XF02")
    with pytest.MonkeyPatch.context() as patch:
        recorder = Recorder(base)
        recorder.install(patch)
        renames = iter(range(2))

        def fail(number: int, name: str) -> None:
            if name == "rename" and next(renames, None) is None:
                raise Killed

        recorder.fail = fail
        with pytest.raises(Killed):
            advance(ledger, one, two, request="both")
        recorder.revive()
    assert [len(ledger.read(case)) for case in (one, two)] == [2, 1]
    return one, two


def test_whoever_comes_next_finishes_what_was_begun(tmp_path: Path) -> None:
    one, two = dies_before_second_volume(tmp_path)
    assert codes(tiny(tmp_path)) == []
    open_case(tiny(tmp_path), "XF09")
    assert [len(tiny(tmp_path).read(case)) for case in (one, two)] == [2, 2]
    assert list((tmp_path / "data/ledger/intents").glob("*.json")) == []
    assert codes(tiny(tmp_path)) == []


@pytest.mark.parametrize("which", [0, 1])
def test_whoever_needs_one_of_the_volumes_finishes_it_under_its_own_locks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, which: int
) -> None:
    cases = dies_before_second_volume(tmp_path)
    ledger = tiny(tmp_path)
    monkeypatch.setattr(ledger, "_finish_abandoned_operations", lambda: None)  # as if it had been written just now
    advance(ledger, cases[which])
    assert sorted(len(ledger.read(case)) for case in cases) == [2, 3]
    assert codes(ledger) == []


def test_an_intent_that_was_carried_out_already_is_only_taken_away(tmp_path: Path) -> None:
    one, two = dies_before_second_volume(tmp_path)
    folder = tmp_path / "data/ledger/intents"
    shutil.copytree(folder, tmp_path / "kept")
    advance(tiny(tmp_path), one, two)
    for path in (tmp_path / "kept").iterdir():  # a power cut may bring it back
        shutil.copy(path, folder)
    advance(tiny(tmp_path), one)
    assert [len(tiny(tmp_path).read(case)) for case in (one, two)] == [4, 3]
    assert list(folder.glob("*.json")) == [] and codes(tiny(tmp_path)) == []


def flip(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"both", b"bath"))


def rename_fields(path: Path) -> None:
    path.write_bytes(render(1, {"intent": {"operation": "both", "batches": [{"volume": [1]}]}}))  # type: ignore[dict-item]


@pytest.mark.parametrize("damage", [flip, rename_fields])
def test_a_damaged_intent_is_set_aside_and_blocks_nothing(tmp_path: Path, damage: Any) -> None:
    one, two = dies_before_second_volume(tmp_path)
    (path,) = (tmp_path / "data/ledger/intents").glob("*.json")
    damage(path)
    assert codes(tiny(tmp_path)) == ["FJ701"]
    ledger = tiny(tmp_path)
    advance(ledger, two)
    assert "cannot be finished" in str(ledger.problems()[0].message)
    assert not path.exists() and len(list((tmp_path / "data/ledger/quarantine/intents").iterdir())) == 1
    assert codes(ledger) == ["FJ701"]
    assert [len(ledger.read(case)) for case in (one, two)] == [2, 2]


@pytest.mark.parametrize("change", ["older", "newer", "same generation"])
def test_an_intent_that_no_longer_fits_is_set_aside(tmp_path: Path, change: str) -> None:
    path = tmp_path / "data/ledger/XF02/2026-11.a.json"
    one, two = dies_before_second_volume(tmp_path)
    (tmp_path / "aside").mkdir()
    backup = tiny(tmp_path / "aside")
    open_case(backup, "XF02", note="another history")
    if change == "older":
        path.unlink()
    elif change == "newer":
        for _ in range(3):
            advance(backup, two)
        shutil.copy(tmp_path / "aside/data/ledger/XF02/2026-11.a.json", path)
    else:
        rewrite(path, lambda tables: tables["volume"]["1"].update(count=7))
    ledger = tiny(tmp_path)
    open_case(ledger, "XF09")
    assert any("cannot be finished" in str(finding.message) for finding in ledger.problems())
    assert list((tmp_path / "data/ledger/intents").glob("*.json")) == []
    assert len(ledger.read(one)) == 2


def test_an_intent_on_a_damaged_volume_reaches_the_others(tmp_path: Path) -> None:
    one, two = dies_before_second_volume(tmp_path)
    path = tmp_path / "data/ledger/XF01/2026-11.a.json"
    path.write_bytes(path.read_bytes()[:-9])
    ledger = tiny(tmp_path)
    open_case(ledger, "XF09")
    assert len(ledger.read(two)) == 2
    assert [finding.code for finding in ledger.problems()] == ["FJ701", "FJ701"]
    assert sorted(path.name for path in (tmp_path / "data/ledger/quarantine").iterdir()) == ["XF01", "intents"]
    with pytest.raises(Damaged):
        ledger.read(one)


def test_an_intent_whose_volume_is_held_is_left_to_its_holder(tmp_path: Path) -> None:
    one, two = dies_before_second_volume(tmp_path)
    paths = Paths(tmp_path / "data" / "ledger")
    with hold(paths, [Month("XF02", MONTH)], 0):
        assert open_case(tiny(tmp_path), "XF09")
        with pytest.raises(Busy):
            advance(tiny(tmp_path), one)
        assert len(tiny(tmp_path).read(two)) == 1
    advance(tiny(tmp_path), one)
    assert [len(tiny(tmp_path).read(case)) for case in (one, two)] == [3, 2]


def test_an_intent_may_be_gone_by_the_time_it_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dies_before_second_volume(tmp_path)
    paths = Paths(tmp_path / "data" / "ledger")
    (found,), _ = intents.read_intents(paths)
    monkeypatch.setattr(disk, "read", lambda path: None)
    assert intents.read_intents(paths) == ([], [])
    monkeypatch.undo()
    found.path.unlink()
    ledger = tiny(tmp_path)
    monkeypatch.setattr(Paths, "intents", lambda self: [found.path])
    monkeypatch.setattr(intents, "read_intents", lambda paths: ([found], []))
    ledger._finish_abandoned_operations()
    assert codes(ledger) == [] and ledger.problems() == ()


def test_two_processes_that_use_one_request_id_in_two_months(tmp_path: Path) -> None:
    ledger = tiny(tmp_path)
    paths = Paths(tmp_path / "data" / "ledger")
    november, december = Volume("XF01", MONTH, "a"), Volume("XF01", "202612", "a")
    request_ids.register(paths, "r", november)
    with pytest.MonkeyPatch.context() as patch:
        known = iter([None, november])
        patch.setattr(request_ids, "find_registered_volume", lambda paths, operation: next(known))
        with pytest.raises(NotLocked) as caught:
            request_ids.register(paths, "r", december)
    assert caught.value.volumes == (november,)
    assert open_case(ledger, month="202612", request="r") == "XF01-202612a-0001"
    assert request_ids.find_registered_volume(paths, "r") == december
    assert open_case(ledger, request="r") == "XF01-202612a-0001"

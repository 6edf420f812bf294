"""A volume that was written and is gone is said to be lost, and nothing of it is given out again."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from fujin_cli.core.model.ids import Volume
from fujin_cli.store.ledger.protocol import Damaged, NoSuchCase
from fujin_cli.store.ledger.tinydb import lost_volumes
from fujin_cli.store.ledger.tinydb.ledger import TinyLedger
from fujin_cli.store.ledger.tinydb.paths import Paths
from tests.support.ledger_damage import Sound
from tests.support.ledger_samples import advance, codes, open_case, rewrite, tiny


def of_an_older_fujin(root: Path) -> None:
    """Remove the traces that an older fujin did not write."""
    for trace in root.rglob("*.begun"):
        trace.unlink()


def remove_marks(root: Path) -> None:
    for kind in ("open", "waiting"):
        for mark in (root / kind).rglob("2*"):
            mark.unlink()


def list_lost(ledger: TinyLedger) -> list[str]:
    return [finding.place.path for finding in ledger.problems() if finding.code == "FJ707"]


@pytest.mark.parametrize("lose", [lambda root: None, remove_marks, of_an_older_fujin], ids=["new", "no-marks", "older"])
def test_a_newest_part_that_is_gone_is_lost(sound: Sound, lose: Callable[[Path], None]) -> None:
    lose(sound.root)
    sound.path("2026-11.b.json").unlink()
    assert [case.case for case in sound.ledger.open_cases()][:1] != [sound.cases[3]]
    assert list_lost(tiny(sound.root.parent.parent)) == ["data/ledger/XF01/2026-11.b.json"]
    assert "FJ707" in codes(sound.ledger)
    for use in (sound.ledger.read, lambda case: advance(sound.ledger, case)):
        with pytest.raises(Damaged, match="is missing"):
            use(sound.cases[3])
    assert open_case(sound.ledger) == "XF01-202611c-0001"
    assert open_case(sound.ledger) == "XF01-202611c-0002"
    with pytest.raises(Damaged, match="is missing"):
        open_case(sound.ledger, request="r3")
    assert list_lost(tiny(sound.root.parent.parent)) == ["data/ledger/XF01/2026-11.b.json"]


def test_an_earlier_part_is_lost_where_a_later_one_is_there(sound: Sound) -> None:
    of_an_older_fujin(sound.root)
    remove_marks(sound.root)
    sound.path().unlink()
    assert list_lost(sound.ledger) == ["data/ledger/XF01/2026-11.a.json"]


def test_a_lock_of_an_older_fujin_without_any_volume_is_a_lost_month(sound: Sound) -> None:
    of_an_older_fujin(sound.root)
    sound.path("2026-11.a.json", "XF02").unlink()
    assert list_lost(sound.ledger) == ["data/ledger/XF02/2026-11.a.json"]
    assert open_case(sound.ledger, community="XF02") == "XF02-202611b-0001"


def test_a_folder_that_is_gone_is_lost(sound: Sound) -> None:
    for file in sound.path().parent.iterdir():
        file.unlink()
    sound.path().parent.rmdir()
    assert list_lost(sound.ledger) == ["data/ledger/XF01/2026-11.a.json", "data/ledger/XF01/2026-11.b.json"]
    assert open_case(sound.ledger) == "XF01-202611c-0001"


def test_a_request_without_its_volume_is_used(sound: Sound) -> None:
    of_an_older_fujin(sound.root)
    for entry in (sound.root / "requests").rglob("*.json"):
        rewrite(entry, lambda tables: tables["request"].pop("format"))
    remove_marks(sound.root)
    sound.path("2026-11.b.json").unlink()
    sound.path("2026-12.a.json").unlink()
    with pytest.raises(Damaged, match="requests"):
        open_case(sound.ledger, request="r3")
    lost = {finding.place.path for finding in sound.ledger.verify() if finding.code == "FJ707"}
    assert lost == {"data/ledger/XF01/2026-11.b.json", "data/ledger/XF01/2026-12.a.json"}


def test_nothing_is_lost_that_was_never_written(tmp_path: Path) -> None:
    ledger = tiny(tmp_path)
    with pytest.raises(ZeroDivisionError):
        ledger.transact(None, [], ("XF01", "202611"), lambda view: (view.allocate("XF01", "202611"), 1 // 0))  # type: ignore
    assert list_lost(ledger) == [] == codes(ledger)
    with pytest.raises(NoSuchCase):
        advance(ledger, "XF01-202611a-0001")
    assert open_case(ledger) == "XF01-202611a-0001"


def test_a_list_compares_only_communities_that_have_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lost_volumes, "RACY_SECONDS", 0)
    for community in ("XF01", "XF02"):
        open_case(tiny(tmp_path), community=community)
    time.sleep(0.05)  # longer than a tick of the file system's clock
    compared: list[str] = []
    real = lost_volumes.find_lost_volumes

    def compare(paths: Paths, community: str) -> dict[Volume, Path]:
        compared.append(community)
        return real(paths, community)

    monkeypatch.setattr(lost_volumes, "find_lost_volumes", compare)
    assert tiny(tmp_path).problems() == () and compared == ["XF01", "XF02"]
    assert tiny(tmp_path).problems() == () and compared == ["XF01", "XF02"]
    (tmp_path / "data" / "ledger" / "XF02" / "2026-11.a.json").unlink()
    for _ in range(2):
        assert [finding.code for finding in tiny(tmp_path).problems()] == ["FJ707"]
    assert compared == ["XF01", "XF02", "XF02", "XF02"]
    assert [finding.code for finding in tiny(tmp_path).verify()] == ["FJ707"]


def test_a_folder_that_has_just_changed_is_compared_again(tmp_path: Path) -> None:
    open_case(tiny(tmp_path))
    assert tiny(tmp_path).problems() == ()
    assert not (tmp_path / "data" / "cache" / lost_volumes.CACHE_FILE).exists()

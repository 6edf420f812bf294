"""A damaged file is found, set aside by whoever holds it, and everything else goes on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fujin_cli.store.ledger.protocol import Damaged
from fujin_cli.store.ledger.tinydb.volume_file import render
from fujin_cli.store.ledger.tinydb.volumes import Limits
from tests.support.ledger_damage import DAMAGES, Sound, Tables, cut, lame_event, messages
from tests.support.ledger_samples import advance, codes, open_case, tiny


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_volume_is_found_and_the_others_go_on(sound: Sound, damage: Callable[[Path], None]) -> None:
    damage(sound.path())
    before = sound.path().read_bytes()
    assert "FJ701" in codes(sound.ledger)
    assert [kept.case for kept in sound.ledger.all_cases()] == [sound.cases[3], sound.december, sound.other]
    assert [kept.case for kept in sound.ledger.open_cases()] == [sound.cases[3]]
    assert [finding.code for finding in sound.ledger.problems()] == ["FJ701"]
    with pytest.raises(Damaged, match="is damaged"):
        sound.ledger.read(sound.cases[0])
    assert sound.path().read_bytes() == before, "who only reads moves nothing"
    advance(sound.ledger, sound.cases[3])

    with pytest.raises(Damaged) as caught:
        advance(sound.ledger, sound.cases[0])
    assert caught.value.finding.place.path == "data/ledger/XF01/2026-11.a.json"
    (aside,) = (sound.root / "quarantine" / "XF01").iterdir()
    assert aside.name.startswith("2026-11.a.json.") and aside.read_bytes() == before
    assert not sound.path().exists()

    with pytest.raises(Damaged, match="quarantine"):
        sound.ledger.read(sound.cases[0])
    with pytest.raises(Damaged, match="quarantine"):
        advance(sound.ledger, sound.cases[0])
    assert "is in quarantine" in messages(sound.ledger, "FJ701")
    again = tiny(sound.root.parent.parent, limits=Limits(cases=3))
    assert [kept.case for kept in again.open_cases()] == [sound.cases[3]]
    assert [finding.code for finding in again.problems()] == ["FJ701"]
    assert [kept.case for kept in again.all_cases(["XF02"])] == [sound.other]


def test_an_event_that_lacks_a_field_damages_its_volume(sound: Sound) -> None:
    lame_event(sound.path())
    assert [kept.case for kept in sound.ledger.all_cases()] == [sound.cases[3], sound.december, sound.other]
    with pytest.raises(Damaged, match="lacks required data"):
        sound.ledger.read(sound.cases[0])
    assert "FJ702" in codes(sound.ledger)


def test_no_id_of_a_quarantined_part_is_given_again(sound: Sound) -> None:
    newest = sound.path("2026-11.b.json")
    backup = newest.read_bytes()
    cut(newest)
    with pytest.raises(Damaged):
        open_case(sound.ledger)
    assert open_case(sound.ledger) == "XF01-202611c-0001"
    newest.write_bytes(backup)
    assert codes(sound.ledger) == []
    advance(sound.ledger, sound.cases[3])
    assert open_case(sound.ledger) == "XF01-202611c-0002"
    assert codes(sound.ledger) == []


def test_a_quarantined_newest_part_closes_it_even_where_it_was_restored(sound: Sound) -> None:
    newest = sound.path("2026-11.b.json")
    backup = newest.read_bytes()
    cut(newest)
    with pytest.raises(Damaged):
        open_case(sound.ledger)
    newest.write_bytes(backup)
    assert open_case(sound.ledger) == "XF01-202611c-0001"


def test_a_damaged_last_month_does_not_stop_the_next_one(sound: Sound) -> None:
    cut(sound.path("2026-12.a.json"))
    january = open_case(sound.ledger, month="202701")
    assert january == "XF01-202701a-0001"
    assert codes(sound.ledger) == ["FJ701"]
    with pytest.raises(Damaged):
        advance(sound.ledger, sound.december)
    assert codes(sound.ledger) == ["FJ701"]
    assert sound.ledger.read(january)


def test_a_request_whose_volume_is_damaged_is_not_carried_out_twice(sound: Sound) -> None:
    cut(sound.path())
    with pytest.raises(Damaged):
        open_case(sound.ledger, request="r0")
    with pytest.raises(Damaged):
        open_case(sound.ledger, request="r0", month="202612")


def test_a_damaged_request_is_found(sound: Sound) -> None:
    (entry, *_) = sorted((sound.root / "requests").rglob("*.json"))
    cut(entry)
    (entry.parent / ".left.new").write_bytes(b"")
    assert codes(sound.ledger) == ["FJ701"]
    with pytest.raises(Damaged):
        for number in range(4):
            open_case(sound.ledger, request=f"r{number}")


@pytest.mark.parametrize("tables", [{}, {"request": {"volume": [1]}}, {"request": {"volume": ["laws", "202611", "a"]}}])
def test_a_request_that_names_no_volume_is_damaged(sound: Sound, tables: Tables) -> None:
    for entry in (sound.root / "requests").rglob("*.json"):
        entry.write_bytes(render(1, tables))
    assert codes(sound.ledger) == ["FJ701"] * 4
    with pytest.raises(Damaged, match="names no volume"):
        sound.ledger.find_operation("r0")


def test_a_volume_that_may_not_be_read_stays_where_it_is(sound: Sound) -> None:
    path = sound.path()
    path.unlink()
    path.mkdir()  # whoever runs the tests as root may read every file
    with pytest.raises(Damaged, match="cannot be read"):
        advance(sound.ledger, sound.cases[0])
    assert path.is_dir()
    assert "FJ701" in codes(sound.ledger)
    assert [kept.case for kept in sound.ledger.open_cases()] == [sound.cases[3]]

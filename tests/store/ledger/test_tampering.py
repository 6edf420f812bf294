"""Whatever is changed by hand or by a failing disk is found by verify, and told in words that say where."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fujin_cli.core.cases.event import compute_event_hash
from fujin_cli.store.files import disk
from fujin_cli.store.ledger.protocol import Damaged
from fujin_cli.store.ledger.tinydb.paths import Paths
from fujin_cli.store.ledger.tinydb.volumes import Limits
from tests.support.ledger_damage import Sound, Tables, cut, messages
from tests.support.ledger_samples import advance, codes, open_case, rewrite, store_text, tiny, volume


def rehash(tables: Tables, first: int) -> None:
    """Make the chain right again from event ``first`` of the volume on, as a thorough forger would."""
    facts = tables["volume"]["1"]
    records = sorted(
        ((doc["case"], record) for doc in tables["cases"].values() for record in doc["events"]),
        key=lambda pair: pair[1]["seq"],
    )
    previous = facts["starts_from"]
    for case, record in records:
        if record["seq"] >= first:
            record["hash"] = compute_event_hash(
                previous, case, {k: v for k, v in record.items() if k not in ("hash", "seq")}
            )
        previous = record["hash"]
    facts["head"] = previous


def set_note(tables: Tables) -> None:
    tables["cases"]["2"]["events"][0]["note"] = "nothing to see here"


def add_field(tables: Tables) -> None:
    tables["cases"]["2"]["events"][0]["surprise"] = 1


def delete_event(tables: Tables) -> None:
    del tables["cases"]["1"]["events"][0]


def delete_last_event(tables: Tables) -> None:
    del tables["cases"]["2"]["events"][1]


def delete_last_event_and_say_so(tables: Tables) -> None:
    gone = tables["cases"]["2"]["events"].pop()
    facts = tables["volume"]["1"]
    facts["count"] -= 1
    facts["head"] = next(
        record["hash"]
        for doc in tables["cases"].values()
        for record in doc["events"]
        if record["seq"] == gone["seq"] - 1
    )


def swap_events(tables: Tables) -> None:
    tables["cases"]["1"]["events"].reverse()


def swap_contents(tables: Tables) -> None:
    one, two = tables["cases"]["1"]["events"], tables["cases"]["2"]["events"]
    one[0], two[0] = two[0], one[0]


def swap_cases(tables: Tables) -> None:
    cases = tables["cases"]
    cases["1"], cases["2"] = cases["2"], cases["1"]


def rename_case(tables: Tables) -> None:
    tables["cases"]["1"]["case"] = "XF01-202611a-0009"


def delete_case(tables: Tables) -> None:
    del tables["cases"]["3"]


def empty_case(tables: Tables) -> None:
    tables["cases"]["3"]["events"] = []


def drop_hash(tables: Tables) -> None:
    del tables["cases"]["1"]["events"][0]["hash"]


def rewrite_one(tables: Tables) -> None:
    event = tables["cases"]["2"]["events"][0]
    event["note"] = "nothing to see here"
    previous = tables["cases"]["1"]["events"][0]["hash"]
    record = {key: value for key, value in event.items() if key not in ("hash", "seq")}
    event["hash"] = compute_event_hash(previous, tables["cases"]["2"]["case"], record)


@pytest.mark.parametrize(
    ("edit", "code", "words"),
    [
        (set_note, "FJ702", ["data/ledger/XF01/2026-11.a.json", "XF01-202611a-0002, event 1"]),
        (add_field, "FJ702", ["XF01-202611a-0002, event 1"]),
        (rewrite_one, "FJ702", ["XF01-202611a-0003, event 1"]),
        (drop_hash, "FJ702", ["XF01-202611a-0001, event 1"]),
        (delete_event, "FJ702", ["event 1 of the volume"]),
        (delete_event, "FJ705", ["XF01-202611a-0001"]),
        (delete_last_event, "FJ705", ["ends at event 4"]),
        (swap_events, "FJ705", ["XF01-202611a-0001", "2, 1"]),
        (swap_contents, "FJ702", ["XF01-202611a-0001, event 1"]),
        (swap_cases, "FJ702", ["in the place of another case"]),
        (rename_case, "FJ702", ["XF01-202611a-0009"]),
        (delete_case, "FJ702", ["is missing"]),
        (empty_case, "FJ705", ["XF01-202611a-0003", "—"]),
    ],
)
def test_an_edit_with_a_right_checksum_is_caught(
    sound: Sound, edit: Callable[[Tables], object], code: str, words: list[str]
) -> None:
    rewrite(sound.path(), edit)
    text = messages(sound.ledger, code)
    assert all(word in text for word in words), text


def test_only_the_edited_event_is_told(sound: Sound) -> None:
    rewrite(sound.path(), set_note)
    assert codes(sound.ledger) == ["FJ702"]


def test_a_rewritten_month_no_longer_fits_the_next_part(sound: Sound) -> None:
    def rewrite_history(tables: Tables) -> None:
        delete_last_event_and_say_so(tables)
        set_note(tables)
        rehash(tables, 1)

    rewrite(sound.path(), rewrite_history)
    assert "2026-11.b.json does not continue" in messages(sound.ledger, "FJ705")


@pytest.mark.parametrize(
    "facts",
    [
        {"starts_from": "1" * 64},
        {"follows": "XF01-202610a"},
        {"follows": "nonsense"},
        {"follows": "XF02-202611a"},
        {"follows": "XF01-202612a"},
        {"follows": None},
    ],
)
def test_a_part_must_start_from_the_one_before_it(sound: Sound, facts: dict[str, Any]) -> None:
    rewrite(sound.path("2026-11.b.json"), lambda tables: tables["volume"]["1"].update(facts))
    assert "2026-11.b.json does not continue" in messages(sound.ledger, "FJ705")


def test_a_volume_taken_away_is_missed_by_the_next_one(sound: Sound) -> None:
    sound.path("2026-11.b.json").unlink()
    assert "2026-11.b.json is missing" in messages(sound.ledger, "FJ707")


def test_laws_that_changed_or_are_gone(sound: Sound) -> None:
    path = sound.root / "laws" / f"{sound.version}.json"
    text = path.read_text()
    path.write_text(text.replace("resident", "nobody"))
    assert codes(sound.ledger) == ["FJ703"]
    with pytest.raises(Damaged) as caught:
        sound.ledger.procedure_text(sound.version)
    assert caught.value.finding.code == "FJ703"
    assert store_text(sound.ledger, text) == sound.version
    assert codes(sound.ledger) == []
    path.unlink()
    assert codes(sound.ledger) == ["FJ703"]
    assert sound.ledger.procedure_text(sound.version) is None
    (path.parent / "readme.txt").write_text("not a law")
    assert codes(sound.ledger) == ["FJ703"]


@pytest.mark.parametrize("kind", ["open", "waiting"])
def test_a_marker_that_was_removed(sound: Sound, kind: str) -> None:
    marker = sound.root / kind / "XF01" / "2026-11.a"
    marker.unlink()
    assert codes(sound.ledger) == ["FJ704"]
    assert messages(sound.ledger, "FJ704").startswith(f"data/ledger/{kind}/XF01/2026-11.a is missing")
    advance(sound.ledger, sound.cases[0], waiting=True)
    assert codes(sound.ledger) == []


def test_a_marker_too_many_is_information_and_goes_away(sound: Sound) -> None:
    marker = sound.root / "open" / "XF02" / "2026-11.a"
    marker.parent.mkdir(parents=True, exist_ok=True)
    marker.touch()
    (sound.root / "XF02" / "2026-10.begun").touch()
    (marker.parent / "2026-10.a").touch()  # of a process that was killed before it wrote the volume
    found = list(sound.ledger.verify())
    assert [(finding.code, finding.severity) for finding in found] == [("FJ704", "info")] * 2
    assert [kept.case for kept in sound.ledger.open_cases(["XF02"])] == []
    assert sound.ledger.problems() == ()
    sound.ledger.transact(None, [], None, lambda view: (_mark(sound.other, True), None))
    sound.ledger.transact(None, [], None, lambda view: (_mark(sound.other, False), None))
    assert not marker.exists()


def _mark(case: str, waiting: bool) -> Any:
    from fujin_cli.store.ledger.protocol import Changes

    return Changes(waiting={case: waiting})


def test_a_volume_that_is_set_aside_while_verify_runs(sound: Sound, monkeypatch: pytest.MonkeyPatch) -> None:
    ghosts = {"XF01": [volume("c")], "XF02": [volume("b", "XF02"), volume("a", "XF02", "202612")]}
    real = Paths.volumes
    monkeypatch.setattr(Paths, "volumes", lambda self, community: real(self, community) + ghosts[community])
    assert codes(sound.ledger) == []
    assert [kept.case for kept in sound.ledger.all_cases(["XF02"])] == [sound.other]
    assert open_case(sound.ledger, "XF02", month="202701")
    monkeypatch.undo()
    assert codes(sound.ledger) == []


@pytest.mark.parametrize("meanwhile", ["closed", "advanced", "damaged"])
def test_a_marker_that_goes_while_verify_looks(sound: Sound, monkeypatch: pytest.MonkeyPatch, meanwhile: str) -> None:
    """A volume is read, its last open case ends, its marker goes, verify looks for the marker: nothing is wrong."""
    marker = sound.root / "open" / "XF01" / "2026-11.b"
    real = disk.exists
    writer = tiny(sound.root.parent.parent, limits=Limits(cases=3))

    def exists(path: Path) -> bool:
        if path == marker:
            monkeypatch.setattr(disk, "exists", real)
            if meanwhile == "damaged":
                cut(sound.path("2026-11.b.json"))
            else:
                advance(writer, sound.cases[3], ends=meanwhile == "closed", waiting=True)
            marker.unlink(missing_ok=True)
        return real(path)

    monkeypatch.setattr(disk, "exists", exists)
    assert ("FJ704" in codes(sound.ledger)) == (meanwhile != "closed")


def test_findings_say_where_and_what_to_do(sound: Sound) -> None:
    rewrite(sound.path(), set_note)
    cut(sound.path("2026-12.a.json"))
    (sound.root / "laws" / f"{sound.version}.json").unlink()
    for finding in sound.ledger.verify():
        assert finding.place.path.startswith("data/ledger/")
        assert finding.help is not None and str(finding.help)
        assert finding.place.route == () and finding.place.span is None

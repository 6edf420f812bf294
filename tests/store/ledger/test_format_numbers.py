"""Every part of the ledger has a format number: one ahead is refused, changes nothing, and ends nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fujin_cli.core.cases.event import canonical_json, compute_event_hash
from fujin_cli.core.cases.evolve import replay
from fujin_cli.core.findings.refusals import Refusal
from fujin_cli.core.model.compile_procedure import NotCompilable, compile_text
from fujin_cli.store.ledger.factory import lost_volumes_of, open_ledger, open_outline_cache, open_summary_cache
from fujin_cli.store.ledger.protocol import Damaged
from fujin_cli.store.ledger.tinydb.intents import write_intent
from fujin_cli.store.ledger.tinydb.paths import Paths
from fujin_cli.store.ledger.tinydb.volumes import Batch, VolumeFacts
from tests.support.ledger_samples import advance, codes, event, files, open_case, rewrite, tiny, volume

FORMAT = Path("data", "ledger", "format.txt")
VOLUME = Path("data", "ledger", "XF01", "2026-11.a.json")


def change_event(path: Path, case: str, **changes: Any) -> None:
    """Change the newest event of a volume, cunningly: its chain and its checksum are right again afterwards."""

    def change(tables: dict[str, Any]) -> None:
        for document in tables["cases"].values():
            if document["case"] == case:
                record = document["events"][-1]
                record.update(changes)
                hashed = {key: value for key, value in record.items() if key not in ("hash", "seq")}
                previous = tables["volume"]["1"]["starts_from"]
                if len(document["events"]) > 1:
                    previous = document["events"][-2]["hash"]
                record["hash"] = tables["volume"]["1"]["head"] = compute_event_hash(previous, case, hashed)

    rewrite(path, change)


# the whole ledger


def test_a_new_ledger_states_its_format_and_an_old_one_need_not(tmp_path: Path) -> None:
    case = open_case(tiny(tmp_path))
    assert (tmp_path / FORMAT).read_text() == "fujin ledger 1\n"
    assert tiny(tmp_path).communities() == ["XF01"]
    (tmp_path / FORMAT).unlink()
    advance(tiny(tmp_path), case)
    assert len(open_ledger(tmp_path).read(case)) == 2 and codes(tiny(tmp_path)) == []
    assert not (tmp_path / FORMAT).exists()


def test_what_ticks_record_begins_no_ledger(tmp_path: Path) -> None:
    (tmp_path / "data" / "ledger").mkdir(parents=True)
    (tmp_path / "data" / "ledger" / "sweeps.json").write_text("{}")
    open_case(tiny(tmp_path))
    assert (tmp_path / FORMAT).read_text() == "fujin ledger 1\n"


@pytest.mark.parametrize(
    "open_part", [open_ledger, open_outline_cache, lambda workspace: open_summary_cache(workspace, "key")]
)
def test_a_newer_ledger_is_not_opened(tmp_path: Path, open_part: Callable[[Path], object]) -> None:
    open_case(tiny(tmp_path))
    (tmp_path / FORMAT).write_text("fujin ledger 2\n")
    with pytest.raises(Damaged, match="format 2") as caught:
        open_part(tmp_path)
    assert caught.value.finding.code == "FJ711"


@pytest.mark.parametrize(
    ("content", "code"), [("fujin ledger 2\n", "FJ711"), ("fujin ledger 10", "FJ711"), ("fujin lodger 1\n", "FJ701")]
)
def test_nothing_is_written_to_a_ledger_of_another_format(tmp_path: Path, content: str, code: str) -> None:
    case = open_case(tiny(tmp_path))
    (tmp_path / FORMAT).write_text(content)
    before = files(tmp_path / "data")
    for write in (lambda: advance(tiny(tmp_path), case), lambda: open_case(tiny(tmp_path), request="r")):
        with pytest.raises(Damaged) as caught:
            write()
        assert caught.value.finding.code == code
    assert files(tmp_path / "data") == before
    assert codes(tiny(tmp_path)) == [code]


def test_a_damaged_number_is_named_and_ends_no_list(tmp_path: Path) -> None:
    case = open_case(tiny(tmp_path))
    (tmp_path / FORMAT).write_bytes(b"\x00\xff")
    ledger = open_ledger(tmp_path)
    assert [stored.case for stored in ledger.open_cases()] == [case]
    assert [finding.code for finding in ledger.problems()] == ["FJ701"]
    assert [finding.code for finding in lost_volumes_of(tmp_path)] == ["FJ701"]


# events


def test_an_event_of_todays_format_has_no_number() -> None:
    assert "format" not in event(1).to_record()
    assert '"format":2' in canonical_json(event(1, format=2).to_record())


def test_an_event_of_a_newer_format_concerns_its_case_alone(tmp_path: Path) -> None:
    newer = open_case(tiny(tmp_path))
    change_event(tmp_path / VOLUME, newer, format=2, at={"instant": 7})
    other = open_case(tiny(tmp_path))
    ledger = tiny(tmp_path)
    cases = {stored.case: stored.events for stored in ledger.open_cases()}
    assert set(cases) == {newer, other} and ledger.problems() == ()
    with pytest.raises(Refusal) as caught:
        replay(newer, cases[newer])
    assert caught.value.code == "FJ711" and "format 2" in str(caught.value.message)
    assert codes(tiny(tmp_path)) == []  # the check of the cases names it


def test_an_operation_with_an_event_of_a_newer_format_stays(tmp_path: Path) -> None:
    case = open_case(tiny(tmp_path))
    facts = VolumeFacts(follows=None, starts_from="0" * 64, head="1" * 64, count=2)
    batch = Batch(volume(), 1, facts, [(case, {"n": 2, "format": 2, "seq": 2, "hash": "1" * 64})])
    path = write_intent(Paths(tmp_path / "data" / "ledger"), "o", [batch]).path
    before = files(tmp_path / "data")
    with pytest.raises(Damaged, match="format 2"):
        advance(tiny(tmp_path), case)
    assert files(tmp_path / "data") == before and path.exists()
    assert "FJ711" in codes(tiny(tmp_path))


def test_a_request_entry_with_a_newer_number_inside_stays(tmp_path: Path) -> None:
    open_case(tiny(tmp_path), request="r")
    path = next((tmp_path / "data" / "ledger" / "requests").rglob("*.json"))
    rewrite(path, lambda tables: tables["request"].update(format=2))
    before = path.read_bytes()
    with pytest.raises(Damaged, match="format 2"):
        open_case(tiny(tmp_path), request="r")
    assert path.read_bytes() == before and codes(tiny(tmp_path)) == ["FJ711"]


# unknown keys


@pytest.mark.parametrize(
    ("changes", "name"),
    [({"mood": "calm"}, "mood"), ({"kind": "action", "data": {"rule": "a", "colour": "red"}}, "data.colour")],
)
def test_a_key_of_an_event_that_nobody_knows_is_named_and_stays(
    tmp_path: Path, changes: dict[str, Any], name: str
) -> None:
    case = open_case(tiny(tmp_path))
    change_event(tmp_path / VOLUME, case, **changes)
    assert codes(tiny(tmp_path)) == ["FJ712"]
    assert name in next(str(finding.message) for finding in tiny(tmp_path).verify())
    advance(tiny(tmp_path), case)
    record = json.loads((tmp_path / VOLUME).read_bytes())["tables"]["cases"]["1"]["events"][0]
    assert record.items() >= changes.items()


@pytest.mark.parametrize("table", ["cases", "volume"])
def test_a_key_beside_the_events_is_named_and_stays(tmp_path: Path, table: str) -> None:
    case = open_case(tiny(tmp_path))
    rewrite(tmp_path / VOLUME, lambda tables: tables[table]["1"].update(mood="calm"))
    advance(tiny(tmp_path), case)
    assert codes(tiny(tmp_path)) == ["FJ712"]


# texts of procedures


def test_a_text_of_a_newer_format_is_not_compiled() -> None:
    with pytest.raises(NotCompilable) as caught:
        compile_text('{"procedure":"x","format":2}')
    assert caught.value.format == 2
    assert compile_text('{"procedure":"x","steps":{}}').name == "x"

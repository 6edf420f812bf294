"""``fujin ledger verify``: every reference of every case is followed, and what cannot be followed is named."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from fujin_cli.core.cases.event import Event, EventKind
from fujin_cli.core.findings.finding import Finding
from fujin_cli.store.ledger.protocol import Changes
from fujin_cli.use_cases.session import Session
from fujin_cli.use_cases.verify_ledger import LedgerCheck
from tests.commands.bad_items import craft, ledger_of, unknown_kind, unknown_step
from tests.support.command_line import City
from tests.support.ledger_samples import rewrite

pytestmark = pytest.mark.slow


@pytest.fixture
def town(city: City) -> City:
    """A city with one case that has a contact and an attachment."""
    Image.new("RGB", (4, 4)).save(city.folder / "photo.png")
    case = city.open()["case"]
    city.do(case, "accept")
    city.ask("case", "attach", case, "photo.png", "--as", "p-0001", now="2026-06-01T09:10")
    assert findings(city) == []
    return city


def findings(city: City, deep: bool = False) -> list[tuple[str, str]]:
    """Code and severity of every finding."""
    found: list[Finding] = list(LedgerCheck(Session(city.folder), deep).run())
    return sorted((finding.code, finding.severity) for finding in found)


def volume(city: City) -> Path:
    return city.folder / "data" / "ledger" / "XF01" / "2026-06.a.json"


def _only_file(folder: Path) -> Path:
    return next(path for path in sorted(folder.rglob("*")) if path.is_file())


def _flag(name: str) -> Callable[[City], object]:
    def change(tables: dict[str, Any]) -> None:
        case = tables["cases"]["1"]
        case[name] = not case[name]

    return lambda city: rewrite(volume(city), change)


def _earlier_event(city: City) -> None:
    ledger = ledger_of(city)
    stored = next(iter(ledger.all_cases()))
    first = stored.events[0]
    event = Event(
        n=len(stored.events) + 1,
        at=first.at - timedelta(days=1),
        kind=EventKind.ACTION,
        by=first.by,
        entered_by=first.entered_by,
    )
    ledger.transact(None, [stored.case], None, lambda view: (Changes([(stored.case, event)]), None))


def _put_orphan(city: City) -> None:
    path = city.folder / "data" / "contacts" / "00" / f"c-{'00' * 8}.json"
    path.write_text("{}")
    os.utime(path, (time.time() - 3600,) * 2)


def _append(city: City, **changes: Any) -> None:
    """Append an event to the sound case, after its last one."""
    ledger = ledger_of(city)
    stored = next(iter(ledger.all_cases()))
    changes = {"kind": EventKind.ACTION, **changes}
    event: Event = replace(stored.events[-1], n=len(stored.events) + 1, hash="", op="", set={}, to_step=None, **changes)
    ledger.transact(None, [stored.case], None, lambda view: (Changes([(stored.case, event)]), None))


def _pass_through(city: City) -> None:
    """Let a case pass through a step that nothing has, and come back."""
    step = ledger_of(city).read("XF01-202606a-0001")[-2].to_step or "intake"
    craft(city, "XF05", to_step="nowhere")
    ledger = ledger_of(city)
    stored = next(stored for stored in ledger.all_cases() if stored.case.startswith("XF05"))
    event: Event = replace(stored.events[0], n=2, kind=EventKind.ACTION, data={}, set={}, to_step=step, hash="", op="")
    ledger.transact(None, [stored.case], None, lambda view: (Changes([(stored.case, event)]), None))


SPOILERS: dict[str, tuple[Callable[[City], object], tuple[str, str]]] = {
    "a deleted contact": (lambda city: _only_file(city.folder / "data" / "contacts").unlink(), ("FJ708", "error")),
    "a damaged contact": (
        lambda city: _only_file(city.folder / "data" / "contacts").write_text("{"),
        ("FJ708", "error"),
    ),
    "a deleted attachment": (
        lambda city: _only_file(city.folder / "data" / "attachments").unlink(),
        ("FJ708", "error"),
    ),
    "an unknown step": (unknown_step, ("FJ818", "error")),
    "an unknown kind": (unknown_kind, ("FJ818", "error")),
    "a parent that is nowhere": (
        lambda city: craft(city, "XF05", waiting=False, data={"parent": {"case": "XF09-202601a-0001", "group": "x"}}),
        ("FJ708", "error"),
    ),
    "a contact in an event's data": (
        lambda city: _append(city, data={"told": [{"to": f"vault:c-{'ab' * 8}"}]}),
        ("FJ708", "error"),
    ),
    "a case that it joined and that is nowhere": (
        lambda city: _append(city, data={"joins": {"field": "same_as", "case": "XF09-202601a-0001"}}),
        ("FJ708", "error"),
    ),
    "a step in between that its version did not have": (_pass_through, ("FJ708", "error")),
    "a version that cannot be compiled": (
        lambda city: craft(city, "XF05", '{"procedure":"errand","steps":[1]}'),
        ("FJ708", "error"),
    ),
    "a mark of a wrong kind": (_flag("waiting"), ("FJ708", "error")),
    "an event before the last one": (_earlier_event, ("FJ709", "warning")),
    "a contact of no case": (
        lambda city: (city.folder / "data" / "contacts" / "00").mkdir() or _put_orphan(city),  # type: ignore[func-returns-value]
        ("FJ710", "info"),
    ),
    "a temporary file": (
        lambda city: volume(city).with_name(".2026-06.a.json.999999-0011223344556677.new").write_text("样例"),
        ("FJ710", "info"),
    ),
}


@pytest.mark.parametrize("name", SPOILERS)
def test_each_broken_reference_is_a_finding(town: City, name: str) -> None:
    spoil, expected = SPOILERS[name]
    spoil(town)
    assert expected in findings(town), findings(town)


def test_only_deep_verification_hashes_attachments(town: City) -> None:
    path = _only_file(town.folder / "data" / "attachments")
    path.write_bytes(path.read_bytes() + b"x")
    assert findings(town) == []
    assert findings(town, deep=True) == [("FJ708", "error")]


def test_the_command_says_what_it_cannot_detect(town: City) -> None:
    ran = town.run("ledger", "verify", "--deep")
    assert ran.code == 0 and "a whole older copy" in ran.out
    assert json.loads(town.run("ledger", "verify", "--json").out)["cannot_detect"] == ["older-copy"]


def test_files_of_no_case_are_named_unless_they_are_new(town: City) -> None:
    folder = town.folder / "data" / "contacts" / "00"
    folder.mkdir()
    _put_orphan(town)
    (folder / f"c-{'00' * 7}01.json").write_text("{}")
    messages = [str(finding.message) for finding in LedgerCheck(Session(town.folder), deep=False).run()]
    assert messages == [f"1 contact or attachment belongs to no case: data/contacts/00/c-{'00' * 8}.json"]


def test_a_version_that_cannot_be_compiled_is_named_by_its_file(town: City) -> None:
    craft(town, "XF05", '{"procedure":"errand","steps":[1]}')
    places = [finding.place.path for finding in LedgerCheck(Session(town.folder), deep=False).run()]
    assert any(path.startswith("data/ledger/laws/") for path in places), places

"""Put bad things beside sound cases: ways to spoil one case, volume or folder. All matters are invented."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from fujin_cli.core.cases.event import Event, EventKind
from fujin_cli.store.ledger.protocol import Changes, View
from fujin_cli.store.ledger.tinydb.ledger import TinyLedger
from tests.support.command_line import City
from tests.support.ledger_damage import flip_byte
from tests.support.yaml_trees import tree_of

CIRCLE = """
procedure: circle
title: 兜圈子
case_of: community
opened: {by: [reporter]}
people: {reporter: {is: contact}}
steps:
  waiting:
    title: 等待
    within: 1 hour
    ladder: [{after: 1 hour, to: there}]
    actions: {close: {title: 办结, to: closed, by: reporter}}
  there: {title: 那边, then: [{to: back}]}
  back: {title: 这边, then: [{to: there}]}
  closed: {title: 办结, end: done}
"""


def ledger_of(city: City) -> TinyLedger:
    """The ledger of a city, for writing what no command would write."""
    return TinyLedger(city.folder / "data" / "ledger")


def craft(city: City, community: str, text: str | None = None, waiting: bool = True, **changes: Any) -> str:
    """Write a case that is like a sound one but for ``changes`` of its first event; its chain is sound. The case's id.

    ``text`` is the procedure that it follows, else the sound case's own.
    """
    ledger = ledger_of(city)
    first = next(iter(ledger.all_cases())).events[0]
    data = {**first.data, "community": community, **changes.pop("data", {})}
    if text is not None:
        data["law"] = hashlib.sha256(text.encode()).hexdigest()

    def work(view: View) -> tuple[Changes, str]:
        case = view.allocate(community, "202606")
        event: Event = replace(first, n=1, data=data, hash="", op="", **changes)
        return Changes(
            [(case, event)], {case: True}, {case: waiting}, procedure_texts=[] if text is None else [text]
        ), case

    return ledger.transact(None, [], (community, "202606"), work)[1]


def unknown_step(city: City) -> str:
    """A case at a step that its procedure does not have."""
    return craft(city, "XF05", to_step="nowhere")


def unknown_kind(city: City) -> str:
    """A case with an event of a kind that only a newer fujin writes."""
    return craft(city, "XF05", kind=EventKind("teleported"))


def missing_version(city: City) -> str:
    """A case whose procedure version is nowhere."""
    return craft(city, "XF06", data={"law": "0" * 64})


def damaged_version(city: City) -> str:
    """A case whose procedure version has been changed in the ledger."""
    case = craft(city, "XF06", json.dumps(tree_of(CIRCLE), ensure_ascii=False), to_step="waiting")
    laws = city.folder / "data" / "ledger" / "laws"
    path = laws / f"{ledger_of(city).read(case)[0].data['law']}.json"
    path.write_bytes(path.read_bytes() + b" ")
    return case


def newer_version(city: City) -> str:
    """A case whose procedure version says what only a newer fujin can read."""
    return craft(city, "XF06", json.dumps({"procedure": "future", "steps": [1]}), to_step="waiting")


def damaged_volume(city: City) -> str:
    """A volume with one flipped bit."""
    craft(city, "XF07")
    flip_byte(city.folder / "data" / "ledger" / "XF07" / "2026-06.a.json")
    return "XF07/2026-06.a.json"


def _in_place_of_a_volume(community: str, put: Callable[[Path], object]) -> Callable[[City], str]:
    def spoil(city: City) -> str:
        craft(city, community)
        path = city.folder / "data" / "ledger" / community / "2026-06.a.json"
        path.unlink()
        put(path)
        return f"{community}/2026-06.a.json"

    return spoil


def _put_huge_file(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(3 * 1024**3)


def linked_folder(city: City) -> str:
    """A folder of markers that is a link to itself."""
    craft(city, "XF11")
    folder = city.folder / "data" / "ledger" / "open" / "XF11"
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    folder.symlink_to(folder)
    return "XF11"


BAD_ITEMS: dict[str, Callable[[City], str]] = {
    "an unknown step": unknown_step,
    "an unknown kind of event": unknown_kind,
    "a missing version": missing_version,
    "a damaged version": damaged_version,
    "a version of a newer fujin": newer_version,
    "a damaged volume": damaged_volume,
    "a named pipe": _in_place_of_a_volume("XF08", os.mkfifo),
    "a file of 3 GB": _in_place_of_a_volume("XF09", _put_huge_file),
    "a circle of links": _in_place_of_a_volume("XF10", lambda path: path.symlink_to(path)),
    "a circle of folders": linked_folder,
}


def circling_case(city: City) -> str:
    """A case whose next rung leads into a circle of automatic moves."""
    return craft(
        city,
        "XF12",
        json.dumps(tree_of(CIRCLE), ensure_ascii=False, sort_keys=True),
        data={"procedure": "circle"},
        to_step="waiting",
        at=datetime.fromisoformat("2026-06-01T01:00+00:00"),
    )

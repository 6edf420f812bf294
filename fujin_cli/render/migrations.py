"""What became of cases that were to come under another version of their procedure, or would."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fujin_cli.core.calendar import WorkingCalendar
from fujin_cli.core.message import Message, say
from fujin_cli.core.refusals import Refusal
from fujin_cli.render.moments import full, iso
from fujin_cli.render.tables import Cell, Column, Table


@dataclass(frozen=True, slots=True)
class Moved:
    """One case. ``way`` is same, replay, mapped, stuck or undone; ``event`` the number of the event that moved it."""

    case: str
    procedure: str
    step: str
    old_law: str
    way: str
    new_law: str | None = None
    target: str | None = None
    due: datetime | None = None
    migration: str | None = None
    refusal: Refusal | None = None
    event: int | None = None
    request_id: str | None = None
    repeated: bool = False


def moved_json(found: Iterable[Moved], calendar: WorkingCalendar, dry_run: bool) -> dict[str, Any]:
    """The cases as scripts read them, version 1."""
    return {"version": 1, "dry_run": dry_run, "cases": [_case(entry, calendar) for entry in found]}


def _case(entry: Moved, calendar: WorkingCalendar) -> dict[str, Any]:
    refusal = entry.refusal
    return {
        "case": entry.case,
        "procedure": entry.procedure,
        "step": entry.step,
        "way": entry.way,
        "target": entry.target,
        "due": iso(entry.due, calendar),
        "old_law": entry.old_law,
        "new_law": entry.new_law,
        "migration": entry.migration,
        "event": entry.event,
        "request_id": entry.request_id,
        "repeated": entry.repeated,
        "refused": {"code": refusal.code, "message": str(refusal.message)} if refusal else None,
    }


_WAYS: dict[str, Message] = {
    "same": say("has this version already"), "replay": say("moves: the new law allows its history"),
    "mapped": say("moves as {migration} says"), "stuck": say("cannot move"), "undone": say("back under its old law"),
}  # fmt: skip
_DONE: dict[str, Message] = {
    "replay": say("moved: the new law allows its history"), "mapped": say("moved as {migration} says"),
}  # fmt: skip


def moved_table(found: Iterable[Moved], calendar: WorkingCalendar, dry_run: bool) -> Table:
    """The cases for people."""
    columns = [
        Column(say("case"), whole=True), Column(say("step")), Column(say("then")), Column(say("due"), drop=1),
        Column(say("what happens")),
    ]  # fmt: skip
    rows: list[list[object]] = [
        [
            entry.case,
            entry.step,
            entry.target or "—",
            full(entry.due, calendar) if entry.due else "",
            _words(entry, dry_run),
        ]
        for entry in found
    ]
    note = say("nothing was changed; --apply does it") if dry_run and rows else None
    empty = say("no open case follows an older version of its procedure")
    return Table(say("Migration"), columns, rows, empty, note=note)


def _words(entry: Moved, dry_run: bool) -> object:
    if entry.refusal:
        return Cell(say("{code}: {message}", code=entry.refusal.code, message=entry.refusal.message), "red")
    if entry.repeated:
        return say("done before with the same request id")
    words = _WAYS if dry_run else {**_WAYS, **_DONE}
    return Message(words[entry.way].text, {"migration": entry.migration or ""})

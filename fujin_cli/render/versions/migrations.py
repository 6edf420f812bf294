"""What became of cases that were to come under another version of their procedure, or would."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.findings.refusals import CANNOT_MIGRATE, Refusal
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.text.message import LocalizedText, say
from fujin_cli.core.wording.labels import step_label
from fujin_cli.render.basics.moments import full, iso
from fujin_cli.render.basics.names import step_title
from fujin_cli.render.basics.tables import Cell, Column, Table


@dataclass(frozen=True, slots=True)
class Moved:
    """One case. ``way`` is same, replay, mapped, stuck or undone; ``event`` the number of the event that moved it.

    ``law`` and ``law_then`` are the versions that it follows and followed then, where they could be read. ``busy``:
    somebody else was writing, and it was left as it is.
    """

    case: str
    procedure: str | None = None
    step: str | None = None
    old_version: str | None = None
    way: str = "stuck"
    new_version: str | None = None
    target: str | None = None
    due: datetime | None = None
    migration: str | None = None
    refusal: Refusal | None = None
    reason: LocalizedText | None = None  # why the new law could not have produced the case's history
    event: int | None = None
    request_id: str | None = None
    repeated: bool = False
    busy: bool = False
    version: Procedure | None = None
    version_then: Procedure | None = None


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
        "old_law": entry.old_version,
        "new_law": entry.new_version,
        "migration": entry.migration if entry.way == "mapped" else None,
        "event": entry.event,
        "request_id": entry.request_id,
        "repeated": entry.repeated,
        "busy": entry.busy,
        "refused": {"code": refusal.code, "message": str(refusal.message)} if refusal else None,
    }


_WAYS: dict[str, LocalizedText] = {
    "same": say("already has this version"),
    "replay": say("moves: the new version allows its history"),
    "mapped": say("moves as {migration} says"),
    "stuck": say("cannot move"),
    "undone": say("moved back to its old version"),
}
_DONE: dict[str, LocalizedText] = {
    "replay": say("moved: the new version allows its history"),
    "mapped": say("moved as {migration} says"),
}


def moved_table(found: Iterable[Moved], calendar: WorkingCalendar, dry_run: bool) -> Table:
    """The cases for people."""
    columns = [
        Column(say("case"), whole=True),
        Column(say("step")),
        Column(say("then")),
        Column(say("due"), drop=1),
        Column(say("what happens")),
    ]
    listed = list(found)
    rows: list[list[object]] = [
        [
            entry.case,
            _step(entry.version, entry.step, entry.refusal is not None),
            _step(entry.version_then, entry.target, False),
            Cell(full(entry.due, calendar), plain=iso(entry.due, calendar)) if entry.due else "",
            _words(entry, dry_run),
        ]
        for entry in listed
    ]
    empty = say("no open case follows an older version of its procedure")
    return Table(say("Migration"), columns, rows, empty, note=_notes(listed, dry_run))


def _step(version: Procedure | None, name: str | None, named: bool) -> object:
    """A step by its title; with its name where a migration file would have to name it."""
    if name is None:
        return "—"
    called = step_label(version, name) if version else name
    return Cell(called if named or version is None else step_title(version, name), plain=name)


def _notes(found: list[Moved], dry_run: bool) -> list[str]:
    """What can be done next: apply it, and what helps those that cannot move."""
    can = dry_run and any(not entry.refusal and entry.way not in ("same", "stuck") for entry in found)
    helps = [entry.refusal.help for entry in found if entry.refusal and entry.refusal.help]
    lines = [say("nothing was changed; add --apply to migrate")] if can else []
    return list(dict.fromkeys(str(line) for line in (*lines, *helps)))


def _words(entry: Moved, dry_run: bool) -> object:
    if entry.refusal and entry.refusal.code == CANNOT_MIGRATE and entry.reason:
        return Cell(say("cannot move ({code}): {reason}", code=CANNOT_MIGRATE, reason=entry.reason), "red")
    if entry.refusal:
        return Cell(say("{code}: {message}", code=entry.refusal.code, message=entry.refusal.message), "red")
    if entry.busy:
        return Cell(say("another process was writing; run the command again"), "red")
    if entry.repeated:
        return say("already done with this request id")
    words = _WAYS if dry_run else {**_WAYS, **_DONE}
    return LocalizedText(words[entry.way].text, {"migration": entry.migration or ""})

"""Show the results of migrating cases to other versions of their procedures, or of planning it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.deadlines import Deadlines
from fujin_cli.core.findings.refusals import CANNOT_MIGRATE, Refusal
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.core.wording.labels import step_label
from fujin_cli.render.basics.moments import format_iso, format_moment
from fujin_cli.render.basics.names import step_title
from fujin_cli.render.basics.tables import Cell, Column, Table


@dataclass(frozen=True, slots=True)
class MigrationResult:
    """Hold the result for one case: ``way`` is same, replay, mapped, stuck or undone; ``event`` is its number.

    ``version`` and ``version_then`` are the versions that it follows before and after, where they could be read.
    ``busy``: somebody else was writing, and the case was left as it is. ``failure``: why the disk did not take it;
    with ``is_unknown``, it may have taken it all the same.
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
    reason: LocalizedText | None = None  # why the new version could not have produced the history
    event: int | None = None
    request_id: str | None = None
    repeated: bool = False
    busy: bool = False
    failure: LocalizedText | None = None
    is_unknown: bool = False
    version: Procedure | None = None
    version_then: Procedure | None = None


def with_position(
    result: MigrationResult, after: Case, version: Procedure, calendar: WorkingCalendar
) -> MigrationResult:
    """Add the version, step and deadline that the case has after its migration to ``version``."""
    due = None if after.has_ended else Deadlines(after, version, calendar).due_time()
    return replace(result, new_version=after.version_digest, version_then=version, target=after.step, due=due)


def migrations_json(results: Iterable[MigrationResult], calendar: WorkingCalendar, dry_run: bool) -> dict[str, Any]:
    """Write the results as JSON, version 1."""
    return {"version": 1, "dry_run": dry_run, "cases": [_migration_result_json(result, calendar) for result in results]}


def _migration_result_json(result: MigrationResult, calendar: WorkingCalendar) -> dict[str, Any]:
    refusal = result.refusal
    return {
        "case": result.case,
        "procedure": result.procedure,
        "step": result.step,
        "way": result.way,
        "target": result.target,
        "due": format_iso(result.due, calendar),
        "old_law": result.old_version,
        "new_law": result.new_version,
        "migration": result.migration if result.way == "mapped" else None,
        "event": result.event,
        "request_id": result.request_id,
        "repeated": result.repeated,
        "busy": result.busy,
        "failed": {"kind": "unknown" if result.is_unknown else "disk", "message": str(result.failure)}
        if result.failure
        else None,
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


def migrations_table(results: Iterable[MigrationResult], calendar: WorkingCalendar, dry_run: bool) -> Table:
    """Write the results for people."""
    columns = [
        Column(say("case"), whole=True),
        Column(say("step")),
        Column(say("then")),
        Column(say("due"), drop=1),
        Column(say("what happens")),
    ]
    listed = list(results)
    rows: list[list[object]] = [
        [
            result.case,
            _step_cell(result.version, result.step, result.refusal is not None),
            _step_cell(result.version_then, result.target, False),
            Cell(format_moment(result.due, calendar), plain=format_iso(result.due, calendar)) if result.due else "",
            Cell(_result_words(result, dry_run), plain=result.refusal.code if result.refusal else result.way),
        ]
        for result in listed
    ]
    empty = say("no open case follows an older version of its procedure")
    return Table(say("Migration"), columns, rows, empty, note=_migration_notes(listed, dry_run))


def _step_cell(version: Procedure | None, name: str | None, named: bool) -> object:
    """Write a step by its title; with its name where a migration file would have to name it."""
    if name is None:
        return "—"
    step_name = step_label(version, name) if version else name
    return Cell(step_name if named or version is None else step_title(version, name), plain=name)


def _migration_notes(results: list[MigrationResult], dry_run: bool) -> list[str]:
    """Say what can be done next: apply the migration, and help for cases that cannot move."""
    can = dry_run and any(not result.refusal and result.way not in ("same", "stuck") for result in results)
    helps = [result.refusal.help for result in results if result.refusal and result.refusal.help]
    lines = [say("nothing was changed; add --apply to migrate")] if can else []
    return list(dict.fromkeys(str(line) for line in (*lines, *helps)))


def _result_words(result: MigrationResult, dry_run: bool) -> object:
    if result.refusal and result.refusal.code == CANNOT_MIGRATE and result.reason:
        return Cell(say("cannot move ({code}): {reason}", code=CANNOT_MIGRATE, reason=result.reason), "red")
    if result.refusal:
        return Cell(say("{code}: {message}", code=result.refusal.code, message=result.refusal.message), "red")
    if result.busy:
        return Cell(say("another process was writing; run the command again"), "red")
    if result.failure:
        return Cell(result.failure, "red")
    if result.repeated:
        return say("already done with this request id")
    words = _WAYS if dry_run else {**_WAYS, **_DONE}
    return LocalizedText(words[result.way].text, {"migration": result.migration or ""})

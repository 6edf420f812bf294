"""Plan and carry out the migration of an open case to another version of its procedure, and take it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.cases.actors import Actor
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.completion import complete_follow_ups
from fujin_cli.core.cases.deadlines import Deadlines
from fujin_cli.core.cases.event import EventKind
from fujin_cli.core.cases.operation import Operation, Settle
from fujin_cli.core.cases.rename_case import rename_case
from fujin_cli.core.findings.refusals import (
    CANNOT_MIGRATE,
    MIGRATE_ENDED,
    MIGRATION_UNFIT,
    NO_NEW_LAW,
    NOT_ENTITLED,
    NOTHING_TO_UNDO,
    Refusal,
)
from fujin_cli.core.model.migration_file import Migration, find_migration
from fujin_cli.core.model.operators import parse_literal
from fujin_cli.core.model.organisation import Organisation
from fujin_cli.core.model.procedure import Procedure, Step
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.core.versions.ladder_matching import match_rungs
from fujin_cli.core.versions.renames import NO_CHILDREN, Renames, find_renames, list_current_children
from fujin_cli.core.versions.replay import replay_under
from fujin_cli.core.wording.labels import step_label

Way = Literal["same", "replay", "mapped", "stuck"]
_NOTHING_NEW = frozenset({EventKind.TOLD, EventKind.UNDELIVERED})  # the delivery of a notification moves no case


@dataclass(frozen=True, slots=True)
class MigrationPlan:
    """Say how a case can come under the new version, if it can.

    ``way``: it follows that version already (``same``), that version could have produced its history (``replay``), a
    migration file says where it goes (``mapped``), or none of these (``stuck``). ``case`` is the case as it would be;
    ``reason`` says why the history does not fit, and ``at`` is the number of the event that does not fit.
    """

    way: Way
    case: Case
    migration: Migration | None = None
    followed: Case | None = None  # the case with the history that the new version would have produced
    reason: LocalizedText | None = None
    at: int | None = None


def plan_migration(
    case: Case,
    old: Procedure,
    new: Procedure,
    migrations: Iterable[Migration],
    organisation: Organisation,
    calendar: WorkingCalendar,
    now: datetime,
    children: Mapping[str, Procedure] = NO_CHILDREN,
) -> MigrationPlan:
    """Plan the migration of ``case`` from its version ``old`` to ``new``; ``children`` as in ``find_renames``."""
    if case.version_digest == new.digest:
        return MigrationPlan("same", case)
    settings = compute_settings_under(case, old, new, organisation)
    followed = replay_under(case, old, new, settings, calendar, children)
    if followed.case is not None and followed.case.has_ended:
        return MigrationPlan("stuck", case, reason=say("the new version would have ended it by now"))
    if followed.case is not None:
        return MigrationPlan(
            "replay", _combine_state_and_events(case, followed.case, new, settings), followed=followed.case
        )
    at = followed.event.n if followed.event else None
    migration = find_migration(migrations, case.version_digest, new)
    target = new.steps.get(migration.steps.get(case.step, "")) if migration else None
    if migration is None or target is None or target.end is not None:
        return MigrationPlan("stuck", case, migration, None, followed.reason, at)
    renames = find_renames(old, new, children)
    mapped = _map_to_step(case, target, old, new, renames, settings, migration.keeps_deadline, calendar, now)
    return MigrationPlan("mapped", mapped, migration, None, followed.reason, at)


def compute_settings_under(case: Case, old: Procedure, new: Procedure, organisation: Organisation) -> dict[str, str]:
    """Compute a case's settings under a new version: those it was opened with; new ones as its community chose."""
    names = {new_name: old_name for old_name, new_name in find_renames(old, new).settings.items()}
    return {
        name: case.settings.get(names.get(name, name))
        or organisation.find_setting(case.community, case.committee, new.name, name)
        or setting.default
        for name, setting in new.settings.items()
    }


def _combine_state_and_events(case: Case, followed: Case, new: Procedure, settings: Mapping[str, str]) -> Case:
    """Combine the state that the new version would have produced with the case's own events."""
    return replace(
        followed,
        version_digest=new.digest,
        settings=dict(settings),
        events=case.events,
        renamed=case.renamed,
        visit=case.visit,
        told=case.told,
        code=case.code,
        procedure=case.procedure,
    )


def _map_to_step(
    case: Case,
    target: Step,
    old: Procedure,
    new: Procedure,
    renames: Renames,
    settings: Mapping[str, str],
    keeps: bool,
    calendar: WorkingCalendar,
    now: datetime,
) -> Case:
    """Put the case at the step that a migration file names; new fields have their defaults, and pauses go on."""
    defaults = {n: parse_literal(s.type, s.default) for n, s in new.fields.items() if s.default is not None}
    renamed = rename_case(case, renames.event_names())
    moved = replace(
        renamed,
        version_digest=new.digest,
        settings=dict(settings),
        step=target.name,
        values={**defaults, **renamed.values},
        since=now,
        fired=frozenset(),
        time_up=False,
        raised=(),
        raised_at=None,
        kept_within=None,
        kept_due=None,
    )
    return _keep_deadline(moved, case, target, old, renames, calendar) if keeps else moved


def _keep_deadline(
    moved: Case, case: Case, target: Step, old: Procedure, renames: Renames, calendar: WorkingCalendar
) -> Case:
    """Let the deadline of ``case`` run on in ``moved``, if both steps have one."""
    within, moment = Deadlines(case, old, calendar).time_limit()
    if not (within or moment) or not (target.within or target.lasts):
        return moved
    same = match_rungs(old.steps[case.step], target, renames.settings)
    return replace(
        moved,
        since=case.since,
        kept_within=within,
        kept_due=moment,
        raised=case.raised,
        raised_at=case.raised_at,
        fired=frozenset(same[index] for index in case.fired if index in same),
        time_up=case.time_up and target.lasts is not None,
    )


def migrate_case(
    operation: Operation, id: str, migrations: Iterable[Migration], actor: str, note: str | None
) -> MigrationPlan:
    """Move a case to the version of its procedure that the workspace has. Raises Refusal."""
    case = operation.load_case(id)
    migrator = require_migration_actor(operation.environment.organisation, actor)
    if case.has_ended:
        raise Refusal(MIGRATE_ENDED, say("{case} has ended and keeps its procedure version", case=id))
    new = operation.environment.current(case.procedure)
    if new is None:
        raise Refusal(
            NO_NEW_LAW,
            say("the workspace has no procedure {procedure} without errors", procedure=case.procedure),
            help=say("run `fujin validate`"),
        )
    environment = operation.environment
    old = operation.version_of(case)
    children = list_current_children(new, environment.current)
    plan_of_case = plan_migration(
        case, old, new, migrations, environment.organisation, environment.calendar, environment.now, children
    )
    if plan_of_case.way == "same":
        return plan_of_case
    if plan_of_case.way == "stuck":
        raise make_migration_refusal(id, plan_of_case, old)
    event = operation.make_event(
        case,
        EventKind.MIGRATED,
        migrator,
        set=_find_changed_values(case, plan_of_case.case),
        note=note
        or (plan_of_case.migration.reason if plan_of_case.way == "mapped" and plan_of_case.migration else None),
        data=_build_event_data(case, plan_of_case, find_renames(old, new, children)),
    )
    moved = operation.append_event(id, replace(event, from_step=case.step))
    complete_follow_ups(operation, [Settle(id)])
    return replace(plan_of_case, case=moved)


def make_migration_refusal(id: str, plan: MigrationPlan, old: Procedure) -> Refusal:
    """Say why a case of the version ``old`` cannot be migrated, and what would help."""
    if plan.migration is not None:
        return Refusal(
            MIGRATION_UNFIT,
            say(
                "the migration {migration} does not map {step}, where {case} is",
                migration=plan.migration.name,
                step=step_label(old, plan.case.step),
                case=id,
            ),
            help=say("add {step} to `map` in {path}", step=plan.case.step, path=plan.migration.path),
        )
    return Refusal(
        CANNOT_MIGRATE,
        say("the new version does not allow the history of {case}: {reason}", case=id, reason=plan.reason or ""),
        help=say("write a migration file in workflows/migrations/ that maps the step of such cases"),
    )


def undo_migration(operation: Operation, id: str, actor: str, note: str | None) -> int:
    """Take back the newest migration, if nothing happened since; returns its event's number. Raises Refusal."""
    case = operation.load_case(id)
    migrator = require_migration_actor(operation.environment.organisation, actor)
    newest = next((event for event in reversed(case.events) if event.kind not in _NOTHING_NEW), None)
    if newest is None or newest.kind != EventKind.MIGRATED:
        raise Refusal(
            NOTHING_TO_UNDO,
            say("{case} has no migration to undo, or something has happened since", case=id),
        )
    data = {"undoes": newest.n, "law": newest.data["from_law"], "from_law": newest.data["law"]}
    operation.append_event(id, operation.make_event(case, EventKind.MIGRATION_UNDONE, migrator, note=note, data=data))
    return newest.n


def require_migration_actor(organisation: Organisation, actor: str) -> Actor:
    """Check that somebody may migrate cases: everybody on a roster may. Raises Refusal."""
    if organisation.find_person(actor) is None:
        raise Refusal(NOT_ENTITLED, say("{actor} is on no roster", actor=actor))
    return Actor(actor, actor, "migration")


def _find_changed_values(case: Case, moved: Case) -> dict[str, Any]:
    return {name: value for name, value in moved.values.items() if case.values.get(name) != value}


def _build_event_data(case: Case, plan: MigrationPlan, renames: Renames) -> dict[str, Any]:
    """Build the event's data: both versions, the state of the case, and new names for what happened before."""
    moved = plan.case
    data: dict[str, Any] = {
        "procedure": case.procedure,
        "law": moved.version_digest,
        "from_law": case.version_digest,
        "settings": dict(moved.settings),
        "state": {
            "step": moved.step,
            "since": moved.since.isoformat(),
            "counts": dict(moved.counts),
            "fired": sorted(moved.fired),
            "time_up": moved.time_up,
            "raised": list(moved.raised),
            "raised_at": moved.raised_at.isoformat() if moved.raised_at else None,
            "within": moved.kept_within,
            "due": moved.kept_due.isoformat() if moved.kept_due else None,
            "pauses": [
                [pause.start.isoformat(), pause.planned.isoformat(), pause.end.isoformat() if pause.end else None]
                for pause in moved.pauses
            ],
            "replaced": [child.case for child in moved.children if child.replaced],
            "leaves": [child.case for child in moved.children if child.leaves],
        },
        "names": renames.event_names(),
    }
    if plan.way == "mapped" and plan.migration:
        data |= {
            "mapped": True,
            "migration": plan.migration.name,
            "approver": plan.migration.approver,
            "deadlines": "keep-remaining" if plan.migration.keeps_deadline else "restart",
        }
    return data

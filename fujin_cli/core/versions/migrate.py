"""Plan and carry out the migration of an open case to another version of its procedure, and take it back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from fujin_cli.core.cases.actors import Actor
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.completion import complete_follow_ups
from fujin_cli.core.cases.event import EventKind
from fujin_cli.core.cases.operation import Operation, Settle
from fujin_cli.core.findings.refusals import (
    CANNOT_MIGRATE,
    MIGRATE_ENDED,
    MIGRATION_UNFIT,
    NO_NEW_LAW,
    NOT_ENTITLED,
    NOTHING_TO_UNDO,
    Refusal,
)
from fujin_cli.core.model.migration_file import Migration
from fujin_cli.core.model.organisation import Organisation
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.text.localized import say
from fujin_cli.core.verify.case_prospects import CaseProspects
from fujin_cli.core.versions.migration_plan import MigrationPlan, plan_migration
from fujin_cli.core.versions.renames import Renames, find_renames, list_current_children
from fujin_cli.core.wording.labels import step_label

_NOTHING_NEW = frozenset({EventKind.TOLD, EventKind.UNDELIVERED})  # the delivery of a notification moves no case


def migrate_case(
    operation: Operation,
    id: str,
    migrations: Iterable[Migration],
    actor: str,
    note: str | None,
    prospects: CaseProspects | None = None,
) -> MigrationPlan:
    """Move a case to the version of its procedure that the workspace has. Raises Refusal."""
    case = operation.load_case(id)
    environment = operation.environment
    migrator = require_migration_actor(environment.organisation, actor)
    plan_of_case = find_migration_plan(operation, id, migrations, prospects)
    old = operation.version_of(case)
    if plan_of_case.way == "same":
        return plan_of_case
    if plan_of_case.way == "stuck":
        raise make_migration_refusal(id, plan_of_case, old)
    new = environment.version(plan_of_case.case.version_digest)
    children = list_current_children(new, environment.current)
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


def find_migration_plan(
    operation: Operation, id: str, migrations: Iterable[Migration], prospects: CaseProspects | None = None
) -> MigrationPlan:
    """Find how a case can move to the version of its procedure that the workspace has.

    Raises Refusal where it has ended, or the workspace has no such procedure without errors.
    """
    case, environment = operation.load_case(id), operation.environment
    if case.has_ended:
        raise Refusal(MIGRATE_ENDED, say("{case} has ended and keeps its procedure version", case=id))
    new = environment.current(case.procedure)
    if new is None:
        raise Refusal(
            NO_NEW_LAW,
            say("the workspace has no procedure {procedure} without errors", procedure=case.procedure),
            help=say("run `fujin validate`"),
        )
    children = list_current_children(new, environment.current)
    return plan_migration(
        case,
        operation.version_of(case),
        new,
        migrations,
        environment.organisation,
        environment.calendar,
        environment.now,
        children,
        prospects,
    )


def make_migration_refusal(id: str, plan: MigrationPlan, old: Procedure) -> Refusal:
    """Say why a case of the version ``old`` cannot be migrated, and what would help."""
    if plan.dead_end is not None:
        return Refusal(
            CANNOT_MIGRATE,
            say("{case} could not end under the new version: {reason}", case=id, reason=plan.reason or ""),
            help=say("if an outcome was renamed, say `was: OLD` at its end in the child's file"),
        )
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
    newest = next((event for event in reversed(case.events_in_effect) if event.kind not in _NOTHING_NEW), None)
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

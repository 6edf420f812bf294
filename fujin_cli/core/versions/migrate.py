"""Moving an open case to another version of its procedure, and back: what would happen, and the events that do it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.cases.actors import Actor
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.completion import complete
from fujin_cli.core.cases.deadlines import Deadlines
from fujin_cli.core.cases.event import EventKind
from fujin_cli.core.cases.evolve import in_names
from fujin_cli.core.cases.follow_ups import Settle
from fujin_cli.core.cases.operation import Operation
from fujin_cli.core.findings.refusals import (
    CANNOT_MIGRATE,
    MIGRATE_ENDED,
    MIGRATION_UNFIT,
    NO_NEW_LAW,
    NOT_ENTITLED,
    NOTHING_TO_UNDO,
    Refusal,
)
from fujin_cli.core.model.migration_file import Migration, migration_for
from fujin_cli.core.model.organisation import Organisation
from fujin_cli.core.model.procedure import Procedure, Step
from fujin_cli.core.model.values import literal
from fujin_cli.core.text.message import LocalizedText, say
from fujin_cli.core.versions.ladder_matching import same_rungs
from fujin_cli.core.versions.renames import Renames, renames_between
from fujin_cli.core.versions.replay import follow
from fujin_cli.core.wording.labels import step_label

Way = Literal["same", "replay", "mapped", "stuck"]
_NOTHING_NEW = frozenset({EventKind.TOLD, EventKind.UNDELIVERED})  # the delivery of a notification moves no case


@dataclass(frozen=True, slots=True)
class Plan:
    """How a case can come under the new law, if it can.

    ``way``: it has it already (``same``), the new law could have produced its history (``replay``), a migration file
    says where it goes (``mapped``), or neither (``stuck``). ``case`` is the case as it would be; ``reason`` why the
    history does not fit, and ``at`` the number of the event that does not.
    """

    way: Way
    case: Case
    migration: Migration | None = None
    followed: Case | None = None  # the case with its history as the new law would have had it
    reason: LocalizedText | None = None
    at: int | None = None


def plan(
    case: Case,
    old: Procedure,
    new: Procedure,
    migrations: Iterable[Migration],
    organisation: Organisation,
    calendar: WorkingCalendar,
    now: datetime,
) -> Plan:
    """How ``case`` can come from its law ``old`` under ``new``."""
    if case.version_digest == new.digest:
        return Plan("same", case)
    settings = settings_under(case, old, new, organisation)
    followed = follow(case, old, new, settings, calendar)
    if followed.case is not None and followed.case.ended:
        return Plan("stuck", case, reason=say("the new law would have ended it by now"))
    if followed.case is not None:
        return Plan("replay", _moved(case, followed.case, new, settings), followed=followed.case)
    at = followed.event.n if followed.event else None
    migration = migration_for(migrations, case.version_digest, new)
    target = new.steps.get(migration.steps.get(case.step, "")) if migration else None
    if migration is None or target is None or target.end is not None:
        return Plan("stuck", case, migration, None, followed.reason, at)
    mapped = _mapped(case, target, old, new, settings, migration.keeps_deadline, calendar, now)
    return Plan("mapped", mapped, migration, None, followed.reason, at)


def settings_under(case: Case, old: Procedure, new: Procedure, organisation: Organisation) -> dict[str, str]:
    """The settings that a case has under a new law: those it was opened with, new ones as the case's place has them."""
    names = {there: here for here, there in renames_between(old, new).settings.items()}
    return {
        name: case.settings.get(names.get(name, name))
        or organisation.setting(case.community, case.committee, new.name, name)
        or setting.default
        for name, setting in new.settings.items()
    }


def _moved(case: Case, followed: Case, new: Procedure, settings: Mapping[str, str]) -> Case:
    """The case with the state that the new law would have left, and its own events."""
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


def _mapped(
    case: Case,
    target: Step,
    old: Procedure,
    new: Procedure,
    settings: Mapping[str, str],
    keeps: bool,
    calendar: WorkingCalendar,
    now: datetime,
) -> Case:
    """The case at the step that a migration file names; new fields have their defaults, and pauses go on."""
    renames = renames_between(old, new)
    defaults = {n: literal(s.type, s.default) for n, s in new.fields.items() if s.default is not None}
    called = in_names(case, renames.names())
    moved = replace(
        called,
        version_digest=new.digest,
        settings=dict(settings),
        step=target.name,
        values={**defaults, **called.values},
        since=now,
        fired=frozenset(),
        time_up=False,
        raised=(),
        raised_at=None,
        kept_within=None,
        kept_due=None,
    )
    within, moment = Deadlines(case, old, calendar).time()
    if not keeps or not (within or moment) or not (target.within or target.lasts):
        return moved
    same = same_rungs(old.steps[case.step], target, renames.settings)
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


def migrate(operation: Operation, id: str, migrations: Iterable[Migration], actor: str, note: str | None) -> Plan:
    """Move a case to the version of its procedure that the workspace has. Raises Refusal."""
    case = operation.case(id)
    acting = migrates(operation.environment.organisation, actor)
    if case.ended:
        raise Refusal(MIGRATE_ENDED, say("{case} has ended and keeps the law under which it did", case=id))
    new = operation.environment.current(case.procedure)
    if new is None:
        raise Refusal(
            NO_NEW_LAW,
            say("the workspace has no sound procedure {procedure}", procedure=case.procedure),
            help=say("run `fujin validate`"),
        )
    environment = operation.environment
    old = operation.version_of(case)
    found = plan(case, old, new, migrations, environment.organisation, environment.calendar, environment.now)
    if found.way == "same":
        return found
    if found.way == "stuck":
        raise refusal_of(id, found, old)
    event = operation.event(
        case,
        EventKind.MIGRATED,
        acting,
        set=_new_values(case, found.case),
        note=note or (found.migration.reason if found.way == "mapped" and found.migration else None),
        data=_data(case, found, renames_between(old, new)),
    )
    moved = operation.append(id, replace(event, from_step=case.step))
    complete(operation, [Settle(id)])
    return replace(found, case=moved)


def refusal_of(id: str, found: Plan, old: Procedure) -> Refusal:
    """Why a case of the law ``old`` cannot move, and what would let it."""
    if found.migration is not None:
        return Refusal(
            MIGRATION_UNFIT,
            say(
                "the migration {migration} says nothing of cases at {step}: {case}",
                migration=found.migration.name,
                step=step_label(old, found.case.step),
                case=id,
            ),
            help=say("add {step} to `map` in {path}", step=found.case.step, path=found.migration.path),
        )
    return Refusal(
        CANNOT_MIGRATE,
        say("the new law could not have produced the history of {case}: {reason}", case=id, reason=found.reason or ""),
        help=say("write a migration file in workflows/migrations/ that says where such cases go"),
    )


def undo(operation: Operation, id: str, actor: str, note: str | None) -> int:
    """Take a migration back, as long as nothing new happened since; the number of its event. Raises Refusal."""
    case = operation.case(id)
    acting = migrates(operation.environment.organisation, actor)
    newest = next((event for event in reversed(case.events) if event.kind not in _NOTHING_NEW), None)
    if newest is None or newest.kind != EventKind.MIGRATED:
        raise Refusal(
            NOTHING_TO_UNDO,
            say("there is no migration of {case} to take back, or something new happened since", case=id),
        )
    data = {"undoes": newest.n, "law": newest.data["from_law"], "from_law": newest.data["law"]}
    operation.append(id, operation.event(case, EventKind.MIGRATION_UNDONE, acting, note=note, data=data))
    return newest.n


def migrates(organisation: Organisation, actor: str) -> Actor:
    """How somebody migrates cases: whoever is on a roster may. Raises Refusal."""
    if organisation.person(actor) is None:
        raise Refusal(NOT_ENTITLED, say("{actor} is on no roster", actor=actor))
    return Actor(actor, actor, "migration")


def _new_values(case: Case, moved: Case) -> dict[str, Any]:
    return {name: value for name, value in moved.values.items() if case.values.get(name) != value}


def _data(case: Case, found: Plan, renames: Renames) -> dict[str, Any]:
    """What the event keeps: both laws, where the case stands now, and how the new law calls what happened before."""
    moved = found.case
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
        "names": renames.names(),
    }
    if found.way == "mapped" and found.migration:
        data |= {
            "mapped": True,
            "migration": found.migration.name,
            "approver": found.migration.approver,
            "deadlines": "keep-remaining" if found.migration.keeps_deadline else "restart",
        }
    return data

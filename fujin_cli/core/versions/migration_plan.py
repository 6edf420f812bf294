"""Plan the migration of an open case: by its history, by a migration file, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.deadlines import Deadlines
from fujin_cli.core.cases.rename_case import rename_case
from fujin_cli.core.model.migration_file import Migration, find_migration
from fujin_cli.core.model.operators import parse_literal
from fujin_cli.core.model.organisation import Organisation
from fujin_cli.core.model.procedure import Procedure, Step
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.core.verify.case_prospects import CaseDeadEnd, CaseProspects
from fujin_cli.core.versions.ladder_matching import match_rungs
from fujin_cli.core.versions.renames import NO_CHILDREN, Renames, find_renames
from fujin_cli.core.versions.replay import replay_under
from fujin_cli.core.versions.stuck_cases import describe_dead_end

Way = Literal["same", "replay", "mapped", "stuck"]


@dataclass(frozen=True, slots=True)
class MigrationPlan:
    """Say how a case can come under the new version, if it can.

    ``way``: it follows that version already (``same``), that version could have produced its history (``replay``), a
    migration file says where it goes (``mapped``), or none of these (``stuck``). ``case`` is the case as it would be;
    ``reason`` says why the history does not fit, and ``at`` is the number of the event that does not fit. Where the
    history fits, but the case or its parent could not end then, it is stuck too, with ``dead_end`` set.
    """

    way: Way
    case: Case
    migration: Migration | None = None
    followed: Case | None = None  # the case with the history that the new version would have produced
    reason: LocalizedText | None = None
    at: int | None = None
    dead_end: CaseDeadEnd | None = None


def plan_migration(
    case: Case,
    old: Procedure,
    new: Procedure,
    migrations: Iterable[Migration],
    organisation: Organisation,
    calendar: WorkingCalendar,
    now: datetime,
    children: Mapping[str, Procedure] = NO_CHILDREN,
    prospects: CaseProspects | None = None,
    renames: Renames | None = None,
) -> MigrationPlan:
    """Plan the migration of ``case`` from its version ``old`` to ``new``; ``children`` as in ``find_renames``.

    With ``prospects``, a case that could not end under the new version does not move. ``renames`` are those between the
    two versions where the caller has them: it may plan for many cases.
    """
    renames = renames or find_renames(old, new, children)
    plan = _plan_by_history(case, old, new, migrations, organisation, calendar, now, renames)
    if prospects is None or plan.way not in ("replay", "mapped"):
        return plan
    return _check_prospects(plan, case, old, new, prospects)


def _check_prospects(
    plan: MigrationPlan, case: Case, old: Procedure, new: Procedure, prospects: CaseProspects
) -> MigrationPlan:
    """Make the plan stuck where the case, or its parent, could not end then, and is better off as it is."""
    find = prospects.find_dead_end if plan.way == "replay" else prospects.find_mapped_dead_end
    dead_end = find(plan.case, new)
    if dead_end is not None and (
        dead_end.certain or not prospects.is_dead_end_inherent(plan.case, new) or not prospects.find_dead_end(case, old)
    ):
        return replace(plan, way="stuck", dead_end=dead_end, reason=describe_dead_end(dead_end, new))
    found = prospects.find_parent_dead_end(case, new)
    if found is None:
        return plan
    parent, version, dead_end = found
    reason = say("{case} waits for it: {reason}", case=parent.id, reason=describe_dead_end(dead_end, version))
    return replace(plan, way="stuck", dead_end=dead_end, reason=reason)


def _plan_by_history(
    case: Case,
    old: Procedure,
    new: Procedure,
    migrations: Iterable[Migration],
    organisation: Organisation,
    calendar: WorkingCalendar,
    now: datetime,
    renames: Renames,
) -> MigrationPlan:
    if case.version_digest == new.digest:
        return MigrationPlan("same", case)
    settings = compute_settings_under(case, new, organisation, renames)
    followed = replay_under(case, old, new, settings, calendar, renames)
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
    mapped = _map_to_step(case, target, old, new, renames, settings, migration.keeps_deadline, calendar, now)
    return MigrationPlan("mapped", mapped, migration, None, followed.reason, at)


def compute_settings_under(case: Case, new: Procedure, organisation: Organisation, renames: Renames) -> dict[str, str]:
    """Compute a case's settings under a new version: those it was opened with; new ones as its community chose."""
    names = {new_name: old_name for old_name, new_name in renames.settings.items()}
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
        undone=case.undone,
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

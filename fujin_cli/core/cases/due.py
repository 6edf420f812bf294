"""List what falls due in a case: rungs of its ladder, the ends of periods and of pauses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.deadlines import Deadlines
from fujin_cli.core.cases.event import Event, EventKind
from fujin_cli.core.cases.transition import Branch, branch_of, is_limit_used_up
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.model.rung_types import Rung


@dataclass(frozen=True, slots=True)
class Due:
    """Something that falls due: a rung, the end of a period (``time-up``) or of a pause (``resume``)."""

    kind: EventKind
    at: datetime
    rung: Rung | None = None


def list_due(procedure: Procedure, case: Case, now: datetime, calendar: WorkingCalendar) -> Iterator[Due]:
    """List what fell due by ``now`` and is not recorded yet, oldest first. A rung that may not move yet waits."""
    if case.has_ended:
        return
    deadlines = Deadlines(case, procedure, calendar)
    pause = case.running_pause
    if pause and pause.planned <= now:
        yield Due(EventKind.RESUME, pause.planned)
        return
    until = pause.start if pause else now  # what falls due in a pause waits for its end
    step = procedure.steps[case.step]
    ranked: list[tuple[datetime, int, Due]] = []
    for rung in step.ladder:
        at = deadlines.rung_time(rung) if rung.index not in case.fired else None
        if at is not None and at <= until and find_available_branch(procedure, case, rung) is not None:
            ranked.append((at, rung.index, Due(EventKind.RUNG, at, rung)))
    if step.lasts and not case.time_up:
        ends = deadlines.step_deadline()
        if ends is not None and ends <= until:
            ranked.append((ends, -1, Due(EventKind.TIME_UP, ends)))
    yield from (fallen for _, _, fallen in sorted(ranked, key=lambda row: row[:2]))


def is_due(procedure: Procedure, case: Case, now: datetime, calendar: WorkingCalendar) -> bool:
    """Tell whether anything fell due by ``now`` that is not recorded yet."""
    return next(list_due(procedure, case, now, calendar), None) is not None


def find_available_branch(procedure: Procedure, case: Case, rung: Rung) -> Branch | None:
    """Tell where a rung leads; None where its limit is used up for good, or open children keep the case from an end."""
    branch = branch_of(procedure, rung, is_limit_used_up(case, rung))
    if branch.overflow and not rung.then:
        return None
    ends = branch.target is not None and procedure.steps[branch.target].end is not None
    return None if ends and case.open_child_ids() else branch


def is_reminder_left_out(procedure: Procedure, event: Event) -> bool:
    """Tell whether a reminder was recorded only after its deadline, so that it told nobody."""
    step = procedure.steps.get(event.from_step or "")
    rungs = step.ladder if step else ()
    rung = next((rung for rung in rungs if rung.rule == event.data.get("rule")), None)
    return rung is not None and rung.is_reminder and bool(rung.effects.tells) and not event.tells

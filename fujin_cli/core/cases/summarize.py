"""Summarize a case for lists."""

from __future__ import annotations

from datetime import datetime

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.cases.acceptance import awaits_acceptance
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.deadlines import Deadlines, calendar_missing
from fujin_cli.core.cases.summary import Summary
from fujin_cli.core.model.procedure import Procedure


def summarize(case: Case, procedure: Procedure, calendar: WorkingCalendar, now: datetime) -> Summary:
    """Summarize ``case`` under its own version at the moment ``now``."""
    step = procedure.steps[case.step]
    deadlines = Deadlines(case, procedure, calendar)
    due = None if case.ended else deadlines.due()
    return Summary(
        case=case.id,
        procedure=case.procedure,
        community=case.community,
        committee=case.committee,
        step=case.step,
        outcome=case.outcome,
        opened=case.opened_at,
        due=due,
        overdue=deadlines.overdue(now),
        paused=case.paused.planned if case.paused else None,
        owner=step.owner,
        awaiting_acceptance=not case.ended and awaits_acceptance(procedure, step),
        parent=case.parent,
        calendar_missing=due is None and calendar_missing(case, procedure, calendar),
        overdue_at=deadlines.first() if step.within and not case.ended else None,
    )

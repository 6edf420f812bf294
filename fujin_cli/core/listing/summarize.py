"""Summarize a case for lists."""

from __future__ import annotations

from datetime import datetime

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.cases.acceptance import is_awaiting_acceptance
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.deadlines import Deadlines, find_calendar_gap
from fujin_cli.core.listing.summary import Order, Summary
from fujin_cli.core.model.procedure import Procedure


def summarize(case: Case, procedure: Procedure, calendar: WorkingCalendar, now: datetime) -> Summary:
    """Summarize ``case`` under its own version at the moment ``now``."""
    step = procedure.steps[case.step]
    deadlines = Deadlines(case, procedure, calendar)
    due = None if case.has_ended else deadlines.due_time()
    gap = find_calendar_gap(case, procedure, calendar) if due is None else None
    return Summary(
        case=case.id,
        procedure=case.procedure,
        community=case.community,
        committee=case.committee,
        step=case.step,
        outcome=case.outcome,
        opened=case.opened_at,
        due=due,
        overdue=deadlines.is_overdue(now),
        paused=case.running_pause.planned if case.running_pause else None,
        owner=step.owner,
        awaiting_acceptance=not case.has_ended and is_awaiting_acceptance(procedure, step),
        parent=case.parent,
        missing_year=gap.year if gap is not None else None,
        overdue_at=deadlines.step_deadline() if step.within and not case.has_ended else None,
        subject=find_subject(case, procedure),
        topic=next(iter(_list_references(case, procedure, "topic")), None),
        partners=_list_references(case, procedure, "partner"),
        orders=tuple(
            Order(child.case, child.group, child.each or None, child.outcome)
            for child in case.children
            if not child.replaced
        ),
    )


def find_subject(case: Case, procedure: Procedure) -> str:
    """Find what a case is about: the first of its procedure's texts that it has, on one line; empty without one."""
    texts = (str(case.values.get(name) or "") for name, field in procedure.fields.items() if field.type == "text")
    return next((" ".join(text.split()) for text in texts if text.strip()), "")


def _list_references(case: Case, procedure: Procedure, type: str) -> tuple[str, ...]:
    """List the ids of one type that stand in the case's fields, in the order of the procedure's file."""
    values = [case.values.get(name) for name, field in procedure.fields.items() if field.item_type == type]
    ids = [id for value in values if value for id in (value if isinstance(value, list) else [value])]
    return tuple(dict.fromkeys(map(str, ids)))

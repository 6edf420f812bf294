"""Write lists of cases as JSON. Imports little: this runs most often."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.listing.summary import Summary
from fujin_cli.render.basics.moments import format_iso


def case_json(summary: Summary, calendar: WorkingCalendar) -> dict[str, Any]:
    """Write one case as JSON; ``paused`` is when a running pause ends, else null."""
    return {
        "case": summary.case,
        "procedure": summary.procedure,
        "community": summary.community,
        "committee": summary.committee,
        "step": summary.step,
        "outcome": summary.outcome,
        "opened": format_iso(summary.opened, calendar),
        "due": format_iso(summary.due, calendar),
        "overdue": summary.overdue,
        "paused": format_iso(summary.paused, calendar),
    }


def cases_json(
    summaries: Iterable[Summary], calendar: WorkingCalendar, owners: Callable[[Summary], Sequence[str]]
) -> dict[str, Any]:
    """Write cases as JSON, version 1; ``owners`` lists the ids of those whom the step of a case waits for."""
    return {
        "version": 1,
        "cases": [case_json(summary, calendar) | _subject_json(summary, owners) for summary in summaries],
    }


def _subject_json(summary: Summary, owners: Callable[[Summary], Sequence[str]]) -> dict[str, Any]:
    """Write what the case is about, whom its step waits for, and what it has ordered from whom."""
    return {
        "summary": summary.subject or None,
        "topic": summary.topic,
        "owner": summary.owner,
        "who": list(owners(summary)),
        "partners": list(summary.partners),
        "orders": [order._asdict() for order in summary.orders],
    }

"""Write lists of cases as JSON. Imports little: this runs most often."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.cases.summary import Summary
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


def cases_json(summaries: Iterable[Summary], calendar: WorkingCalendar) -> dict[str, Any]:
    """Write cases as JSON, version 1."""
    return {"version": 1, "cases": [case_json(summary, calendar) for summary in summaries]}

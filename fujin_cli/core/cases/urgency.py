"""Order cases by urgency: the overdue ones first, then by the time that is left, then those without a deadline."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from fujin_cli.core.cases.summary import Summary

_NEVER = datetime.max.replace(tzinfo=UTC)


def sort_by_urgency(summaries: Iterable[Summary]) -> list[Summary]:
    """Sort cases by urgency; ended ones come last, and cases that are as urgent stay in the order of their ids."""
    return sorted(
        summaries,
        key=lambda summary: (
            summary.outcome is not None,
            not summary.overdue,
            summary.due or _NEVER,
            summary.case,
        ),
    )

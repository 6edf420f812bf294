"""Order cases: by urgency (overdue, then by the time that is left, then without a deadline), or by a column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from fujin_cli.core.listing.summary import Summary

_NEVER = datetime.max.replace(tzinfo=UTC)


def _compute_urgency(summary: Summary) -> tuple[bool, bool, datetime]:
    """Ended cases come last."""
    return (summary.outcome is not None, not summary.overdue, summary.due or _NEVER)


ORDERS: Mapping[str, Callable[[Summary], Any]] = {
    "urgency": _compute_urgency,
    "case": lambda summary: "",
    "due": lambda summary: summary.due or _NEVER,
    "opened": lambda summary: summary.opened,
    "procedure": lambda summary: summary.procedure,
    "community": lambda summary: summary.community,
    "committee": lambda summary: summary.committee or "",
    "step": lambda summary: summary.step,
    "topic": lambda summary: summary.topic or "",
    "owner": lambda summary: (summary.owner or "", summary.owners or ()),
    "partners": lambda summary: summary.partners,
    "summary": lambda summary: summary.subject,
}
"""What a list can be sorted by. Cases that are equal stay in the order of their ids."""


def sort_cases(summaries: Iterable[Summary], order: str) -> list[Summary]:
    """Sort cases by one of ``ORDERS``; ``-due`` turns the order around."""
    by_id = sorted(summaries, key=lambda summary: summary.case, reverse=order == "-case")
    return sorted(by_id, key=ORDERS[order.removeprefix("-")], reverse=order.startswith("-") and order != "-case")

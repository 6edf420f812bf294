"""The summary of a case in lists: its step, its time, and whether its reporter's acceptance is awaited.

Nothing heavy is imported here: lists of an unchanged ledger are shown from kept rows (summary_cache).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple


class Order(NamedTuple):
    """A case that a case opened, for a value of the field ``each``: a work order for a partner."""

    case: str
    group: str
    each: str | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Summary:
    """
    One line about a case. Moments are UTC; ``paused`` is when a running pause ends as planned.

    ``owner`` is the procedure's name for whoever the step waits for, ``owners`` are their ids today; None where
    another case decides who they are, so that they have to be resolved each time.
    ``due`` is None where nothing is due, and where the calendar lacks the year (``missing_year``).
    """

    case: str
    procedure: str
    community: str
    committee: str | None
    step: str
    outcome: str | None
    opened: datetime
    due: datetime | None
    overdue: bool
    paused: datetime | None
    owner: str | None
    awaiting_acceptance: bool
    parent: str | None
    missing_year: int | None
    overdue_at: datetime | None = None  # the step's own deadline, where passing it makes the case overdue
    subject: str = ""  # what the case is about: its first text
    topic: str | None = None
    partners: tuple[str, ...] = ()
    orders: tuple[Order, ...] = ()
    owners: tuple[str, ...] | None = None


TIMES = ("opened", "due", "paused", "overdue_at")


def row_of(summary: Summary) -> dict[str, Any]:
    """Write the summary as plain JSON, without ``overdue``, which changes with the hour."""
    row = {name: getattr(summary, name) for name in Summary.__slots__ if name != "overdue"}
    return row | {name: row[name].isoformat() for name in TIMES if row[name] is not None}


def summary_from_row(row: Mapping[str, Any], now: datetime) -> Summary:
    """Read a summary that ``row_of`` wrote, as of the moment ``now``."""
    times = {name: datetime.fromisoformat(row[name]) for name in TIMES if row[name] is not None}
    overdue_at = times.get("overdue_at")
    owners = row["owners"]
    return Summary(
        **{
            **row,
            **times,
            "overdue": overdue_at is not None and now > overdue_at,
            "partners": tuple(row["partners"]),
            "orders": tuple(Order(*order) for order in row["orders"]),
            "owners": None if owners is None else tuple(owners),
        }
    )


_NEVER = datetime.max.replace(tzinfo=UTC)


def sort_by_urgency(summaries: Iterable[Summary]) -> list[Summary]:
    """Sort cases: the overdue ones first, then by the time that is left, then those without a deadline.

    Ended ones come last, and cases that are as urgent stay in the order of their ids.
    """
    return sorted(
        summaries,
        key=lambda summary: (
            summary.outcome is not None,
            not summary.overdue,
            summary.due or _NEVER,
            summary.case,
        ),
    )

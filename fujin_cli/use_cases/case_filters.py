"""Choose the cases of a list: by what their summaries say, and by what only the whole case says."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.listing.filters import Filters
from fujin_cli.core.listing.summary import Summary
from fujin_cli.use_cases.list_cases import all_summaries, each_case, open_summaries, owners_of
from fujin_cli.use_cases.session import Session

if TYPE_CHECKING:
    from fujin_cli.core.cases.case import Case
    from fujin_cli.core.model.procedure import Procedure
    from fujin_cli.store.ledger.protocol import StoredCase


def list_candidates(session: Session, filters: Filters) -> list[Summary]:
    """List the cases that the other filters choose from: open ones, or all, of some communities; ordered by id."""
    if filters.all:
        return list(all_summaries(session, filters.community))
    return open_summaries(session, filters.community)


def filter_cases(session: Session, summaries: list[Summary], filters: Filters) -> list[Summary]:
    """Filter cases. Raises WrongUsage for ``mine`` where nobody acts."""
    actor = session.actor if filters.mine else None
    chosen = [summary for summary in summaries if _passes(session, summary, filters, actor)]
    if filters.search is None and filters.can is None:
        return chosen
    ids = _match_whole_cases(session, {summary.case for summary in chosen}, filters)
    return [summary for summary in chosen if summary.case in ids]


def read_cases(session: Session, ids: set[str], filters: Filters) -> dict[str, tuple[Case, Procedure]]:
    """Read whole cases, for columns that show fields; unless ``all``, only volumes with open cases are read."""
    from fujin_cli.core.cases.evolve import replay

    def work(stored: StoredCase) -> tuple[str, tuple[Case, Procedure]]:
        case = replay(stored.case, stored.events)
        return stored.case, (case, session.version_of(case.id, case.version_digest, case.step))

    read = session.ledger.all_cases if filters.all else session.ledger.open_cases
    return dict(each_case(session, (stored for stored in read(filters.community) if stored.case in ids), work))


def _match_whole_cases(session: Session, ids: set[str], filters: Filters) -> set[str]:
    """Find those of the cases ``ids`` that pass ``search`` and ``can``; only volumes with open cases are read."""
    from fujin_cli.core.cases.actors import People
    from fujin_cli.core.cases.evolve import replay
    from fujin_cli.core.listing.matching import Search, matches_search

    search = Search(filters.search, filters.can, session.actor if session.actor_text else None)
    day = session.calendar.to_local(session.now).date()

    def work(stored: StoredCase) -> tuple[str, bool]:
        case = replay(stored.case, stored.events)
        version = session.version_of(case.id, case.version_digest, case.step)
        people = People(case, version, session.workspace.organisation, day, session.case)
        return stored.case, matches_search(search, people, session.now, session.calendar)

    read = session.ledger.all_cases if filters.all else session.ledger.open_cases
    stored_cases = (stored for stored in read(filters.community) if stored.case in ids)
    return {id for id, is_match in each_case(session, stored_cases, work) if is_match}


def _passes(session: Session, summary: Summary, filters: Filters, actor: str | None) -> bool:
    """Whether a case passes the filters that its summary decides; who owns it is resolved last."""
    return (
        filters.committee in (None, summary.committee)
        and filters.procedure in (None, summary.procedure)
        and filters.step in (None, summary.step)
        and filters.topic in (None, summary.topic)
        and (filters.partner is None or filters.partner in summary.partners)
        and (summary.overdue or not filters.overdue)
        and (not filters.today or is_due_by_today(summary, session.calendar, session.now))
        and (filters.owner is None or filters.owner in (summary.owner, *owners_of(session, summary)))
        and (actor is None or actor in owners_of(session, summary))
        and (not filters.waiting or is_waiting_for_others(summary))
        and (not filters.unassigned or is_unassigned(session, summary))
    )


def is_due_by_today(summary: Summary, calendar: WorkingCalendar, now: datetime) -> bool:
    """Whether a case is due by the end of the local day; what was due before and waits still is, too."""
    return summary.due is not None and calendar.to_local(summary.due).date() <= calendar.to_local(now).date()


def is_waiting_for_others(summary: Summary) -> bool:
    """Whether a case waits for others than the office: it is paused, an order is open, or the reporter is asked."""
    has_open_order = any(order.outcome is None for order in summary.orders)
    return summary.outcome is None and (summary.paused is not None or summary.awaiting_acceptance or has_open_order)


def is_unassigned(session: Session, summary: Summary) -> bool:
    """Whether an open case waits for a role that nobody fills today."""
    return summary.outcome is None and summary.owner is not None and not owners_of(session, summary)

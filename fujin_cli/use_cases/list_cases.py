"""Read cases for lists: from the summary cache for volumes that have not changed, else from the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from fujin_cli.core.cases.summary import Summary, row_of, summary_from_row
from fujin_cli.use_cases.session import Session

if TYPE_CHECKING:
    from fujin_cli.core.cases.actors import People
    from fujin_cli.core.cases.case import Case
    from fujin_cli.core.model.ids import Volume
    from fujin_cli.store.ledger.protocol import StoredCase
    from fujin_cli.use_cases.run_operation import Fold


def open_summaries(session: Session, communities: Sequence[str] | None) -> list[Summary]:
    """Summarize every open case, ordered by id; only volumes that changed since the last list are read."""
    from fujin_cli.store.ledger.factory import open_summary_cache

    def work(volumes: Sequence[Volume]) -> dict[Volume, list[dict[str, Any]]]:
        return {
            volume: [row_of(_summarize_stored(session, stored)) for stored in cases if stored.open]
            for volume, cases in session.ledger.cases_in(volumes).items()
        }

    rows = open_summary_cache(session.root, session.loaded.key).rows(communities, work)
    return [summary_from_row(row, session.now) for row in rows]


def open_case_outlines(session: Session) -> list[dict[str, Any]]:
    """List of every open case what depends on no configuration (``core.cases.outline``), ordered by id.

    Only volumes that changed since the last time are read, whatever the configuration.
    """
    from fujin_cli.store.ledger.factory import open_outline_cache

    def work(volumes: Sequence[Volume]) -> dict[Volume, list[dict[str, Any]]]:
        from fujin_cli.core.cases.evolve import replay
        from fujin_cli.core.cases.outline import outline_of

        return {
            volume: [outline_of(replay(stored.case, stored.events)) for stored in cases if stored.open]
            for volume, cases in session.ledger.cases_in(volumes).items()
        }

    return open_outline_cache(session.root).rows(None, work)


def all_summaries(session: Session, communities: Sequence[str] | None) -> Iterator[Summary]:
    """Summarize every case, including ended ones."""
    for stored in session.ledger.all_cases(communities):
        yield _summarize_stored(session, stored)


def open_cases(session: Session, communities: Sequence[str] | None, fold: Fold | None = None) -> Iterator[Case]:
    """Iterate over every open case, ordered by id; ``fold`` makes a case of its events."""
    from fujin_cli.core.cases.evolve import replay

    for stored in session.ledger.open_cases(communities):
        yield (fold or replay)(stored.case, stored.events)


def summary_of(session: Session, id: str) -> Summary:
    """Summarize one case as it is now. Raises Refusal where the ledger has no such case."""
    from fujin_cli.core.cases.summarize import summarize

    case = session.case(id)
    return summarize(case, session.version(case.version_digest), session.calendar, session.now)


def _summarize_stored(session: Session, stored: StoredCase) -> Summary:
    from fujin_cli.core.cases.evolve import replay
    from fujin_cli.core.cases.summarize import summarize

    case = replay(stored.case, stored.events)
    return summarize(case, session.version(case.version_digest), session.calendar, session.now)


def people_of(session: Session, id: str) -> People:
    """Find who fills the roles of the case's procedure today. Raises Refusal where the ledger has no such case."""
    from fujin_cli.core.cases.actors import People

    case = session.case(id)
    day = session.calendar.to_local(session.now).date()
    return People(case, session.version(case.version_digest), session.workspace.organisation, day, session.case)

"""Read cases for lists: from the summary cache for volumes that have not changed, else from the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from fujin_cli.core.findings.refusals import Refusal
from fujin_cli.core.listing.summary import Summary, row_of, summary_from_row
from fujin_cli.core.text.localized import say
from fujin_cli.store.ledger.protocol import Damaged
from fujin_cli.use_cases.session import Session

if TYPE_CHECKING:
    from datetime import date

    from fujin_cli.core.cases.actors import People
    from fujin_cli.core.cases.case import Case
    from fujin_cli.core.model.ids import Volume
    from fujin_cli.store.ledger.protocol import StoredCase
    from fujin_cli.store.ledger.summary_cache import SummaryCache, VolumeRows, Work
    from fujin_cli.use_cases.run_operation import Fold

Answer = TypeVar("Answer")


def each_case(
    session: Session, stored_cases: Iterable[StoredCase], work: Callable[[StoredCase], Answer]
) -> Iterator[Answer]:
    """Iterate over the answers of ``work`` for each case; one that cannot be read is noted in the session."""
    for stored in stored_cases:
        try:
            answer = work(stored)
        except Refusal as refusal:
            session.unreadable_cases[stored.case] = refusal.message
        except Damaged as damage:
            session.unreadable_cases[stored.case] = damage.finding.message
        else:
            yield answer


def open_summaries(session: Session, communities: Sequence[str] | None) -> list[Summary]:
    """Summarize every open case, ordered by id; only volumes that changed since the last list are read.

    The summaries of a day hold for that day, because terms of office begin and end.
    """
    from fujin_cli.store.ledger.factory import open_summary_cache

    def work(volumes: Sequence[Volume]) -> dict[Volume, VolumeRows]:
        return _rows_of_volumes(session, volumes, lambda stored: row_of(_summarize_stored(session, stored)))

    key = f"summaries/2 {_read_local_day(session)} {session.loaded.key}"
    rows = _read_rows(session, open_summary_cache(session.root, key), communities, work)
    return [summary_from_row(row, session.now) for row in rows]


def open_case_outlines(session: Session) -> list[dict[str, Any]]:
    """List of every open case what depends on no configuration (``core.cases.outline``), ordered by id.

    Only volumes that changed since the last time are read, whatever the configuration.
    """
    from fujin_cli.store.ledger.factory import open_outline_cache

    def work(volumes: Sequence[Volume]) -> dict[Volume, VolumeRows]:
        from fujin_cli.core.cases.evolve import replay
        from fujin_cli.core.cases.outline import outline_of

        return _rows_of_volumes(session, volumes, lambda stored: outline_of(replay(stored.case, stored.events)))

    return _read_rows(session, open_outline_cache(session.root), None, work)


def _read_rows(
    session: Session, cache: SummaryCache, communities: Sequence[str] | None, work: Work
) -> list[dict[str, Any]]:
    """Read the rows of a cache; folders that cannot be read are noted in the session."""
    rows = cache.rows(communities, work)
    for folder, error in cache.unreadable.items():
        path = folder.relative_to(session.root).as_posix()
        session.unreadable_cases[path] = say("{reason}", reason=error.strerror or str(error))
    return rows


def _rows_of_volumes(
    session: Session, volumes: Sequence[Volume], work: Callable[[StoredCase], dict[str, Any]]
) -> dict[Volume, VolumeRows]:
    """Compute the rows of the open cases of volumes; damaged volumes are left out."""
    from fujin_cli.store.ledger.summary_cache import VolumeRows

    rows_by_volume = {}
    for volume, cases in session.ledger.cases_in(volumes).items():
        open_cases = [stored for stored in cases if stored.open]
        rows = list(each_case(session, open_cases, work))
        rows_by_volume[volume] = VolumeRows(rows, complete=len(rows) == len(open_cases))
    return rows_by_volume


def all_summaries(session: Session, communities: Sequence[str] | None) -> Iterator[Summary]:
    """Summarize every case, including ended ones."""
    yield from each_case(
        session, session.ledger.all_cases(communities), lambda stored: _summarize_stored(session, stored)
    )


def open_cases(
    session: Session, communities: Sequence[str] | None, fold: Fold | None = None, *, only_known_versions: bool = True
) -> Iterator[Case]:
    """Iterate over every open case that can be read, ordered by id; ``fold`` makes a case of its events.

    ``only_known_versions`` leaves out cases whose version, or whose step in it, is missing: they are noted.
    """
    from fujin_cli.core.cases.evolve import replay

    def work(stored: StoredCase) -> Case:
        case = (fold or replay)(stored.case, stored.events)
        if only_known_versions:
            session.version_of(case.id, case.version_digest, case.step)
        return case

    yield from each_case(session, session.ledger.open_cases(communities), work)


def title_step(session: Session, procedure: str, step: str) -> str:
    """Get the title of a step of a procedure of the workspace; its id where there is none."""
    from fujin_cli.core.text.localized import title_of

    version = session.workspace.procedures.get(procedure)
    definition = version.steps.get(step) if version else None
    return title_of(definition.title if definition else None, step)


def summary_of(session: Session, id: str) -> Summary:
    """Summarize one case as it is now. Raises Refusal where the ledger has no such case."""
    from fujin_cli.core.listing.summarize import summarize

    case = session.case(id)
    return summarize(case, session.version_of(case.id, case.version_digest, case.step), session.calendar, session.now)


def _summarize_stored(session: Session, stored: StoredCase) -> Summary:
    from fujin_cli.core.cases.evolve import replay
    from fujin_cli.core.listing.owners import find_owners
    from fujin_cli.core.listing.summarize import summarize

    case = replay(stored.case, stored.events)
    version = session.version_of(case.id, case.version_digest, case.step)
    summary = summarize(case, version, session.calendar, session.now)
    owners = find_owners(case, version, session.workspace.organisation, _read_local_day(session))
    return replace(summary, owners=owners)


def owners_of(session: Session, summary: Summary) -> tuple[str, ...]:
    """List the ids of those whom the case's step waits for today."""
    if summary.owners is not None:
        return summary.owners
    from fujin_cli.core.listing.owners import resolve_owner

    return resolve_owner(people_of(session, summary.case), summary.owner or "")


def _read_local_day(session: Session) -> date:
    return session.calendar.to_local(session.now).date()


def people_of(session: Session, id: str) -> People:
    """Find who fills the roles of the case's procedure today. Raises Refusal where the ledger has no such case."""
    from fujin_cli.core.cases.actors import People

    case = session.case(id)
    return People(
        case,
        session.version_of(case.id, case.version_digest, case.step),
        session.workspace.organisation,
        _read_local_day(session),
        session.case,
    )

"""Reading cases for lists: from what is kept of an unchanged ledger where that will do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from fujin_cli.commands.common.console import Context
from fujin_cli.core.cases.summary import Summary, from_row, row_of

if TYPE_CHECKING:
    from fujin_cli.core.cases.actors import People
    from fujin_cli.core.cases.case import Case
    from fujin_cli.core.model.ids import Volume


def open_summaries(context: Context, communities: Sequence[str] | None) -> list[Summary]:
    """What a list says of every open case, ordered by id. Costs what changed since the last look."""
    from fujin_cli.store.ledger.summary_cache import SummaryCache

    def work(volumes: Sequence[Volume]) -> dict[Volume, list[dict[str, Any]]]:
        from fujin_cli.core.cases.evolve import replay

        found = context.ledger.cases_in(volumes)
        return {
            volume: [row_of(summary_of(context, replay(kept.case, kept.events))) for kept in cases if kept.open]
            for volume, cases in found.items()
        }

    rows = SummaryCache(context.root, context.loaded.key).rows(communities, work)
    return [from_row(row, context.now) for row in rows]


def all_summaries(context: Context, communities: Sequence[str] | None) -> Iterator[Summary]:
    """What a list says of every case, ended ones too."""
    from fujin_cli.core.cases.evolve import replay

    for kept in context.ledger.all_cases(communities):
        yield summary_of(context, replay(kept.case, kept.events))


def open_cases(context: Context, communities: Sequence[str] | None) -> Iterator[Case]:
    """Every open case, ordered by id."""
    from fujin_cli.core.cases.evolve import replay

    for kept in context.ledger.open_cases(communities):
        yield replay(kept.case, kept.events)


def summary_of(context: Context, case: Case) -> Summary:
    """What a list says of one case."""
    from fujin_cli.core.cases.summarize import summarize

    return summarize(case, context.law(case.law), context.calendar, context.now)


def people_of(context: Context, case: Case) -> People:
    """Who the names of the case's procedure are today."""
    from fujin_cli.core.cases.actors import People

    day = context.calendar.local(context.now).date()
    return People(case, context.law(case.law), context.workspace.organisation, day, context.case)

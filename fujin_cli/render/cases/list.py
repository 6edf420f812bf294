"""List cases as a table."""

from __future__ import annotations

from collections.abc import Sequence

from fujin_cli.core.listing.summary import Summary
from fujin_cli.core.text.localized import say, say_count
from fujin_cli.render.basics.moments import zone_note
from fujin_cli.render.basics.tables import Table
from fujin_cli.render.cases.list_columns import ListContext, find_column


def cases_table(summaries: Sequence[Summary], context: ListContext, columns: Sequence[str]) -> Table:
    """List cases in these columns. TSV has ids and ISO times where people read titles and short times."""
    versions = [version for _case, version in context.cases.values()]
    chosen = [find_column(name, versions) for name in columns]
    return Table(
        title=say("Cases"),
        columns=[column for column, _fill in chosen],
        rows=[[fill(summary, context) for _column, fill in chosen] for summary in summaries],
        empty=say("No cases found."),
        note=[*(count_words(summaries) if summaries else ()), zone_note(context.calendar, context.now)],
    )


def count_words(summaries: Sequence[Summary]) -> list[object]:
    """Say how many cases the list has, and how many of them are overdue."""
    if not summaries:
        return [say("No cases found.")]
    overdue = sum(summary.overdue for summary in summaries)
    if not overdue:
        return [say_count("{count} case", "{count} cases", count=len(summaries))]
    return [
        say_count(
            "{count} case, {overdue} overdue", "{count} cases, {overdue} overdue", count=len(summaries), overdue=overdue
        )
    ]

"""List cases, and the actions that are possible on one, as JSON and as tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from fujin_cli.core.listing.summary import Summary
from fujin_cli.core.text.localized import say, say_count
from fujin_cli.render.basics.moments import zone_note
from fujin_cli.render.basics.names import Names, step_title
from fujin_cli.render.basics.tables import Cell, Column, Table
from fujin_cli.render.cases.list_columns import ListContext, find_column

if TYPE_CHECKING:  # a list needs no moves
    from fujin_cli.core.cases.actors import People
    from fujin_cli.core.cases.moves import Move
    from fujin_cli.core.model.procedure import Procedure


def cases_table(summaries: Sequence[Summary], context: ListContext, columns: Sequence[str]) -> Table:
    """List cases in these columns. TSV has ids and ISO times where people read titles and short times."""
    versions = [version for _case, version in context.cases.values()]
    chosen = [find_column(name, versions) for name in columns]
    return Table(
        title=say("Cases"),
        columns=[column for column, _fill in chosen],
        rows=[[fill(summary, context) for _column, fill in chosen] for summary in summaries],
        empty=say("No cases found."),
        note=[*_count_words(summaries), zone_note(context.calendar, context.now)],
    )


def _count_words(summaries: Sequence[Summary]) -> list[object]:
    """Say how many cases the list has, and how many of them are overdue."""
    if not summaries:
        return []
    overdue = sum(summary.overdue for summary in summaries)
    if not overdue:
        return [say_count("{count} case", "{count} cases", count=len(summaries))]
    return [
        say_count(
            "{count} case, {overdue} overdue", "{count} cases, {overdue} overdue", count=len(summaries), overdue=overdue
        )
    ]


def actions_json(moves: Iterable[Move], people: People) -> dict[str, Any]:
    """List the actions as JSON, version 1: ``by`` are the procedure's names, ``who`` the ids of these people today."""
    return {
        "version": 1,
        "actions": [
            {
                "action": move.action.name,
                "to": move.to,
                "by": list(move.action.by),
                "who": list(people.list_eligible_actors(move.action.by)),
                "needs": [input.field for input in move.action.needs],
                "amends": list(move.action.amended_names),
                "open": move.is_open,
                "why_not": None if move.refusal is None else str(move.refusal.message),
            }
            for move in moves
        ],
    }


def actions_table(moves: Iterable[Move], people: People, procedure: Procedure) -> Table:
    """List the actions for people: who may do each, what it needs, and why it is closed."""
    names = Names(people.organisation, procedure)
    return Table(
        title=say("{case}: {step}", case=people.case.id, step=step_title(procedure, people.case.step)),
        columns=[
            Column(say("action"), whole=True),
            Column(say("title"), drop=3),
            Column(say("leads to"), drop=1),
            Column(say("by")),
            Column(say("needs"), drop=2),
            Column(say("now")),
        ],
        rows=[
            [
                move.action.name,
                move.action.title or move.action.name,
                Cell(step_title(procedure, move.to), plain=move.to),
                Cell(
                    [names.actor_name(who) for who in people.list_eligible_actors(move.action.by)] or say("nobody"),
                    plain=people.list_eligible_actors(move.action.by),
                ),
                [input.field for input in move.action.needs],
                Cell(say("allowed"), plain="allowed")
                if move.refusal is None
                else Cell(say("closed: {why}", why=move.refusal.message), plain=move.refusal.code),
            ]
            for move in moves
        ],
        empty=say("This step has no actions for people."),
        note=say("take one with `fujin case advance {case} ACTION`", case=people.case.id),
    )

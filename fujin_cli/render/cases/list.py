"""List cases, and the actions that are possible on one, as JSON and as tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.cases.summary import Summary
from fujin_cli.core.text.localized import LocalizedText, say, title_of
from fujin_cli.render.basics.moments import format_day, format_iso, format_short_moment, time_left_words, zone_note
from fujin_cli.render.basics.names import Names, outcome_words, step_title
from fujin_cli.render.basics.tables import Cell, Column, Table

if TYPE_CHECKING:  # a list needs no moves
    from fujin_cli.core.cases.actors import People
    from fujin_cli.core.cases.moves import Move
    from fujin_cli.core.model.procedure import Procedure
    from fujin_cli.core.model.workspace import Workspace


def cases_table(
    summaries: Iterable[Summary],
    workspace: Workspace,
    titles: Callable[[str, str], str],
    calendar: WorkingCalendar,
    now: datetime,
) -> Table:
    """List cases for people; ``titles`` gives the title of a procedure's step. TSV has ids and ISO times instead."""
    names = Names(workspace.organisation)
    return Table(
        title=say("Cases"),
        columns=[
            Column(say("case"), whole=True),
            Column(say("procedure"), drop=4),
            Column(say("community"), drop=3),
            Column(say("committee"), drop=2),
            Column(say("step")),
            Column(say("due"), drop=1, whole=True),
            Column(say("state")),
        ],
        rows=[
            [
                summary.case,
                Cell(_procedure_title(workspace, summary.procedure), plain=summary.procedure),
                Cell(names.community_title(summary.community), plain=summary.community),
                Cell(names.committee_title(summary.committee) or say("(office)"), plain=summary.committee),
                Cell(titles(summary.procedure, summary.step), plain=summary.step),
                Cell(format_short_moment(summary.due, calendar, now), plain=format_iso(summary.due, calendar)),
                Cell(
                    state_words(summary, calendar, now, workspace.procedures.get(summary.procedure)),
                    style="red" if summary.overdue else "",
                ),
            ]
            for summary in summaries
        ],
        empty=say("No cases found."),
        note=zone_note(calendar, now),
    )


def _procedure_title(workspace: Workspace, name: str) -> str:
    procedure = workspace.procedures.get(name)
    return title_of(procedure.title, name) if procedure else name


def state_words(
    summary: Summary, calendar: WorkingCalendar, now: datetime, procedure: Procedure | None = None
) -> list[object]:
    """Say how the case ended, or how much time is left and what it waits for."""
    if summary.outcome is not None:
        return [say("ended: {outcome}", outcome=outcome_words(summary.outcome, procedure))]
    words: list[object] = []
    if summary.overdue:
        words.append(_lateness_words(summary, now))
    elif summary.paused is not None:
        words.append(say("paused until {moment}", moment=format_day(summary.paused, calendar)))
    elif summary.due is not None:
        words.append(time_left_words(summary.due, now))
    if summary.missing_year is not None:
        words.append(
            say("no due time: the calendar does not cover {year}", year=summary.missing_year)
            if summary.missing_year
            else say("no due time: the calendar cannot be used")
        )
    if summary.awaiting_acceptance:
        words.append(say("for acceptance"))
    return words


def _lateness_words(summary: Summary, now: datetime) -> LocalizedText:
    """Say that the case is late; a raised case is, although it has a new deadline."""
    if summary.due is not None and summary.due < now:
        return time_left_words(summary.due, now)
    return say("late, raised")


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

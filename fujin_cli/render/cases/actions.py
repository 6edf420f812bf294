"""List the actions that are possible on a case, as JSON and as a table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fujin_cli.core.cases.actors import People
from fujin_cli.core.cases.moves import Move
from fujin_cli.core.model.procedure import Action, Procedure
from fujin_cli.core.model.questions import Question, Surroundings, list_action_questions
from fujin_cli.core.text.localized import plain_title_of, say
from fujin_cli.render.basics.fields import describe_field_shortly, questions_json
from fujin_cli.render.basics.names import Names, step_title
from fujin_cli.render.basics.tables import Cell, Column, Table


def actions_json(moves: Iterable[Move], people: People) -> dict[str, Any]:
    """List the actions as JSON, version 1: ``by`` are the procedure's names, ``who`` the ids of these people today."""
    return {
        "version": 1,
        "actions": [
            {
                "action": move.action.name,
                "title": plain_title_of(move.action.title, move.action.name),
                "to": move.to,
                "by": list(move.action.by),
                "who": list(people.list_eligible_actors(move.action.by)),
                "needs": [input.field for input in move.action.needs],
                "may": [input.field for input in move.action.may],
                "amends": list(move.action.amended_names),
                "fields": questions_json(_list_questions(move, people)),
                "open": move.is_open,
                "why_not": None if move.refusal is None else str(move.refusal.message),
            }
            for move in moves
        ],
    }


def _list_questions(move: Move, people: People) -> list[Question]:
    surroundings = Surroundings(people.case.community, people.case.values)
    return list_action_questions(people.procedure, people.organisation, move.action, surroundings)


def actions_table(moves: Iterable[Move], people: People, procedure: Procedure) -> Table:
    """List the actions for people: who may do each, what it needs, and why it is closed."""
    names = Names(people.organisation, procedure)
    listed = list(moves)
    return Table(
        title=say("{case}: {step}", case=people.case.id, step=step_title(procedure, people.case.step)),
        columns=[
            Column(say("action"), whole=True),
            Column(say("title"), drop=3),
            Column(say("leads to"), drop=1),
            Column(say("by")),
            Column(say("needs"), for_programs=True),
            Column(say("may take"), for_programs=True),
            Column(say("needs [may take]"), drop=2, for_people=True),
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
                _list_optional_names(move.action),
                _inputs_words(move.action),
                Cell(say("allowed"), plain="allowed")
                if move.refusal is None
                else Cell(say("closed: {why}", why=move.refusal.message), plain=move.refusal.code),
            ]
            for move in listed
        ],
        empty=say("This step has no actions for people."),
        note=[
            *_fields_note(listed, procedure),
            say("take one with `fujin case advance {case} ACTION`", case=people.case.id),
        ],
    )


def _list_optional_names(action: Action) -> list[str]:
    """List what may be entered with an action: fields, and the committee that it amends."""
    return [*(input.field for input in action.optional_inputs), *action.amends_units]


def _inputs_words(action: Action) -> str:
    """Write the fields that an action needs, then in brackets those that it may take: ``result [photos]``."""
    optional = ", ".join(_list_optional_names(action))
    return " ".join(filter(None, [", ".join(input.field for input in action.needs), f"[{optional}]" * bool(optional)]))


def _fields_note(moves: Iterable[Move], procedure: Procedure) -> list[object]:
    """Describe, below the table, each field that stands in it."""
    names = dict.fromkeys(input.field for move in moves for input in move.action.inputs)
    words = [describe_field_shortly(procedure.fields[name]) for name in names]
    return [say("fields: {fields}", fields=words)] if words else []

"""Show procedures as JSON and as tables: who may do what at each step, by when, and where it leads."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fujin_cli.core.model.procedure import Action, Field, Procedure, Step
from fujin_cli.core.text.localized import say, title_of
from fujin_cli.render.basics.names import step_title
from fujin_cli.render.basics.tables import Cell, Column, Table
from fujin_cli.render.procedures.diagram import mermaid_diagram
from fujin_cli.render.procedures.page import procedure_page
from fujin_cli.render.procedures.words import actions_by_people, move_title, person_title, step_time_words

__all__ = [
    "mermaid_diagram",
    "procedure_json",
    "procedure_page",
    "procedure_table",
    "procedures_json",
    "procedures_table",
]

Json = dict[str, Any]


def procedures_json(procedures: Iterable[Procedure]) -> Json:
    """Write procedures as JSON, version 1; ``digest`` identifies the version that cases are pinned to."""
    return {"version": 1, "procedures": [_procedure_summary_json(procedure) for procedure in procedures]}


def _procedure_summary_json(procedure: Procedure) -> Json:
    return {
        "procedure": procedure.name,
        "title": procedure.title,
        "case_of": procedure.case_of,
        "opened_by": list(procedure.opened_by),
        "steps": len(procedure.steps),
        "digest": procedure.digest,
        "path": procedure.path,
    }


def procedures_table(procedures: Iterable[Procedure]) -> Table:
    """Write procedures for people."""
    return Table(
        title=say("Procedures"),
        columns=[
            Column(say("id"), whole=True),
            Column(say("procedure")),
            Column(say("opened by")),
            Column(say("steps"), right=True, drop=1),
            Column(say("guarantees"), right=True, drop=2),
        ],
        rows=[
            [
                version.name,
                version.title or version.name,
                Cell([person_title(version, name) for name in version.opened_by], plain=list(version.opened_by)),
                len(version.steps),
                len(version.guarantees),
            ]
            for version in procedures
        ],
        empty=say("No procedures defined."),
    )


def procedure_json(procedure: Procedure) -> Json:
    """Write one procedure as JSON, version 1: settings, fields, steps with their actions, guarantees by name."""
    return {
        "version": 1,
        **_procedure_summary_json(procedure),
        "settings": {
            setting.name: {
                "type": setting.type,
                "default": setting.default,
                "from": setting.low,
                "up_to": setting.high,
            }
            for setting in procedure.settings.values()
        },
        "fields": {field.name: _field_json(field) for field in procedure.fields.values()},
        "steps": [_step_json(step) for step in procedure.steps.values()],
        "anytime": [_action_json(action) for action in procedure.anytime.values()],
        "guarantees": list(procedure.guarantees),
    }


def _field_json(field: Field) -> Json:
    return {
        "title": field.title,
        "type": field.type,
        "of": list(field.of),
        "choices": dict(field.choices) or None,
        "required": field.required,
        "public": field.public,
    }


def _step_json(step: Step) -> Json:
    return {
        "step": step.name,
        "title": step.title,
        "owner": step.owner,
        "within": step.within,
        "end": step.end,
        "counts_as": list(step.counts_as),
        "actions": [_action_json(action) for action in actions_by_people(step)],
        "then": [action.to for action in step.then],
    }


def _action_json(action: Action) -> Json:
    return {
        "action": action.name,
        "title": action.title,
        "to": action.to,
        "by": list(action.by),
        "needs": [input.field for input in action.needs],
        "may": [input.field for input in action.may],
        "amends": list(action.amended_names),
        "limit": action.limit,
    }


def procedure_table(procedure: Procedure) -> Table:
    """Write a row for every action: its step, the time, who may do it, where it leads."""
    rows: list[list[object]] = []
    for step in procedure.steps.values():
        place = [
            _step_cell(procedure, step),
            person_title(procedure, step.owner or ""),
            step_time_words(procedure, step),
        ]
        doings = [
            _action_cells(procedure, action, [person_title(procedure, name) for name in action.by])
            for action in actions_by_people(step)
        ]
        doings += [_action_cells(procedure, action, say("automatic")) for action in step.then]
        rows += [[*place, *move_request] for move_request in doings or [[None, None, None]]]
    return Table(
        title=title_of(procedure.title, procedure.name),
        columns=[
            Column(say("step")),
            Column(say("owner"), drop=2),
            Column(say("time"), drop=1),
            Column(say("action")),
            Column(say("by")),
            Column(say("leads to")),
        ],
        rows=rows,
    )


def _step_cell(procedure: Procedure, step: Step) -> Cell:
    return Cell(step_title(procedure, step.name), plain=step.name)


def _action_cells(procedure: Procedure, action: Action, by: object) -> list[object]:
    to = step_title(procedure, action.to) if action.to else say("stays")
    return [Cell(move_title(action), plain=action.name), by, Cell(to, plain=action.to)]

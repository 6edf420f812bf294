"""Show a run of a procedure in a finding: one line for each event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fujin_cli.core.explore.state import Edge, Label
from fujin_cli.core.findings.finding import Place, Related, TraceStep
from fujin_cli.core.model.ids import RuleName
from fujin_cli.core.simulate.trace_lines import run_to_lines
from fujin_cli.core.text.localized import LocalizedText, Title, add_id_to_title, keep_id_in_english, say
from fujin_cli.core.wording.outcomes import STATES
from fujin_cli.core.wording.rungs import describe_rung_time
from fujin_cli.rules.support.procedure_source import ProcedureSource


def trace_of(
    source: ProcedureSource, run: Iterable[Edge], settings: Mapping[str, str] | None = None
) -> tuple[TraceStep, ...]:
    """Describe a run, one line for each event: the step, what happened, and the values entered.

    ``settings`` are the settings that the run depends on; its replay uses them.
    """
    edges = tuple(run)
    lines = run_to_lines(source.procedure, edges, settings)
    return tuple(_line(source, edge, line, settings or {}) for edge, line in zip(edges, lines, strict=True))


def related_settings(source: ProcedureSource, settings: Mapping[str, str]) -> tuple[Related, ...]:
    """Point at the settings that a run depends on, those at their defaults excluded."""
    return tuple(
        Related(say("with {setting} at {value}", setting=name, value=value), source.place(("settings",), name))
        for name, value in settings.items()
    )


def _line(source: ProcedureSource, edge: Edge, replay: Any, settings: Mapping[str, str]) -> TraceStep:
    label = edge.label
    place = Place(source.file.path, label.route) if label.route else None
    steps = source.procedure.steps
    title = steps[label.step].title or label.step
    if label.kind == "opened":
        title = steps[source.procedure.first_step].title or source.procedure.first_step
    event = _describe_event(source, edge, settings)
    if edge.data and label.kind in ("action", "opened"):
        values = [_describe_entered_value(source, name, value) for name, value in edge.data]
        return TraceStep(say("{step}: {event} ({values})", step=title, event=event, values=values), place, replay)
    return TraceStep(say("{step}: {event}", step=title, event=event), place, replay)


def _describe_entered_value(source: ProcedureSource, name: str, value: object) -> LocalizedText:
    field = source.procedure.fields.get(name)
    members = value if isinstance(value, list) else [value]
    words = [keep_id_in_english(field.choices.get(str(member)) if field else None, str(member)) for member in members]
    return say("{field}={value}", field=keep_id_in_english(field.title if field else None, name), value=words)


def _find_title(source: ProcedureSource, label: Label) -> Title | str | None:
    actions = (action for _, action in source.procedure.all_actions() if action.rule == label.rule)
    return next((action.title for action in actions), None)


def _group_title(source: ProcedureSource, label: Label) -> object:
    group = source.procedure.groups.get(label.group)
    return (group.title if group else None) or label.group


def _describe_event(source: ProcedureSource, edge: Edge, settings: Mapping[str, str]) -> LocalizedText:
    label = edge.label
    outcome = STATES.get(label.outcome or "", label.outcome)
    if label.kind == "action":
        actors = [person.title or name if (person := source.procedure.people.get(name)) else name for name in label.by]
        return say("{action} by {who}", action=add_id_to_title(_find_title(source, label), label.name), who=actors)
    if label.kind == "child" and label.outcome:
        return say("a case of {group} ends: {outcome}", group=_group_title(source, label), outcome=outcome)
    if label.kind == "child":
        return say("a case of {group} is opened again", group=_group_title(source, label))
    if label.kind == "other-ended":
        return say("the other case ends: {outcome}", outcome=outcome)
    if label.kind == "joined":
        return say("another case joins this one")
    if label.kind == "parted":
        return say("a case that had joined this one parts from it")
    if label.kind == "rung":
        rung = source.procedure.steps[label.step].ladder[RuleName(label.rule).number - 1]
        time = describe_rung_time(source.procedure, rung, settings)
        return time if label.told else say("{time}, noticed too late to remind anybody", time=time)
    if label.kind == "time-up":
        return say("the time of this step is up")
    if label.kind == "move":
        return say("automatically, to {step}", step=keep_id_in_english(source.title(label.to or ""), label.to or ""))
    return say("the case is opened")

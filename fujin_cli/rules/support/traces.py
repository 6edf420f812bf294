"""Show a run of a procedure in a finding: one line for each event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fujin_cli.core.explore.state import Edge, Label
from fujin_cli.core.findings.finding import Place, Related, Step
from fujin_cli.core.simulate.trace_lines import edge_tree
from fujin_cli.core.text.message import LocalizedText, Title, say, with_id
from fujin_cli.rules.support.procedure_source import ProcedureSource


def trace_of(
    reading: ProcedureSource, run: Iterable[Edge], settings: Mapping[str, str] | None = None
) -> tuple[Step, ...]:
    """A run, one line for each event: where the case stood, what happened, and the values entered.

    ``settings`` are those without which it would not happen so; its replay is given them.
    """
    return tuple(_line(reading, edge, settings or {}) for edge in run)


def related_settings(reading: ProcedureSource, settings: Mapping[str, str]) -> tuple[Related, ...]:
    """The settings under which something was found, where they are not at their defaults."""
    return tuple(
        Related(say("with {setting} at {value}", setting=name, value=value), reading.place(("settings",), name))
        for name, value in settings.items()
    )


def _line(reading: ProcedureSource, edge: Edge, settings: Mapping[str, str]) -> Step:
    label, replay = edge.label, edge_tree(reading.procedure.name, edge, settings)
    place = Place(reading.file.path, label.route) if label.route else None
    steps = reading.procedure.steps
    where = steps[label.step].title or label.step
    if label.kind == "opened":
        where = steps[reading.procedure.first].title or reading.procedure.first
    if edge.data and label.kind in ("action", "opened"):
        values = [f"{name}={_value(value)}" for name, value in edge.data]
        said = say("{step}: {event} ({values})", step=where, event=_event(reading, edge), values=values)
        return Step(said, place, replay)
    return Step(say("{step}: {event}", step=where, event=_event(reading, edge)), place, replay)


def _value(value: object) -> str:
    return ",".join(value) if isinstance(value, list) else str(value)


def _title(reading: ProcedureSource, label: Label) -> Title | str | None:
    actions = (action for _, action in reading.procedure.all_actions() if action.rule == label.rule)
    return next((action.title for action in actions), None)


def _event(reading: ProcedureSource, edge: Edge) -> LocalizedText:
    label = edge.label
    if label.kind == "action":
        who = [person.title or name if (person := reading.procedure.people.get(name)) else name for name in label.by]
        return say("{action} by {who}", action=with_id(_title(reading, label), label.name), who=who)
    if label.kind == "child" and label.outcome:
        return say("a case of {group} ends: {outcome}", group=label.group, outcome=label.outcome)
    if label.kind == "child":
        return say("a case of {group} is opened again", group=label.group)
    if label.kind == "other-ended":
        return say("the other case ends: {outcome}", outcome=label.outcome)
    if label.kind == "rung":
        return say("rung {number} of the ladder", number=int(label.rule.rsplit(".", 1)[1]))
    if label.kind == "time-up":
        return say("the time of this step is up")
    return say("by itself, to {step}", step=label.to) if label.kind == "move" else say("the case is opened")

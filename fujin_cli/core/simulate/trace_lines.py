"""Convert a run of the explorer to lines of a scenario, so that it can be replayed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fujin_cli.core.findings.finding import TraceStep
from fujin_cli.core.model.ids import RuleName
from fujin_cli.core.model.rung_types import AT_DEADLINE
from fujin_cli.core.model.scenario_file import ANY, LATE_RUNG

if TYPE_CHECKING:  # showing a finding needs no explorer
    from fujin_cli.core.explore.state import Edge, Label
    from fujin_cli.core.model.procedure import Procedure

Tree = Mapping[str, Any]


def event_to_line(
    procedure: str,
    label: Label,
    entered_values: Iterable[tuple[str, Any]] = (),
    settings: Mapping[str, str] | None = None,
) -> Any:
    """Write one event as a line of a scenario; None for automatic moves.

    An opening gives ``{"procedure": …, "given": {"set": …, "settings": …}}``, which stands before the lines of
    ``when``.
    """
    texts = {name: _to_text(value) for name, value in entered_values}
    match label.kind:
        case "opened":
            opening = {"settings": dict(settings or {}), "set": texts}
            return {"procedure": procedure, "given": {key: value for key, value in opening.items() if value}}
        case "action":
            texts |= {name: ANY for name in sorted(label.amends) if name not in texts}
            return {label.name: {"set": texts}} if texts else label.name
        case "child" | "other-ended":
            return {label.name: label.outcome or "open"}
        case "rung":
            return {"rung" if label.told else LATE_RUNG: str(RuleName(label.rule).number)}
        case "time-up":
            return {"time": "up"}
    return None


def edge_to_line(procedure: str, edge: Edge, settings: Mapping[str, str] | None = None) -> Any:
    """Write an edge of an exploration under ``settings`` (those not at their defaults) as a line."""
    return event_to_line(procedure, edge.label, edge.data, settings)


def run_to_lines(version: Procedure, run: Iterable[Edge], settings: Mapping[str, str] | None = None) -> list[Any]:
    """Write a run, an edge a line; None also for what falls due at the moment of the line before."""
    lines: list[Any] = []
    before: tuple[str, object] | None = None  # the step, and when the last edge fell due there
    for edge in run:
        due = (edge.label.step, _due_moment(version, edge.label))
        if due[1] is not None and due == before:
            lines.append(None)
        else:
            lines.append(edge_to_line(version.name, edge, settings))
        before = due if edge.label.to is None else None
    return lines


def _due_moment(version: Procedure, label: Label) -> object:
    """Say when an edge falls due, comparably within a step; None for what does not fall due."""
    if label.kind == "time-up":
        return AT_DEADLINE, None
    if label.kind != "rung":
        return None
    rung = version.steps[label.step].ladder[RuleName(label.rule).number - 1]
    return (rung.when, rung.by) if label.told else (AT_DEADLINE, None)


def _to_text(value: Any) -> Any:
    return [str(member) for member in value] if isinstance(value, list) else str(value)


def opening_of(trace: Sequence[TraceStep]) -> tuple[str, Tree] | None:
    """Give the procedure of a run and its opening values; None where the run does not begin with an opening."""
    first = trace[0].replay if trace else None
    return (first["procedure"], first["given"]) if isinstance(first, Mapping) and "given" in first else None


def lines_of(trace: Sequence[TraceStep]) -> list[Any]:
    """List the lines of ``when`` for a run."""
    return [step.replay for step in trace[1:] if step.replay is not None]


def action_options(trace: Sequence[TraceStep]) -> list[str] | None:
    """Write the run as values of ``--actions``; None where it needs values that cannot be written so."""
    if opening_of(trace) is None:
        return None
    listed = [_format_action_option(line) for line in lines_of(trace)]
    texts = [text for text in listed if text is not None]
    return texts if len(texts) == len(listed) else None


def _format_action_option(line: Any) -> str | None:
    """``accept``, ``orders=verified`` or ``dispatch{lead=police;partners=school}``."""
    if isinstance(line, str):
        return line
    name, value = next(iter(line.items()))
    if isinstance(value, str):
        return None if set(value) & set(",{") else f"{name}={value}"
    values = [
        (field, text) for field, field_value in value["set"].items() for text in (_as_list(field_value) or [None])
    ]
    if any(not isinstance(text, str) or set(text) & set(";}") for _, text in values):
        return None
    return f"{name}{{{';'.join(f'{field}={text}' for field, text in values)}}}"


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]

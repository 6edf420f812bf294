"""A run that the explorer found as lines of a scenario, so that it can be driven through the engine again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fujin_cli.core.findings.finding import TraceStep
from fujin_cli.core.model.ids import RuleName

if TYPE_CHECKING:  # whoever shows a finding needs no explorer
    from fujin_cli.core.explore.state import Edge, Label

Tree = Mapping[str, Any]


def line_tree(
    procedure: str, label: Label, data: Iterable[tuple[str, Any]] = (), settings: Mapping[str, str] | None = None
) -> Any:
    """The line of a scenario for one event; None for what happens by itself.

    An opening gives ``{"procedure": …, "given": {"set": …, "settings": …}}``, which is no line of ``when``: it stands
    before them.
    """
    entered = {name: _text(value) for name, value in data}
    match label.kind:
        case "opened":
            given = {"settings": dict(settings or {}), "set": entered}
            return {"procedure": procedure, "given": {key: value for key, value in given.items() if value}}
        case "action":
            return {label.name: {"set": entered}} if entered else label.name
        case "child" | "other-ended":
            return {label.name: label.outcome or "open"}
        case "rung":
            return {"rung": str(RuleName(label.rule).number)}
        case "time-up":
            return {"time": "up"}
    return None


def edge_tree(procedure: str, edge: Edge, settings: Mapping[str, str] | None = None) -> Any:
    """The line for one edge of a procedure's exploration under ``settings`` (those not at their defaults)."""
    return line_tree(procedure, edge.label, edge.data, settings)


def _text(value: Any) -> Any:
    return [str(item) for item in value] if isinstance(value, list) else str(value)


def opening_of(trace: Sequence[TraceStep]) -> tuple[str, Tree] | None:
    """The procedure of a run and what its case is opened with; None where the run does not begin with its opening."""
    first = trace[0].replay if trace else None
    return (first["procedure"], first["given"]) if isinstance(first, Mapping) and "given" in first else None


def lines_of(trace: Sequence[TraceStep]) -> list[Any]:
    """The lines of ``when`` for a run."""
    return [step.replay for step in trace[1:] if step.replay is not None]


def flat(trace: Sequence[TraceStep]) -> list[str] | None:
    """The run as items of ``--actions``; None where it needs settings, or values that cannot be written there."""
    opening = opening_of(trace)
    if opening is None or "settings" in opening[1]:
        return None
    found = [_item(line) for line in lines_of(trace)]
    items = [item for item in found if item is not None]
    return items if len(items) == len(found) else None


def _item(line: Any) -> str | None:
    """``accept``, ``orders=verified`` or ``dispatch{lead=police;partners=school}``."""
    if isinstance(line, str):
        return line
    name, value = next(iter(line.items()))
    if isinstance(value, str):
        return None if set(value) & set(",{") else f"{name}={value}"
    values = [(field, text) for field, said in value["set"].items() for text in (_listed(said) or [None])]
    if any(not isinstance(text, str) or set(text) & set(";}") for _, text in values):
        return None
    return f"{name}{{{';'.join(f'{field}={text}' for field, text in values)}}}"


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]

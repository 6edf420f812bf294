"""Write the run of a finding, and the other lines below its headline."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote
from typing import Any

from fujin_cli.core.findings.finding import Finding, TraceStep
from fujin_cli.core.text.localized import say, say_count
from fujin_cli.render.basics.snippets import format_place
from fujin_cli.render.basics.text import to_one_line


def run_title(finding: Finding) -> str:
    """Say what the steps of a finding are: the shortest run, or the path of a value."""
    if finding.code.startswith("FJ5"):
        return str(say("where the value goes:"))
    count = len(finding.trace)
    return str(say_count("shortest run ({count} step):", "shortest run ({count} steps):", count=count))


def run_lines(finding: Finding, prefix: str = "") -> Iterator[tuple[int, str]]:
    """List the steps with number and place; in the finding's own file, the line alone is the place."""
    for number, step in enumerate(finding.trace, 1):
        yield number, f"{to_one_line(str(step.text))}{_place_suffix(finding, step, prefix)}"


def _place_suffix(finding: Finding, step: TraceStep, prefix: str) -> str:
    if not (step.place and step.place.path):
        return ""
    if step.place.path == finding.place.path and step.place.span is not None:
        return f"   …:{step.place.span.line}"
    return f"   {prefix}{format_place(step.place)}"


def replay_command(finding: Finding) -> str | None:
    """Give the command that replays the run; None where the steps are no run."""
    if not finding.trace:
        return None
    from fujin_cli.core.simulate.trace_lines import action_options, opening_of  # most findings have no run

    opening = opening_of(finding.trace)
    if opening is None:
        return None
    procedure, opening_values = opening
    action_list = action_options(finding.trace)
    if action_list is None:
        return f"fujin validate --write-scenario DIR; fujin procedure replay {procedure} --scenario DIR/…"
    chosen = {**(opening_values.get("settings") or {}), **(opening_values.get("set") or {})}
    sets = [(name, text) for name, value in chosen.items() for text in _as_list(value)]
    actions_option = [f"--actions {quote(','.join(action_list))}"] if action_list else []
    set_options = (f"--set {quote(f'{name}={text}')}" for name, text in sets)
    return " ".join([f"fujin procedure replay {procedure}", *actions_option, *set_options])


def _as_list(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def lines_below_headline(finding: Finding, prefix: str) -> list[str]:
    """Write what belongs below a headline as plain lines: related places, the run, its replay, the help."""
    lines = [
        f"{prefix}{format_place(related.place)}: {to_one_line(str(related.message))}" for related in finding.related
    ]
    if finding.trace:
        lines += [run_title(finding), *(f"{number}. {line}" for number, line in run_lines(finding, prefix))]
        command = replay_command(finding)
        lines += [str(say("{head}: {text}", head=say("replay"), text=command))] if command else []
    if finding.help is not None:
        lines.append(str(say("{head}: {text}", head=say("help"), text=to_one_line(str(finding.help)))))
    return lines

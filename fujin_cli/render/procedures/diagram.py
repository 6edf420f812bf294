"""Draw a procedure as a state diagram in Mermaid's language (stateDiagram-v2)."""

from __future__ import annotations

from collections.abc import Iterable

from fujin_cli.core.model.procedure import Action, Procedure, Step
from fujin_cli.core.model.rung_types import Rung
from fujin_cli.core.text.localized import say, title_of
from fujin_cli.render.basics.names import step_title
from fujin_cli.render.basics.text import to_one_line

# Mermaid reads these as syntax; it takes `#code;` for any character.
_SYNTAX = {ord(character): f"#{ord(character)};" for character in '#;:"<>{}[]`%\\'}


def mermaid_diagram(procedure: Procedure) -> str:
    """Write the diagram: every step with its title, every move with who makes it; moves by deadlines are marked."""
    ids = {name: f"s{number}" for number, name in enumerate(procedure.steps, 1)}
    lines = ["stateDiagram-v2"]
    lines += [f"    {id} : {escape_mermaid(step_title(procedure, name))}" for name, id in ids.items()]
    lines.append(f"    [*] --> {ids[procedure.first_step]}")
    for step in procedure.steps.values():
        lines += [f"    {ids[step.name]} --> {ids[to]} : {label}" for to, label in _labelled_moves(step) if to in ids]
        if step.end:
            lines.append(f"    {ids[step.name]} --> [*]")
    return "\n".join(dict.fromkeys(lines)) + "\n"


def escape_mermaid(text: str) -> str:
    """Escape ``text`` so that Mermaid shows it as it is."""
    return to_one_line(text).translate(_SYNTAX)


def _labelled_moves(step: Step) -> Iterable[tuple[str, str]]:
    for action in (*step.actions.values(), *step.then, *([step.reopen] if step.reopen else [])):
        yield from _edges_of(action, title_of(action.title, action.name) if action.by else str(say("automatic")))
    for rung in step.ladder:
        yield from _edges_of(rung, str(say("deadline")))


def _edges_of(move: Action | Rung, label: str) -> Iterable[tuple[str, str]]:
    if move.to:
        yield move.to, escape_mermaid(label)
    if move.then:
        again = say("{move}, limit reached", move=label)
        yield move.then.to, escape_mermaid(str(again))

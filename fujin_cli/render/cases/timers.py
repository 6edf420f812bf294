"""What a sweep of the deadlines did."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from fujin_cli.core.cases.timers import Fired
from fujin_cli.core.model.ids import RuleName
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.text.message import say
from fujin_cli.render.basics.names import step_title
from fujin_cli.render.cases.history import rung_words


def tick_json(fired: Iterable[Fired]) -> dict[str, Any]:
    """What fired, as scripts read it, version 1."""
    return {
        "version": 1,
        "fired": [{"case": entry.case, "step": entry.step, "effect": entry.effect} for entry in fired],
    }


def tick_text(fired: Iterable[Fired], version: Callable[[str], Procedure]) -> str:
    """What fired, a line each; ``law`` gives the procedure of a case, by its id."""
    lines = []
    for entry in fired:
        procedure = version(entry.case)
        step = step_title(procedure, entry.step)
        effect = _effect(entry, procedure)
        lines.append(say("{case}, {step}: {effect}", case=entry.case, step=step, effect=effect))
    return "".join(f"{line}\n" for line in lines or [say("Nothing is due.")])


def _effect(entry: Fired, procedure: Procedure) -> object:
    """The rule's name in words: ``handling.ladder.2``, ``handling.then.1``, ``time-up``, ``resume``."""
    if entry.effect == "time-up":
        return say("the period is over")
    if entry.effect == "resume":
        return say("the pause is over")
    rule = RuleName(entry.effect)
    if rule.is_rung:
        rung = next(rung for rung in procedure.steps[entry.step].ladder if rung.rule == entry.effect)
        return rung_words(rung.when, rung.raises)
    return say("moved automatically (rule {number})", number=str(rule.number))

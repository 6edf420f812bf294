"""Show which deadlines fujin tick fired."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from fujin_cli.core.cases.timers import Fired
from fujin_cli.core.model.ids import RuleName
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.text.localized import say
from fujin_cli.render.basics.names import step_title
from fujin_cli.render.cases.history import rung_words


def tick_json(fired: Iterable[Fired]) -> dict[str, Any]:
    """Write what fired as JSON, version 1."""
    return {
        "version": 1,
        "fired": [{"case": firing.case, "step": firing.step, "effect": firing.effect} for firing in fired],
    }


def tick_text(fired: Iterable[Fired], version: Callable[[str], Procedure]) -> str:
    """Write a line for each deadline that fired; ``version`` gives the procedure of a case, by its id."""
    lines = []
    for firing in fired:
        procedure = version(firing.case)
        step = step_title(procedure, firing.step)
        effect = _describe_effect(firing, procedure)
        lines.append(say("{case}, {step}: {effect}", case=firing.case, step=step, effect=effect))
    return "".join(f"{line}\n" for line in lines or [say("Nothing is due.")])


def _describe_effect(firing: Fired, procedure: Procedure) -> object:
    """Describe a rule by its name: ``handling.ladder.2``, ``handling.then.1``, ``time-up``, ``resume``."""
    if firing.effect == "time-up":
        return say("the period is over")
    if firing.effect == "resume":
        return say("the pause is over")
    rule = RuleName(firing.effect)
    if rule.is_rung:
        rung = next(rung for rung in procedure.steps[firing.step].ladder if rung.rule == firing.effect)
        return rung_words(rung.when, rung.raises)
    return say("moved automatically (rule {number})", number=str(rule.number))

"""What a sweep of the deadlines did."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from fujin_cli.core.message import Message, say
from fujin_cli.core.ticking import Fired


def tick_json(fired: Iterable[Fired]) -> dict[str, Any]:
    """What fired, as scripts read it, version 1."""
    return {
        "version": 1,
        "fired": [{"case": entry.case, "step": entry.step, "effect": entry.effect} for entry in fired],
    }


def tick_text(fired: Iterable[Fired], titles: Callable[[str, str], str]) -> str:
    """What fired, a line each; ``titles`` gives the title of the step at which a case (by id) stood."""
    lines = [
        say("{case}, {step}: {effect}", case=entry.case, step=titles(entry.case, entry.step), effect=_effect(entry))
        for entry in fired
    ]
    return "".join(f"{line}\n" for line in lines or [say("Nothing fell due.")])


def _effect(entry: Fired) -> Message:
    """The rule's name in words: ``handling.ladder.2``, ``handling.then.1``, ``time-up``, ``resume``."""
    if entry.effect == "time-up":
        return say("the period is over")
    if entry.effect == "resume":
        return say("the pause is over")
    number = entry.effect.rpartition(".")[2]
    if ".ladder." in entry.effect:
        return say("rung {number} of the ladder", number=number)
    return say("it moved on by itself (rule {number})", number=number)

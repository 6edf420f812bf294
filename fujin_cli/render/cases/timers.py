"""Show which deadlines fujin tick fired."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.cases.timers import Fired
from fujin_cli.core.model.ids import RuleName
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.render.basics.moments import format_iso, format_moment
from fujin_cli.render.basics.names import step_title
from fujin_cli.render.basics.text import fold_text
from fujin_cli.render.cases.history import rung_words

_PROMPT = timedelta(minutes=1)  # a sweep that comes within it is as good as on time


def tick_json(fired: Iterable[Fired], now: datetime, calendar: WorkingCalendar) -> dict[str, Any]:
    """Write what fired as JSON, version 1; ``now`` is the time of the sweep."""
    return {
        "version": 1,
        "now": format_iso(now, calendar),
        "fired": [
            {
                "case": firing.case,
                "step": firing.step,
                "effect": firing.effect,
                "at": format_iso(firing.at, calendar),
                "scheduled": format_iso(firing.scheduled, calendar),
                "left_out": firing.left_out,
            }
            for firing in fired
        ],
    }


def tick_text(
    fired: Iterable[Fired],
    version: Callable[[str], Procedure],
    now: datetime,
    calendar: WorkingCalendar,
    quiet: bool = False,
    width: int = 0,
) -> str:
    """Write a line for each deadline that fired; ``version`` gives the procedure of a case, by its id.

    Each line begins with its time, for logs. Where nothing fired a line says so, unless ``quiet``. Lines fold at
    ``width`` columns (0: never).
    """
    lines = [f"{format_moment(firing.at, calendar)}  {_describe_firing(firing, version, calendar)}" for firing in fired]
    if not lines and not quiet:
        nothing = say("Nothing is due.")
        lines = [f"{format_moment(now, calendar)}  {nothing}"]
    return "".join(f"{folded}\n" for line in lines for folded in fold_text(line, width))


def _describe_firing(firing: Fired, version: Callable[[str], Procedure], calendar: WorkingCalendar) -> LocalizedText:
    procedure = version(firing.case)
    step = step_title(procedure, firing.step)
    effect = _describe_effect(firing, procedure)
    if firing.scheduled is None or firing.at - firing.scheduled < _PROMPT:
        return say("{case}, {step}: {effect}", case=firing.case, step=step, effect=effect)
    due = format_moment(firing.scheduled, calendar)
    return say("{case}, {step}: {effect} (due {moment})", case=firing.case, step=step, effect=effect, moment=due)


def _describe_effect(firing: Fired, procedure: Procedure) -> object:
    """Describe a rule by its name: ``handling.ladder.2``, ``handling.then.1``, ``time-up``, ``resume``."""
    if firing.effect == "time-up":
        return say("the period is over")
    if firing.effect == "resume":
        return say("the pause is over")
    rule = RuleName(firing.effect)
    if rule.is_rung:
        rung = next(rung for rung in procedure.steps[firing.step].ladder if rung.rule == firing.effect)
        return rung_words(rung.when, rung.raises, firing.left_out)
    return say("moved automatically (rule {number})", number=str(rule.number))

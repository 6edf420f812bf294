"""Show a replayed run event by event: who did what, the step, its deadline, and which actions are open next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.event import Event
from fujin_cli.core.findings.refusals import Refusal
from fujin_cli.core.model.organisation import Organisation
from fujin_cli.core.model.procedure import Action, Guarantee, Procedure
from fujin_cli.core.text.localized import LocalizedText, add_id_to_title, localize_value, say
from fujin_cli.core.wording.guarantees import describe_exceptions, describe_guarantee
from fujin_cli.core.wording.labels import make_label
from fujin_cli.render.basics.moments import format_iso, format_moment
from fujin_cli.render.basics.names import BOARD, Names, step_title
from fujin_cli.render.basics.text import fold_text, paint, to_one_line
from fujin_cli.render.cases.history import EventWords
from fujin_cli.render.findings.text import refusal_json, refusal_text
from fujin_cli.render.notifications.kind_words import kind_words


@dataclass(frozen=True, slots=True)
class ReplayedEvent:
    """Hold one event of a run, with its case as it was right after the event, and its deadline then.

    ``open`` is what people could do next with the case that the run is about; None but for a line's last event.
    ``violated`` are the guarantees that this event violates first.
    """

    case: Case
    version: Procedure
    event: Event
    due: datetime | None
    open: tuple[Action, ...] | None = None
    violated: tuple[Guarantee, ...] = ()


def replay_json(
    procedure: str,
    played: Sequence[ReplayedEvent],
    case: Case | None,
    refusal: Refusal | None,
    calendar: WorkingCalendar,
) -> dict[str, Any]:
    """Write the run as JSON, version 1. ``refused`` is why the first line could not be carried out, else null."""
    return {
        "version": 1,
        "procedure": procedure,
        "events": [_event_json(replayed, calendar) for replayed in played],
        "step": case.step if case else None,
        "outcome": case.outcome if case else None,
        "refused": refusal_json(refusal)["refused"] if refusal else None,
    }


def _event_json(replayed: ReplayedEvent, calendar: WorkingCalendar) -> dict[str, Any]:
    event = replayed.event
    return {
        "case": replayed.case.id,
        "procedure": replayed.version.name,
        "n": event.n,
        "at": format_iso(event.at, calendar),
        "kind": event.kind,
        "action": event.action,
        "by": event.by,
        "entered_by": event.entered_by,
        "from": event.from_step,
        "to": event.to_step,
        "step": replayed.case.step,
        "set": dict(event.set),
        "due": format_iso(replayed.due, calendar),
        "told": [dict(tell) for tell in event.tells],
        "violated": [guarantee.name for guarantee in replayed.violated],
        "open": None if replayed.open is None else [action.name for action in replayed.open],
    }


def replay_text(
    played: Sequence[ReplayedEvent],
    case: Case | None,
    refusal: Refusal | None,
    calendar: WorkingCalendar,
    organisation: Organisation,
    colour: bool,
    width: int = 0,
) -> str:
    """Write the run for people, and where it ended or what stopped it; ``width`` 0 folds nothing."""
    lines: list[str] = []
    for number, replayed in enumerate(played, 1):
        lines += _event_lines(number, replayed, case, calendar, organisation, colour, width)
    if refusal is not None:
        return "\n".join([*lines, refusal_text(refusal, colour, width=width).rstrip("\n")]) + "\n"
    if case is not None and played:
        version = next(replayed.version for replayed in played if replayed.case.id == case.id)
        lines += fold_text(str(say("the case is at {step}", step=step_title(version, case.step))), width)
    return "\n".join(lines) + "\n"


def _event_lines(
    number: int,
    replayed: ReplayedEvent,
    case: Case | None,
    calendar: WorkingCalendar,
    organisation: Organisation,
    colour: bool,
    width: int,
) -> Iterator[str]:
    names = Names(organisation, replayed.version)
    story = EventWords(replayed.version, names, calendar)
    headline, *below = [line for text in story.lines_of(replayed.event) for line in text.splitlines()]
    own = case is None or replayed.case.id == case.id
    begin = f"{number:>3} {format_moment(replayed.event.at, calendar)} "
    parts = fold_text(
        to_one_line(headline if own else f"{replayed.case.id} {headline}"), max(1, width - len(begin)) if width else 0
    )
    for place, part in enumerate(parts):
        yield (" " * len(begin) if place else begin) + paint(part, "bold", colour)
    below = [f"    {line}" for line in below]
    if replayed.due is not None and replayed.event.to_step:
        below.append("      " + str(say("due: {moment}", moment=format_moment(replayed.due, calendar))))
    messages = [_notification_words(tell, names) for tell in replayed.event.tells]
    if messages:
        below.append("      " + str(say("messages: {messages}", messages=list(dict.fromkeys(messages)))))
    for guarantee in replayed.violated:
        title = add_id_to_title(guarantee.title, guarantee.name)
        words = [*describe_guarantee(guarantee, replayed.version), *describe_exceptions(guarantee, replayed.version)]
        below.append("      " + str(say("this violates “{promise}”: {says}", promise=title, says=words)))
    if replayed.open is not None:
        below.append("      " + str(_open_action_words(replayed.open, None if own or case is None else case.id)))
    for line in below:
        yield from fold_text(line, width)


def _open_action_words(open_now: Sequence[Action], run_case: str | None) -> LocalizedText:
    """Say which actions are open next; ``run_case`` is the run's case, below an event of another case."""
    listed = [make_label(action.title, action.name) for action in open_now] or say("nothing")
    return (
        say("open actions in {case}: {actions}", case=run_case, actions=listed)
        if run_case
        else say("open actions: {actions}", actions=listed)
    )


def _notification_words(tell: Any, names: Names) -> str:
    recipient = str(say("notice board")) if tell["to"] == BOARD else localize_value(names.person_title(tell["to"]))
    return f"{recipient} ({localize_value(kind_words(tell['kind'], names))})"

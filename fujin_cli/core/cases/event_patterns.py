"""Match events against atoms: the event patterns of clocks, ``since`` and guarantees."""

from __future__ import annotations

from collections.abc import Iterable

from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.event import MADE_BY_PEOPLE, Event, EventKind
from fujin_cli.core.model.procedure import Atom, Procedure
from fujin_cli.core.model.rung_types import is_reminder

_LISTED = {"opens": "opens", "answered": "answered", "amends": "amended"}  # where an event's data names them


def atom_matches(atom: Atom, event: Event, procedure: Procedure) -> bool:
    """Whether ``event`` is one that ``atom`` describes (its ``where`` aside)."""
    data = event.data
    match atom.kind:
        case "opened":
            return event.kind == EventKind.OPENED
        case "action":
            return event.action == atom.name
        case "enter":
            if atom.name == "any end":
                return data.get("outcome") is not None
            return event.to_step == atom.name
        case "end":
            outcome = data.get("outcome")
            return outcome is not None and atom.name in ("", outcome)
        case "overdue":
            return event.kind == EventKind.RUNG and event.from_step == atom.name and not is_reminder(data.get("when"))
        case "tells":
            return any(
                atom.name in recipient_names(tell["to"], procedure) and atom.detail in (None, tell["kind"])
                for tell in event.tells
            )
        case "opens" | "answered" | "amends" as kind:
            return atom.name in data.get(_LISTED[kind], ())
        case "publish":
            return bool(data.get("publish")) and (not atom.name or atom.name in data["publish"])
        case "time_up":
            return event.kind == EventKind.TIME_UP and event.from_step == atom.name
    return False


def recipient_names(name: str, procedure: Procedure) -> set[str]:
    """List the names that hear what ``name`` is told: itself, and the same contact (all reporters, and the first)."""
    recipient = procedure.people.get(name)
    same_contact = {
        person.name
        for person in procedure.people.values()
        if recipient
        and recipient.kind == person.kind == "contact"
        and recipient.value == person.value
        and person.also is None
    }
    return same_contact | {name}


def count_action(events: Iterable[Event], action: str, since: Atom | None, procedure: Procedure) -> int:
    """Count how often ``action`` was done, from the newest event that matches ``since`` on where one is given."""
    count = 0
    for event in events:
        if since is not None and atom_matches(since, event, procedure):
            count = 0
        if event.action == action and event.kind in MADE_BY_PEOPLE:
            count += 1
    return count


def find_newest_match(case: Case, atom: Atom, procedure: Procedure) -> Event | None:
    """Find the newest event of the case that matches ``atom``."""
    return next(
        (event for event in reversed(case.events_in_current_names) if atom_matches(atom, event, procedure)), None
    )

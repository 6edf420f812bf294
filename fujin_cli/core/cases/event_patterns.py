"""The atoms that an event makes true: what clocks, ``since`` and guarantees watch."""

from __future__ import annotations

from collections.abc import Iterable

from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.event import Event, EventKind
from fujin_cli.core.model.procedure import Atom, Procedure
from fujin_cli.core.model.rung_types import is_reminder


def matches(atom: Atom, event: Event, procedure: Procedure) -> bool:
    """Whether ``event`` makes ``atom`` true (its ``where`` aside)."""
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
        case "opens":
            return atom.name in data.get("opens", {})
        case "answered":
            return atom.name in data.get("answered", ())
        case "publish":
            return bool(data.get("publish")) and (not atom.name or atom.name in data["publish"])
        case "time_up":
            return event.kind == EventKind.TIME_UP and event.from_step == atom.name
    return False


def recipient_names(name: str, procedure: Procedure) -> set[str]:
    """Who is told when ``name`` is: itself, and whoever is the same contact (telling all reporters tells the first)."""
    told = procedure.people.get(name)
    same = {
        other.name
        for other in procedure.people.values()
        if told and told.kind == other.kind == "contact" and told.value == other.value and other.also is None
    }
    return same | {name}


def count_actions(events: Iterable[Event], action: str, since: Atom | None, procedure: Procedure) -> int:
    """How often ``action`` was done, since the last event that made ``since`` true where one is given."""
    count = 0
    for event in events:
        if since is not None and matches(since, event, procedure):
            count = 0
        if event.action == action and event.kind == EventKind.ACTION:
            count += 1
    return count


def newest_match(case: Case, atom: Atom, procedure: Procedure) -> Event | None:
    """The newest event of the case that made ``atom`` true."""
    return next((event for event in reversed(case.past) if matches(atom, event, procedure)), None)

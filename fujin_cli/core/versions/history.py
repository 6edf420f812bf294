"""Prepare the history of a case for replay under another version of its procedure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.event import Event
from fujin_cli.core.cases.evolve import replay
from fujin_cli.core.cases.rename_case import rename_case


def events_since_mapping(case: Case) -> tuple[Sequence[Event], Case | None]:
    """Find the events that another version must be able to produce, in the names of the case's version.

    These are all events; or those since the newest mapping by a migration file, and then also the case right after it.
    """
    past = case.events_in_current_names
    for place in range(len(past) - 1, -1, -1):
        event = past[place]
        if event.kind == "migrated" and event.data.get("mapped") and not _is_undone(past[place + 1 :], event):
            later = past[place + 1 :]
            return later, _apply_later_renames(replay(case.id, case.events[: event.n]), later)
    return past, None


def _apply_later_renames(case: Case, later: Sequence[Event]) -> Case:
    """Convert the case to the names of the versions that it was migrated to since."""
    for place, event in enumerate(later):
        if event.kind == "migrated" and not _is_undone(later[place + 1 :], event):
            case = rename_case(case, event.data["names"])
    return case


def _is_undone(later: Iterable[Event], event: Event) -> bool:
    return any(candidate.kind == "migration-undone" and candidate.data.get("undoes") == event.n for candidate in later)


def group_by_cause(events: Iterable[Event]) -> list[list[Event]]:
    """Group each event with the automatic moves that followed it."""
    groups: list[list[Event]] = []
    for event in events:
        if event.kind == "move" and groups:
            groups[-1].append(event)
        else:
            groups.append([event])
    return groups


def list_opened_children(chunk: Iterable[Event]) -> list[tuple[str, str, str]]:
    """List the group, the value of ``one_each`` and the id of every child case that these events opened."""
    return [
        (group, child.get("each", ""), child["case"])
        for event in chunk
        for group, children in event.data.get("opens", {}).items()
        for child in children
    ]

"""What happened to a case, as another law has to answer for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.event import Event
from fujin_cli.core.cases.evolve import in_names, replay


def since_mapped(case: Case) -> tuple[Sequence[Event], Case | None]:
    """The history that a law has to answer for, in the names of the case's law.

    All of it; or what came after the newest mapping, and the case as it was then.
    """
    past = case.past
    for place in range(len(past) - 1, -1, -1):
        event = past[place]
        if event.kind == "migrated" and event.data.get("mapped") and not _undone(past[place + 1 :], event):
            later = past[place + 1 :]
            return later, _renamed_since(replay(case.id, case.events[: place + 1]), later)
    return past, None


def _renamed_since(begun: Case, later: Sequence[Event]) -> Case:
    """The case in the names of the law that it has come under since."""
    for place, event in enumerate(later):
        if event.kind == "migrated" and not _undone(later[place + 1 :], event):
            begun = in_names(begun, event.data["names"])
    return begun


def _undone(later: Iterable[Event], event: Event) -> bool:
    return any(other.kind == "migration-undone" and other.data.get("undoes") == event.n for other in later)


def chunks(events: Iterable[Event]) -> list[list[Event]]:
    """Every event with the moves that followed it by themselves."""
    found: list[list[Event]] = []
    for event in events:
        if event.kind == "move" and found:
            found[-1].append(event)
        else:
            found.append([event])
    return found


def opened_in(chunk: Iterable[Event]) -> list[tuple[str, str, str]]:
    """The group, the field's name and the id of every child case that was opened."""
    return [
        (group, item.get("each", ""), item["case"])
        for event in chunk
        for group, items in event.data.get("opens", {}).items()
        for item in items
    ]

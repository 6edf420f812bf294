"""Tell whether a case matches a search: by its texts, and by an action that can be taken on it now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.cases.actors import People
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.moves import find_move_by_name
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.text.search import fold_for_search

SEARCHED_TYPES = ("text", "place")  # of fields; remarks are searched, too, and contacts never


@dataclass(frozen=True, slots=True)
class Search:
    """What a case has to say: a text, and an action that can be taken, by ``actor``; None asks for nothing."""

    text: str | None = None
    action: str | None = None
    actor: str | None = None


def matches_search(search: Search, people: People, now: datetime, calendar: WorkingCalendar) -> bool:
    """Tell whether the case of ``people`` matches the search now."""
    if search.text is not None and not contains_text(people.case, people.procedure, search.text):
        return False
    return search.action is None or _can_be_taken(search, people, now, calendar)


def contains_text(case: Case, procedure: Procedure, text: str) -> bool:
    """Tell whether a text or a place of the case, or a remark on it, contains ``text``, in any width."""
    folded = fold_for_search(text)
    return any(folded in fold_for_search(words) for words in _list_texts(case, procedure))


def _list_texts(case: Case, procedure: Procedure) -> Iterator[str]:
    for name, field in procedure.fields.items():
        if field.item_type in SEARCHED_TYPES:
            yield from _flatten(case.values.get(name))
    for event in case.events:
        if event.note:
            yield event.note


def _flatten(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for part in value:
            yield from _flatten(part)
    elif value is not None:
        yield str(value)


def _can_be_taken(search: Search, people: People, now: datetime, calendar: WorkingCalendar) -> bool:
    move = find_move_by_name(search.action or "", people.procedure, people.case, now, calendar)
    if move is None or not move.is_open:
        return False
    return search.actor is None or search.actor in people.list_eligible_actors(move.action.by)

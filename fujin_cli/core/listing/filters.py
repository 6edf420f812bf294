"""What a case has to be to stand in a list, and the views that people save under a name: filters, order and columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from fujin_cli.core.text.localized import LocalizedText, Title, say


@dataclass(frozen=True, slots=True)
class Filters:
    """
    What a case has to be to stand in a list; None and False ask for nothing. A case passes all of them.

    ``can`` is an action that can be taken now, ``search`` a text; both read the whole case. ``waiting``: for others
    than the office (a pause, an open order, the word of the reporter). ``all``: ended ones too.
    """

    community: tuple[str, ...] | None = None
    committee: str | None = None
    procedure: str | None = None
    step: str | None = None
    topic: str | None = None
    partner: str | None = None
    owner: str | None = None
    can: str | None = None
    search: str | None = None
    today: bool = False
    overdue: bool = False
    mine: bool = False
    unassigned: bool = False
    waiting: bool = False
    all: bool = False

    def or_else(self, other: Filters) -> Filters:
        """Take each filter of ``other`` where this one asks for nothing."""
        return Filters(**{name: getattr(self, name) or getattr(other, name) for name in FILTERS})


FILTERS = tuple(entry.name for entry in fields(Filters))
FLAGS = ("today", "overdue", "mine", "unassigned", "waiting", "all")


@dataclass(frozen=True, slots=True)
class SavedView:
    """A saved list: ``columns`` is empty where the usual ones are shown, ``order`` None where the usual one holds."""

    name: str
    title: Title | str | LocalizedText | None = None
    filters: Filters = field(default_factory=Filters)
    order: str | None = None
    columns: tuple[str, ...] = ()


BUILT_IN = {
    view.name: view
    for view in (
        SavedView("mine", say("cases at a step that I own"), Filters(mine=True)),
        SavedView("today", say("cases due by the end of today, overdue ones too"), Filters(today=True)),
        SavedView(
            "waiting",
            say("cases that wait for others: paused, with open orders, or for acceptance"),
            Filters(waiting=True),
        ),
    )
}


COLUMN_NAMES = (
    *("case", "summary", "procedure", "community", "committee", "step", "due", "state", "topic", "owner"),
    *("partners", "orders", "opened", "paused", "outcome", "parent", "contact"),
)
"""The columns that every list can have; the fields of cases are columns, too."""


class InvalidView(Exception):
    """A view cannot be read; ``message`` says why."""

    def __init__(self, message: LocalizedText) -> None:
        super().__init__(str(message))
        self.message = message


def read_views(tree: Any) -> dict[str, SavedView]:
    """Read the views in a plain tree, as YAML has them: texts alone. Raises InvalidView."""
    if not isinstance(tree, Mapping):
        raise InvalidView(say("views are a mapping of names to filters, sort and columns"))
    return {str(name): _read_view(str(name), spec) for name, spec in tree.items()}


def _read_view(name: str, spec: Any) -> SavedView:
    if not isinstance(spec, Mapping):
        raise InvalidView(say("the view {name} is a mapping of filters, sort and columns", name=name))
    unknown = [key for key in spec if key not in (*FILTERS, "title", "sort", "columns")]
    if unknown:
        raise InvalidView(say("the view {name} has an unknown key {key}", name=name, key=unknown[0]))
    values = {key: _read_filter(name, key, spec[key]) for key in FILTERS if spec.get(key) is not None}
    return SavedView(
        name,
        spec.get("title"),
        Filters(**values),
        _read_text(name, "sort", spec["sort"]) if spec.get("sort") is not None else None,
        _read_texts(name, "columns", spec.get("columns") or ()),
    )


def _read_filter(name: str, key: str, value: Any) -> Any:
    if key in FLAGS:
        return _read_text(name, key, value).lower() in ("yes", "true")
    return _read_texts(name, key, value) if key == "community" else _read_text(name, key, value)


def _read_text(name: str, key: str, value: Any) -> str:
    if not isinstance(value, str):
        raise InvalidView(say("in the view {name}, {key} is a text", name=name, key=key))
    return value


def _read_texts(name: str, key: str, value: Any) -> tuple[str, ...]:
    parts = [value] if isinstance(value, str) else value
    if not isinstance(parts, (list, tuple)):
        raise InvalidView(say("in the view {name}, {key} is a text or a list of texts", name=name, key=key))
    return tuple(_read_text(name, key, part) for part in parts)

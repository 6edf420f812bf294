"""What the pages of the organisation share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fujin_cli.core.model.organisation import Unit
from fujin_cli.core.text.message import spoken, title_of
from fujin_cli.render.basics.names import with_id
from fujin_cli.render.basics.text import in_columns, paint

Json = dict[str, Any]


def facts_page(title: str, rows: Iterable[tuple[object, object]], width: int, colour: bool) -> str:
    """A heading and what is known, a line each; what is empty is left out."""
    known = [[str(name), text] for name, value in rows if (text := spoken("" if value is None else value))]
    return "\n".join([paint(title, "bold", colour), *in_columns(known, width)]) + "\n"


def with_ids(ids: Iterable[str], shelf: Mapping[str, Any]) -> list[str]:
    """``title (id)`` for each id that stands on a shelf of declarations."""
    return [with_id(title_in(shelf.get(id)), id) for id in ids]


def title_in(entry: Any) -> Any:
    """The title that a unit or a declaration has; None for what is not declared."""
    return entry.title if isinstance(entry, Unit) else (entry or {}).get("title")


def titles(ids: Any, shelf: Mapping[str, Any]) -> list[str]:
    """The title of each id that stands on a shelf of declarations, else the id."""
    return [title_of(title_in(shelf.get(id)), id) for id in ids or ()]

"""Write the parts that the pages of the organisation share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fujin_cli.core.model.organisation import Unit
from fujin_cli.core.text.localized import localize_value, title_of
from fujin_cli.render.basics.names import title_with_id
from fujin_cli.render.basics.text import align_in_columns, paint

Json = dict[str, Any]


def facts_page(title: str, rows: Iterable[tuple[object, object]], width: int, colour: bool) -> str:
    """Write a heading and a line for each fact; empty ones are left out."""
    facts = [[str(name), text] for name, value in rows if (text := localize_value("" if value is None else value))]
    return "\n".join([paint(title, "bold", colour), *align_in_columns(facts, width)]) + "\n"


def titles_with_ids(ids: Iterable[str], shelf: Mapping[str, Any]) -> list[str]:
    """Write ``title (id)`` for each id that is declared on a shelf."""
    return [title_with_id(declared_title(shelf.get(id)), id) for id in ids]


def declared_title(declaration: Any) -> Any:
    """Find the title of a unit or a declaration; None where it is not declared."""
    return declaration.title if isinstance(declaration, Unit) else (declaration or {}).get("title")


def titles_of(ids: Any, shelf: Mapping[str, Any]) -> list[str]:
    """Write the title of each id that is declared on a shelf, else the id."""
    return [title_of(declared_title(shelf.get(id)), id) for id in ids or ()]

"""List the saved views of lists, as JSON and as a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fujin_cli.core.listing.filters import FILTERS, FLAGS, SavedView
from fujin_cli.core.text.localized import LocalizedText, say, title_of
from fujin_cli.render.basics.tables import Cell, Column, Table

Views = Mapping[str, tuple[SavedView, str]]


def views_json(views: Views) -> dict[str, Any]:
    """Write the views as JSON, version 1; ``file`` is where a view stands, null for a built-in one."""
    return {
        "version": 1,
        "views": [
            {
                "view": name,
                "title": str(_title(view)) or None,
                "filters": _list_filters(view),
                "sort": view.order,
                "columns": list(view.columns),
                "file": file or None,
            }
            for name, (view, file) in views.items()
        ],
    }


def views_table(views: Views) -> Table:
    """List the views for people: what each shows, and where it stands."""
    return Table(
        title=say("Views"),
        columns=[
            Column(say("view"), whole=True),
            Column(say("title")),
            Column(say("choice"), drop=2),
            Column(say("file"), drop=1),
        ],
        rows=[
            [name, _title(view), _write_choice(view), Cell(file or say("built in"), plain=file)]
            for name, (view, file) in views.items()
        ],
        note=say("apply one with `fujin case list --view NAME`"),
    )


def _title(view: SavedView) -> object:
    return view.title if isinstance(view.title, LocalizedText) else title_of(view.title)


def _list_filters(view: SavedView) -> dict[str, Any]:
    values = {name: getattr(view.filters, name) for name in FILTERS}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items() if value}


def _write_choice(view: SavedView) -> str:
    """Write what the view chooses, as its keys have it: ``topic lighting, overdue, sort -due``."""
    words = [
        name if name in FLAGS else f"{name} {' '.join(_as_list(value))}" for name, value in _list_filters(view).items()
    ]
    words += [f"sort {view.order}"] if view.order else []
    words += [f"columns {' '.join(view.columns)}"] if view.columns else []
    return ", ".join(words)


def _as_list(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]

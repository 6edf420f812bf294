"""Take titles where arguments and fields take ids: ``--community 福前社区``, ``lead=公安部门``, ``--as 黄红梅``."""

from __future__ import annotations

import re
from typing import Any

from fujin_cli.commands.common.case_references import name_reference, resolve_references
from fujin_cli.commands.common.console import Console
from fujin_cli.core.model.organisation import REFERENCES
from fujin_cli.core.model.procedure import Field
from fujin_cli.core.text.localized import say
from fujin_cli.core.text.titles import Titles, find_ids_by_title, label_ids
from fujin_cli.use_cases.declared_titles import declared_titles
from fujin_cli.use_cases.session import WrongUsage


def resolve_actor(console: Console, name: str) -> None:
    """Replace the name of the person who acts by the id; for that of FUJIN_AS, nothing is told at every command."""
    session = console.session
    titles = declared_titles(session, "actor")
    if session.actor_text:
        session.actor_text = take_id(console, name, titles, whole=True)
    elif len(ids := find_ids_by_title(name, titles, whole=True)) == 1:
        session.named_actor = ids[0]


def resolve_argument(console: Console, kind: str, value: Any) -> Any:
    """Replace the titles in an argument that names something of a kind by ids. Raises WrongUsage for several."""
    if isinstance(value, list):
        return [resolve_argument(console, kind, text) for text in value]
    if not isinstance(value, str) or (kind == "community" and value in console.session.ledger.communities()):
        return value
    return take_id(console, value, declared_titles(console.session, kind), whole=kind in ("action", "actor"))


def resolve_field(console: Console, field: Field, text: str) -> str:
    """Replace the titles in the value of a field by ids, and references to cases by whole ids. Raises WrongUsage."""
    if field.item_type == "case":
        return ",".join(map(str, resolve_references(console, _split_items(field, text))))
    titles = _titles_for(console, field)
    if titles is None or text in titles:
        return text
    whole = field.item_type == "person"
    if len(find_ids_by_title(text, titles, whole=whole)) == 1:  # a title may hold a comma
        return take_id(console, text, titles, whole=whole)
    return ",".join(take_id(console, part, titles, whole=whole) for part in _split_items(field, text))


def _split_items(field: Field, text: str) -> list[str]:
    """Split what stands for several values of a list, as the reader of values does."""
    parts = re.split("[,，、]", text) if field.is_list else [text]
    return [part.strip() for part in parts if part.strip()]


def _titles_for(console: Console, field: Field) -> Titles | None:
    """List the ids that a field takes, with their titles; None for a field of another type."""
    kind = field.item_type
    if kind == "choice":
        return {value: field.choices.get(value) for value in field.of}
    return declared_titles(console.session, kind) if kind in REFERENCES or kind == "person" else None


def take_id(console: Console, text: str, titles: Titles, *, whole: bool = False) -> str:
    """Take the id for a title, and tell so; an id wins, and what is neither stays. Raises WrongUsage for several.

    ``whole``: the beginning of a title will not do, as for the names of people.
    """
    if text in titles:
        return text
    ids = find_ids_by_title(text, titles, whole=whole)
    if len(ids) > 1:
        raise WrongUsage(
            say("{title} fits several: {choices}", title=text, choices=label_ids(ids[:5], titles)),
            say("write the id"),
        )
    if not ids:
        return text
    name_reference(console, text, ids[0])
    return ids[0]

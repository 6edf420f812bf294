"""Show partners: departments, resident units, social organisations and volunteer teams."""

from __future__ import annotations

from collections.abc import Iterable

from fujin_cli.core.model.organisation import Organisation
from fujin_cli.core.text.localized import say
from fujin_cli.render.basics.names import title_with_id
from fujin_cli.render.basics.tables import Cell, Column, Table
from fujin_cli.render.organisation.facts import Json, facts_page, titles_of, titles_with_ids

_SORTS = {
    "department": say("department"),
    "resident-unit": say("resident unit"),
    "social-organisation": say("social organisation"),
    "volunteer-team": say("volunteer team"),
}


def _served_communities(organisation: Organisation, id: str) -> list[str]:
    """List the communities that a partner serves; all of them for ``all``."""
    serves = organisation.partners[id].get("serves") or ()
    return list(organisation.communities) if serves == "all" else list(serves)


def partners_json(organisation: Organisation, ids: Iterable[str]) -> Json:
    """Write the partners as JSON, version 1."""
    return {"version": 1, "partners": [_partner_summary_json(organisation, id) for id in ids]}


def _partner_summary_json(organisation: Organisation, id: str) -> Json:
    spec = organisation.partners[id]
    return {
        "partner": id,
        "title": spec.get("title"),
        "sort": spec.get("sort"),
        "serves": _served_communities(organisation, id),
        "can": list(spec.get("can") or ()),
    }


def partner_json(organisation: Organisation, partner: str) -> Json:
    """Write one partner as JSON, version 1; contact data stays in the vault."""
    contact = organisation.partners[partner].get("contact")
    return {"version": 1, **_partner_summary_json(organisation, partner), "contact": contact}


def _served_words(organisation: Organisation, id: str) -> object:
    if organisation.partners[id].get("serves") == "all":
        return say("all")
    return titles_of(_served_communities(organisation, id), organisation.communities)


def partners_table(organisation: Organisation, ids: Iterable[str]) -> Table:
    """Write the partners for people: their kind, what they can do, and where."""
    rows: list[list[object]] = []
    for id in ids:
        spec = organisation.partners[id]
        can = list(spec.get("can") or ())
        sort = str(spec.get("sort", ""))
        rows.append(
            [
                id,
                spec.get("title") or id,
                Cell(_SORTS.get(sort, sort), plain=sort),
                Cell(titles_of(can, organisation.topics), plain=can),
                Cell(_served_words(organisation, id), plain=spec.get("serves")),
            ]
        )
    return Table(
        title=say("Partners"),
        columns=[
            Column(say("id")),
            Column(say("partner")),
            Column(say("sort"), drop=2),
            Column(say("can do")),
            Column(say("serves"), drop=1),
        ],
        rows=rows,
        empty=say("No partners found."),
    )


def partner_page(organisation: Organisation, partner: str, width: int, colour: bool) -> str:
    """Write one partner for people."""
    spec = organisation.partners[partner]
    sort = str(spec.get("sort", ""))
    everywhere = spec.get("serves") == "all"
    rows = [
        (say("sort"), _SORTS.get(sort, sort)),
        (say("can do"), titles_with_ids(spec.get("can") or (), organisation.topics)),
        (
            say("serves"),
            say("all")
            if everywhere
            else titles_with_ids(_served_communities(organisation, partner), organisation.communities),
        ),
        (say("contact"), spec.get("contact")),
    ]
    return facts_page(title_with_id(spec.get("title"), partner), rows, width, colour)

"""Show communities and committees, as JSON, tables and pages.

JSON has ids, and titles as the files have them. A term that is over is marked and counts for no seat.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from fujin_cli.core.model.organisation import Organisation, Unit
from fujin_cli.core.text.localized import Title, say, title_of
from fujin_cli.render.basics.names import Names, title_with_id
from fujin_cli.render.basics.tables import Cell, Column, Table
from fujin_cli.render.organisation.facts import Json, declared_title, facts_page, titles_of, titles_with_ids
from fujin_cli.render.organisation.partners import partner_json, partner_page, partners_json, partners_table
from fujin_cli.render.organisation.rosters import (
    count_vacancies,
    member_json,
    member_line,
    roster_json,
    roster_table,
    rosters_json,
    rosters_table,
    seat_words,
)
from fujin_cli.render.procedures.words import amount_words

__all__ = [
    "committee_json",
    "committee_page",
    "committees_json",
    "committees_table",
    "communities_json",
    "communities_table",
    "community_json",
    "community_page",
    "partner_json",
    "partner_page",
    "partners_json",
    "partners_table",
    "roster_json",
    "roster_table",
    "rosters_json",
    "rosters_table",
]


# communities


def communities_json(organisation: Organisation) -> Json:
    """Write every community as JSON, version 1."""
    return {"version": 1, "communities": [_community_summary_json(organisation, id) for id in organisation.communities]}


def _community_summary_json(organisation: Organisation, id: str) -> Json:
    unit = organisation.communities[id]
    return {
        "community": id,
        "title": unit.title,
        "street": unit.parent or None,
        "households": _parse_number(unit.details.get("households")),
        "floor_area": _parse_number(unit.details.get("floor_area")),
        "traits": list(unit.details.get("traits") or ()),
        "committees": [committee.id for committee in organisation.committees_of(id)],
    }


def _parse_number(text: Any) -> int | None:
    return int(text) if text is not None and str(text).isdigit() else None


def community_json(organisation: Organisation, community: str, day: date) -> Json:
    """Write one community as JSON, version 1, with its office, venues and boards."""
    return {
        "version": 1,
        **_community_summary_json(organisation, community),
        "office": [member_json(seated, day) for seated in organisation.rosters.get(community, ())],
        "venues": _ids_in_community(organisation.venues, community),
        "boards": _ids_in_community(organisation.boards, community),
    }


def _ids_in_community(shelf: Mapping[str, Any], community: str) -> list[str]:
    return [id for id, spec in shelf.items() if spec.get("community") == community]


def communities_table(organisation: Organisation) -> Table:
    """Write every community for people."""
    return Table(
        title=say("Communities"),
        columns=[
            Column(say("id"), whole=True),
            Column(say("community")),
            Column(say("street"), drop=2),
            Column(say("households"), right=True, drop=3),
            Column(say("m²"), right=True, drop=4),
            Column(say("committees"), right=True),
            Column(say("traits"), drop=1),
        ],
        rows=[
            [
                id,
                unit.title or id,
                Cell(Names(organisation).unit_title(unit.parent), plain=unit.parent),
                unit.details.get("households"),
                unit.details.get("floor_area"),
                len(organisation.committees_of(id)),
                Cell(titles_of(unit.details.get("traits"), organisation.traits), plain=unit.details.get("traits")),
            ]
            for id, unit in organisation.communities.items()
        ],
        empty=say("No communities defined."),
    )


def community_page(organisation: Organisation, community: str, day: date, width: int, colour: bool) -> str:
    """Write one community for people."""
    unit = organisation.communities[community]
    names = Names(organisation)
    committees = [title_with_id(committee.title, committee.id) for committee in organisation.committees_of(community)]
    office = [f"{member_line(organisation, seated, day)}" for seated in organisation.rosters.get(community, ())]
    rows = [
        (say("street"), title_with_id(names.unit_title(unit.parent), unit.parent) if unit.parent else None),
        (say("households"), unit.details.get("households")),
        (say("floor area, m²"), unit.details.get("floor_area")),
        (say("traits"), titles_with_ids(unit.details.get("traits") or (), organisation.traits)),
        (say("committees"), "\n".join(committees)),
        (say("office"), "\n".join(office)),
        (
            say("venues"),
            "\n".join(titles_with_ids(_ids_in_community(organisation.venues, community), organisation.venues)),
        ),
        (
            say("boards"),
            "\n".join(titles_with_ids(_ids_in_community(organisation.boards, community), organisation.boards)),
        ),
    ]
    return facts_page(title_with_id(unit.title, community), rows, width, colour)


# committees


def committees_json(organisation: Organisation, units: Iterable[Unit], day: date) -> Json:
    """Write committees as JSON, version 1."""
    return {"version": 1, "committees": [_committee_summary_json(organisation, unit, day) for unit in units]}


def _committee_summary_json(organisation: Organisation, unit: Unit, day: date) -> Json:
    seats = unit.details.get("seats") or {}
    return {
        "committee": unit.id,
        "title": unit.title,
        "kind": unit.details.get("kind"),
        "community": unit.parent,
        "seats": {seat: int(count) for seat, count in seats.items()},
        "vacancies": count_vacancies(organisation, unit.id, day),
    }


def committee_json(organisation: Organisation, committee: str, day: date) -> Json:
    """Write one committee as JSON, version 1, with its members."""
    unit = organisation.committees[committee]
    return {
        "version": 1,
        **_committee_summary_json(organisation, unit, day),
        "founded": unit.details.get("founded"),
        "meets": unit.details.get("meets"),
        "procedures": list(unit.details.get("procedures") or ()),
        "settings": unit.details.get("settings") or {},
        "members": [member_json(seated, day) for seated in organisation.rosters.get(committee, ())],
    }


def committees_table(organisation: Organisation, units: Sequence[Unit], day: date) -> Table:
    """Write committees for people, with the numbers of seats and vacancies."""
    names = Names(organisation)
    rows: list[list[object]] = []
    for unit in units:
        kind = str(unit.details.get("kind", ""))
        rows.append(
            [
                unit.id,
                unit.title or unit.id,
                Cell(names.community_title(unit.parent), plain=unit.parent),
                Cell(title_of(declared_title(organisation.kinds.get(kind)), kind), plain=kind),
                sum(int(count) for count in (unit.details.get("seats") or {}).values()),
                sum(count_vacancies(organisation, unit.id, day).values()),
            ]
        )
    return Table(
        title=say("Committees"),
        columns=[
            Column(say("id"), whole=True),
            Column(say("committee")),
            Column(say("community"), drop=2),
            Column(say("kind"), drop=1),
            Column(say("seats"), right=True),
            Column(say("vacant"), right=True),
        ],
        rows=rows,
        empty=say("No committees found."),
        footer=[say("total"), None, None, None, *(sum(int(str(row[index])) for row in rows) for index in (4, 5))],
    )


def committee_page(
    organisation: Organisation,
    committee: str,
    versions: Mapping[str, Title | str | None],
    day: date,
    width: int,
    colour: bool,
) -> str:
    """Write one committee for people; ``versions`` are the titles of its procedures by name."""
    unit = organisation.committees[committee]
    details = unit.details
    kind = str(details.get("kind", ""))
    vacant = count_vacancies(organisation, committee, day)
    seats = [
        say("{seat}: {count}, {vacant} vacant", seat=seat_words(seat), count=count, vacant=vacant[seat])
        for seat, count in (details.get("seats") or {}).items()
    ]
    meets = details.get("meets") or {}
    where = (
        title_with_id(declared_title(organisation.venues.get(meets.get("where", ""))), meets["where"])
        if meets
        else None
    )
    settings = [
        f"{title_with_id(versions.get(procedure), procedure)}: {name} = {amount_words(str(value))}"
        for procedure, values in (details.get("settings") or {}).items()
        for name, value in values.items()
    ]
    members = [member_line(organisation, seated, day) for seated in organisation.rosters.get(committee, ())]
    rows = [
        (say("community"), title_with_id(Names(organisation).community_title(unit.parent), unit.parent)),
        (say("kind"), title_with_id(declared_title(organisation.kinds.get(kind)), kind)),
        (say("seats"), seats),
        (say("founded"), [*(details.get("founded") or {}).values()]),
        (say("meets"), [part for part in (where, meets.get("every"), meets.get("at")) if part]),
        (say("procedures"), [title_with_id(versions.get(name), name) for name in details.get("procedures") or ()]),
        (say("settings"), "\n".join(settings)),
        (say("members"), "\n".join(members)),
    ]
    return facts_page(title_with_id(unit.title, committee), rows, width, colour)

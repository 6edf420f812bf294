"""Rosters: who sits and works where, until when, and what is vacant."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from fujin_cli.core.model.organisation import Organisation, Seated
from fujin_cli.core.text.message import say, spoken, title_of
from fujin_cli.render.basics.names import Names, with_id
from fujin_cli.render.basics.tables import Cell, Column, Table
from fujin_cli.render.organisation.facts import Json, title_in, titles

_SEATS = {"head": say("head"), "member": say("member")}


def seat_words(seat: str) -> object:
    """A seat in words."""
    return _SEATS.get(seat, seat)


def vacancies(organisation: Organisation, committee: str, day: date) -> dict[str, int]:
    """Seat → how many of the committee's declared seats nobody holds on that day."""
    declared = organisation.committees[committee].details.get("seats") or {}
    return {
        seat: max(0, int(count) - len(organisation.seated(committee, seat, day))) for seat, count in declared.items()
    }


def seat_line(organisation: Organisation, entry: Seated, day: date) -> str:
    """Somebody and what they do, in one line; marked where their term does not cover the day."""
    roles = spoken(titles(entry.roles, organisation.roles))
    parts = [with_id(entry.name, entry.person), roles, "" if entry.serves_on(day) else str(say("not in office"))]
    return " · ".join(part for part in parts if part)


def seated_json(entry: Seated, day: date) -> Json:
    """Somebody on a roster as scripts read it; ``serving`` is whether the term covers the day."""
    return {
        "person": entry.person,
        "name": entry.name,
        "seat": entry.seat or None,
        "roles": list(entry.roles),
        "group": entry.group or None,
        "term": {"from": entry.term_from or None, "until": entry.term_until or None},
        "serving": entry.serves_on(day),
    }


def rosters_json(organisation: Organisation, day: date) -> Json:
    """Every roster as scripts read it, version 1."""
    found = [_roster(organisation, unit, day) for unit in organisation.rosters]
    return {"version": 1, "rosters": found}


def _roster(organisation: Organisation, unit: str, day: date) -> Json:
    entries = organisation.rosters[unit]
    return {
        "roster": unit,
        "people": len(entries),
        "serving": sum(entry.serves_on(day) for entry in entries),
        "vacancies": vacancies(organisation, unit, day) if unit in organisation.committees else {},
        "next_end": _next_end(entries, day),
    }


def _next_end(entries: Iterable[Seated], day: date) -> str | None:
    """The first day (ISO) on which the term of somebody who serves now ends."""
    return min((entry.term_until for entry in entries if entry.term_until and entry.serves_on(day)), default=None)


def roster_json(organisation: Organisation, unit: str, day: date) -> Json:
    """One roster as scripts read it, version 1, with everybody on it."""
    people = [seated_json(entry, day) for entry in organisation.rosters[unit]]
    return {"version": 1, **_roster(organisation, unit, day), "entries": people}


def rosters_table(organisation: Organisation, day: date) -> Table:
    """Every roster for people: who serves, what is vacant, which term ends first."""
    names = Names(organisation)
    found = [_roster(organisation, unit, day) for unit in organisation.rosters]
    return Table(
        title=say("Rosters"),
        columns=[
            Column(say("id"), whole=True),
            Column(say("roster")),
            Column(say("serving"), right=True),
            Column(say("terms over"), right=True, drop=2),
            Column(say("vacant"), right=True),
            Column(say("next term ends"), drop=1),
        ],
        rows=[
            [
                entry["roster"],
                names.unit(entry["roster"]),
                entry["serving"],
                entry["people"] - entry["serving"],
                sum(entry["vacancies"].values()),
                entry["next_end"],
            ]
            for entry in found
        ],
        empty=say("No rosters found."),
    )


def roster_table(organisation: Organisation, unit: str, day: date) -> Table:
    """One roster for people: seat, roles, group and term of everybody; a term that is over says so."""
    vacant = vacancies(organisation, unit, day) if unit in organisation.committees else {}
    open_seats = [
        say("{count} vacant: {seat}", count=count, seat=seat_words(seat)) for seat, count in vacant.items() if count
    ]
    return Table(
        title=say("Roster of {unit}", unit=with_id(Names(organisation).unit(unit), unit)),
        columns=[
            Column(say("person"), whole=True),
            Column(say("name")),
            Column(say("seat"), drop=2),
            Column(say("roles")),
            Column(say("group"), drop=3),
            Column(say("term"), drop=1),
            Column(say("state")),
        ],
        rows=[_roster_row(organisation, entry, day) for entry in organisation.rosters[unit]],
        empty=say("This roster is empty."),
        note=open_seats or None,
    )


def _roster_row(organisation: Organisation, entry: Seated, day: date) -> list[object]:
    term = f"{entry.term_from} – {entry.term_until}" if entry.term_from or entry.term_until else ""
    over = bool(entry.term_until) and entry.term_until < day.isoformat()
    state = say("serving") if entry.serves_on(day) else say("term over") if over else say("not yet in office")
    return [
        entry.person,
        entry.name,
        Cell(seat_words(entry.seat), plain=entry.seat),
        Cell(titles(entry.roles, organisation.roles), plain=list(entry.roles)),
        Cell(title_of(title_in(organisation.member_groups.get(entry.group)), entry.group), plain=entry.group),
        term,
        Cell(state, style="" if entry.serves_on(day) else "yellow"),
    ]

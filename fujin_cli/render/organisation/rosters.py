"""Show rosters: members and staff, their terms, and vacant seats."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from fujin_cli.core.model.organisation import Organisation, Seated
from fujin_cli.core.text.localized import localize_value, say, title_of
from fujin_cli.render.basics.names import Names, title_with_id
from fujin_cli.render.basics.tables import Cell, Column, Table
from fujin_cli.render.organisation.facts import Json, declared_title, titles_of

_SEATS = {"head": say("head"), "member": say("member")}


def seat_words(seat: str) -> object:
    """Name a seat."""
    return _SEATS.get(seat, seat)


def count_vacancies(organisation: Organisation, committee: str, day: date) -> dict[str, int]:
    """Count the committee's vacant seats on that day, by kind of seat."""
    declared = organisation.committees[committee].details.get("seats") or {}
    return {
        seat: max(0, int(count) - len(organisation.seat_holders(committee, seat, day)))
        for seat, count in declared.items()
    }


def member_line(organisation: Organisation, seated: Seated, day: date) -> str:
    """Write a member with roles in one line; marked where the term does not cover the day."""
    roles = localize_value(titles_of(seated.roles, organisation.roles))
    parts = [
        title_with_id(seated.name, seated.person),
        roles,
        "" if seated.is_serving_on(day) else str(say("not in office")),
    ]
    return " · ".join(part for part in parts if part)


def member_json(seated: Seated, day: date) -> Json:
    """Write a member of a roster as JSON; ``serving`` is whether the term covers the day."""
    return {
        "person": seated.person,
        "name": seated.name,
        "seat": seated.seat or None,
        "roles": list(seated.roles),
        "group": seated.group or None,
        "term": {"from": seated.term_from or None, "until": seated.term_until or None},
        "serving": seated.is_serving_on(day),
    }


def rosters_json(organisation: Organisation, day: date) -> Json:
    """Write every roster as JSON, version 1."""
    rosters = [_roster_summary_json(organisation, unit, day) for unit in organisation.rosters]
    return {"version": 1, "rosters": rosters}


def _roster_summary_json(organisation: Organisation, unit: str, day: date) -> Json:
    roster = organisation.rosters[unit]
    return {
        "roster": unit,
        "people": len(roster),
        "serving": sum(seated.is_serving_on(day) for seated in roster),
        "vacancies": count_vacancies(organisation, unit, day) if unit in organisation.committees else {},
        "next_end": _find_next_term_end(roster, day),
    }


def _find_next_term_end(roster: Iterable[Seated], day: date) -> str | None:
    """Find the first day (ISO) on which the term of a serving member ends."""
    return min(
        (seated.term_until for seated in roster if seated.term_until and seated.is_serving_on(day)), default=None
    )


def roster_json(organisation: Organisation, unit: str, day: date) -> Json:
    """Write one roster as JSON, version 1, with everybody on it."""
    people = [member_json(seated, day) for seated in organisation.rosters[unit]]
    return {"version": 1, **_roster_summary_json(organisation, unit, day), "entries": people}


def rosters_table(organisation: Organisation, day: date) -> Table:
    """Write every roster for people: serving members, vacant seats, the next end of a term."""
    names = Names(organisation)
    rosters = [_roster_summary_json(organisation, unit, day) for unit in organisation.rosters]
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
                row["roster"],
                names.declared_unit_title(row["roster"]),
                row["serving"],
                row["people"] - row["serving"],
                sum(row["vacancies"].values()),
                row["next_end"],
            ]
            for row in rosters
        ],
        empty=say("No rosters found."),
    )


def roster_table(organisation: Organisation, unit: str, day: date) -> Table:
    """Write one roster for people: everybody's seat, roles, group and term; a term that is over is marked."""
    vacant = count_vacancies(organisation, unit, day) if unit in organisation.committees else {}
    open_seats = [
        say("{count} vacant: {seat}", count=count, seat=seat_words(seat)) for seat, count in vacant.items() if count
    ]
    return Table(
        title=say("Roster of {unit}", unit=title_with_id(Names(organisation).unit_title(unit), unit)),
        columns=[
            Column(say("person"), whole=True),
            Column(say("name")),
            Column(say("seat"), drop=2),
            Column(say("roles")),
            Column(say("group"), drop=3),
            Column(say("term"), drop=1),
            Column(say("state")),
        ],
        rows=[_roster_row(organisation, seated, day) for seated in organisation.rosters[unit]],
        empty=say("This roster is empty."),
        note=open_seats or None,
    )


def _roster_row(organisation: Organisation, seated: Seated, day: date) -> list[object]:
    term = f"{seated.term_from} – {seated.term_until}" if seated.term_from or seated.term_until else ""
    over = bool(seated.term_until) and seated.term_until < day.isoformat()
    state = say("serving") if seated.is_serving_on(day) else say("term over") if over else say("not yet in office")
    return [
        seated.person,
        seated.name,
        Cell(seat_words(seated.seat), plain=seated.seat),
        Cell(titles_of(seated.roles, organisation.roles), plain=list(seated.roles)),
        Cell(title_of(declared_title(organisation.member_groups.get(seated.group)), seated.group), plain=seated.group),
        term,
        Cell(state, style="" if seated.is_serving_on(day) else "yellow"),
    ]

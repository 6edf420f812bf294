"""Build the line of a person on a roster."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from fujin_cli.core.findings.refusals import ID_TAKEN, Refusal
from fujin_cli.core.model.ids import NAME
from fujin_cli.core.model.organisation import Organisation
from fujin_cli.core.text.localized import say
from fujin_cli.store.schema.shapes.forms import DATE
from fujin_cli.use_cases.configuration.new_entries import check_text
from fujin_cli.use_cases.session import WrongUsage

SEATS = ("head", "member")
_YEARS = 3  # of a term whose end is not given


def build_person(
    organisation: Organisation,
    unit: str,
    person: str,
    name: str,
    roles: Sequence[str],
    seat: str | None,
    since: str | None,
    until: str | None,
    today: date,
) -> dict[str, object]:
    """Build the line; somebody with a seat has a term. Raises Refusal and WrongUsage."""
    _check_person(organisation, unit, person, name)
    is_committee = unit in organisation.committees
    if is_committee != (seat is not None):
        raise WrongUsage(
            say("a member of a committee has a --seat") if is_committee else say("the staff of an office has no --seat")
        )
    if seat is not None and seat not in SEATS:
        raise WrongUsage(say("--seat takes one of {seats}", seats=SEATS))
    if not roles and not is_committee:
        raise WrongUsage(say("{name} is missing", name="--role"))
    spec: dict[str, object] = {"person": person, "name": check_text(name)}
    if seat is not None:
        spec["seat"] = seat
    if roles:
        spec["roles"] = list(roles)
    term = _build_term(since, until, today, is_needed=is_committee)
    return spec | ({"term": term} if term else {})


def _check_person(organisation: Organisation, unit: str, person: str, name: str) -> None:
    if not NAME.fullmatch(person):
        raise WrongUsage(
            say("{id} cannot be an id", id=person),
            say("an id has at most 64 letters, digits, - and _, and begins with a letter or digit"),
        )
    if any(member.person == person for member in organisation.rosters.get(unit, ())):
        raise Refusal(ID_TAKEN, say("{id} is on this roster already", id=person))
    other = organisation.find_person(person)
    if person in organisation.partners:
        raise Refusal(ID_TAKEN, say("there is already a {type} with the id {id}", type=say("partner"), id=person))
    if other is not None and other.name != name.strip():
        raise Refusal(ID_TAKEN, say("{id} is already the id of {name}", id=person, name=other.name))


def _build_term(since: str | None, until: str | None, today: date, *, is_needed: bool) -> dict[str, str] | None:
    """Build the term: from today for three years, where a seat needs one. Raises WrongUsage for what is no date."""
    for text in (since, until):
        message = DATE.check(text) if text is not None else None
        if message is not None:
            raise WrongUsage(message)
    if since is None and until is None and not is_needed:
        return None
    first = date.fromisoformat(since) if since else today
    last = until or (_add_years(first, _YEARS) - timedelta(days=1)).isoformat()
    if last < first.isoformat():
        raise WrongUsage(say("{text} ends before it begins", text=f"{first}/{last}"))
    return {"from": first.isoformat(), "until": last}


def _add_years(day: date, years: int) -> date:
    """Add years to a day; 29 February becomes 1 March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)

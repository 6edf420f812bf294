"""Find what an open case depends on and the organisation no longer has: a unit, partner, person, role or seat."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from fujin_cli.core.cases.actors import People
from fujin_cli.core.cases.case import Case
from fujin_cli.core.model.organisation import Organisation
from fujin_cli.core.model.procedure import Person, Procedure

VacancyKind = Literal["community", "committee", "venue", "partner", "person", "role", "seat", "members"]


@dataclass(frozen=True, slots=True)
class Vacancy:
    """Name what is gone: a unit, venue, partner or person by ``id``, or everybody with a role or seat in ``unit``."""

    kind: VacancyKind
    id: str
    unit: str = ""


def find_vacancy(case: Case, version: Procedure, organisation: Organisation, day: date) -> Vacancy | None:
    """Find the first missing part of the organisation that keeps a case from going on; None if it can go on.

    Somebody can act as long as the step's owner, or a level to which the case was raised, stands for somebody.
    """
    if case.community not in organisation.communities:
        return Vacancy("community", case.community)
    if case.committee is not None and case.committee not in organisation.committees:
        return Vacancy("committee", case.committee)
    venue = _find_missing_venue(case, version, organisation)
    if venue is not None:
        return venue
    people = People(case, version, organisation, day)
    step = version.steps[case.step]
    if step.end is not None or any(people.supervisors(level) for level in case.raised):
        return None
    names = (step.owner,) if step.owner else tuple(dict.fromkeys(n for a in step.actions.values() for n in a.by))
    if not names or any(_stands_for_somebody(name, people) for name in names):
        return None
    return next((vacancy for name in names for vacancy in _explain(version.people[name], people)), None)


def _find_missing_venue(case: Case, version: Procedure, organisation: Organisation) -> Vacancy | None:
    for field in version.fields.values():
        value = case.values.get(field.name)
        for id in value if isinstance(value, list) else [value]:
            if field.item_type == "venue" and id is not None and id not in organisation.venues:
                return Vacancy("venue", str(id))
    return None


def _stands_for_somebody(name: str, people: People) -> bool:
    person = people.procedure.people.get(name)
    if person is None or person.kind in ("anyone", "contact", "whoever", "those_who"):
        return True
    if person.kind == "role" and person.value not in people.organisation.roles:
        return False
    return bool(people.resolve_name(name))


def _explain(person: Person, people: People) -> Iterator[Vacancy]:
    """List the missing parts behind a name without people. Nothing if none was chosen yet, or `not` excludes all."""
    organisation = people.organisation
    match person.kind:
        case "name":
            named = people.procedure.people.get(person.value)
            if named is not None:
                yield from _explain(named, people)
        case "groups":
            for part in person.groups:
                yield from _explain(part, people)
        case "role" | "seat":
            unit = people.unit_of(person) or ""
            yield Vacancy("role" if person.kind == "role" else "seat", person.value, unit)
        case "members" if person.value == "committee":
            yield Vacancy("members", person.value, people.case.committee or people.case.community)
        case "partner":
            values = people.values_in_field(person.value)
            yield from (Vacancy("partner", id) for id in values if id not in organisation.partners)
        case "person" | "members":
            values = people.values_in_field(person.value)
            yield from (Vacancy("person", id) for id in values if organisation.find_person(id) is None)

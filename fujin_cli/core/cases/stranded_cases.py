"""Group stranded cases (open, and nobody is left who can act) by what is gone, and put the reason into words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.vacancies import Vacancy, find_vacancy
from fujin_cli.core.model.organisation import Organisation
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.text.localized import LocalizedText, add_id_to_title, say, say_count, shorten_list

MOST_IDS = 12  # cases that a sentence names before it only counts


@dataclass(frozen=True, slots=True)
class StrandedCases:
    """Hold the cases that lack the same thing; ``before`` are the people who held the role or seat, by id and name."""

    vacancy: Vacancy
    cases: tuple[str, ...]
    before: tuple[tuple[str, str], ...] = ()


def group_stranded_cases(
    cases: Iterable[tuple[Case, Procedure]], new: Organisation, day: date, old: Organisation | None = None
) -> list[StrandedCases]:
    """Group the stranded cases; with ``old``, only those that were not stranded in that organisation."""
    groups: dict[Vacancy, list[str]] = {}
    for case, version in cases:
        vacancy = find_vacancy(case, version, new, day)
        if vacancy is not None and (old is None or find_vacancy(case, version, old, day) is None):
            groups.setdefault(vacancy, []).append(case.id)
    return [StrandedCases(vacancy, tuple(ids), _list_holders(vacancy, old, day)) for vacancy, ids in groups.items()]


def _list_holders(vacancy: Vacancy, old: Organisation | None, day: date) -> tuple[tuple[str, str], ...]:
    if old is None or vacancy.kind not in ("role", "seat", "members", "person"):
        return ()
    if vacancy.kind == "person":
        ids: tuple[str, ...] = (vacancy.id,)
    elif vacancy.kind == "role":
        ids = old.role_holders(vacancy.unit, vacancy.id, day)
    else:
        ids = old.seat_holders(vacancy.unit, None if vacancy.kind == "members" else vacancy.id, day)
    persons = [(id, old.find_person(id)) for id in ids]
    return tuple((id, person.name) for id, person in persons if person is not None)


def describe_stranded_cases(group: StrandedCases, new: Organisation, old: Organisation | None = None) -> LocalizedText:
    """Say how many cases are stranded, why, and which; titles of what is gone are those of ``old``."""
    values: dict[str, object] = {"reason": _describe(group, new, old), "cases": shorten_list(group.cases, MOST_IDS)}
    return say_count(
        "nobody is left who can act on {count} open case: {reason} ({cases})",
        "nobody is left who can act on {count} open cases: {reason} ({cases})",
        count=len(group.cases),
        all=group.cases,  # for lists of all of them; the sentence names the first
        **values,
    )


def _describe(group: StrandedCases, new: Organisation, old: Organisation | None) -> LocalizedText:
    vacancy, organisations = group.vacancy, [side for side in (new, old) if side is not None]
    unit = _titled(vacancy.unit, [{**o.committees, **o.communities, **o.streets} for o in organisations])
    before = [add_id_to_title(name, id) for id, name in group.before]
    match vacancy.kind:
        case "partner":
            return say(
                "the partner {partner} is gone", partner=_titled(vacancy.id, [o.partners for o in organisations])
            )
        case "venue":
            return say("the venue {venue} is gone", venue=_titled(vacancy.id, [o.venues for o in organisations]))
        case "community" | "committee":
            units = [o.committees if vacancy.kind == "committee" else o.communities for o in organisations]
            return say("{unit} is gone", unit=_titled(vacancy.id, units))
        case "person":
            names = before or [vacancy.id]
            return say("{people} is on no roster", people=names)
        case "members":
            reason = say("nobody sits on {unit}", unit=unit)
        case "seat":
            reason = say("nobody sits as {seat} on {unit}", seat=vacancy.id, unit=unit)
        case _:
            role = _titled(vacancy.id, [o.roles for o in organisations])
            if vacancy.id not in new.roles:
                return say("the role {role} is gone", role=role)
            reason = say("nobody is {role} of {unit}", role=role, unit=unit)
    return say("{reason} (until now: {people})", reason=reason, people=before) if before else reason


def _titled(id: str, shelves: Iterable[Mapping[str, object]]) -> object:
    """Add the id to the title in the first shelf that has it."""
    found = next((shelf[id] for shelf in shelves if id in shelf), None)
    title = found.get("title") if isinstance(found, Mapping) else getattr(found, "title", None)
    return add_id_to_title(title, id)

"""Build a workspace of made-up units and people in which every procedure can be carried out.

Whether a run is possible does not depend on who holds an office today. So runs of the explorer are driven where every
role and seat of every level is held by several people, every partner exists, and the calendar covers every year.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.explore.abstraction import list_guards
from fujin_cli.core.model.organisation import REFERENCES, Organisation, Seated, Unit
from fujin_cli.core.model.procedure import Person, Procedure
from fujin_cli.core.model.workspace import Workspace

COMMUNITY, COMMITTEE = "C1", "C1-committee"
UNITS = {"committee": COMMITTEE, "community": COMMUNITY, "street": "S1", "city": "city"}
FEWEST_HOLDERS = 6
MOST_HOLDERS = 60  # a quorum beyond that is no run that anybody reads


def build_model_workspace(procedures: Mapping[str, Procedure], calendar_data: Mapping[str, Any]) -> Workspace:
    """Build a workspace with these procedures, in which nobody and nothing is missing."""
    versions = list(procedures.values())
    ids = {type_name: _list_ids(versions, type_name) for type_name in REFERENCES}
    organisation = Organisation(
        city=UNITS["city"],
        streets={UNITS["street"]: Unit(UNITS["street"], "", UNITS["city"], {})},
        communities={COMMUNITY: Unit(COMMUNITY, "", UNITS["street"], {})},
        venues={id: {"community": COMMUNITY} for id in ids["venue"]},
        topics={id: {} for id in ids["topic"]},
        kinds={id: {"answers": list(ids["topic"])} for id in ids["menu"]},
        partners={id: {} for id in ids["partner"]},
        committees={
            id: Unit(id, "", COMMUNITY, {"kind": ids["menu"][0], "procedures": list(procedures)})
            for id in dict.fromkeys((COMMITTEE, *ids["committee"]))
        },
        rosters={unit: tuple(_staff(versions, unit)) for unit in UNITS.values()},
    )
    return Workspace(organisation=organisation, procedures=procedures, calendar_data=calendar_data)


def build_model_calendar(workspace: Workspace) -> WorkingCalendar:
    """Build the workspace's calendar; years that are not published yet are worked from Monday to Friday."""
    return replace(workspace.build_calendar(), years=None)


def _list_ids(versions: Iterable[Procedure], type_name: str) -> list[str]:
    """List ids for a type of field: some to choose from, and those that the procedures name."""
    ids = [f"{type_name}-{number}" for number in range(1, FEWEST_HOLDERS + 1)]
    for version in versions:
        fields = {name for name, field in version.fields.items() if field.item_type == type_name}
        ids += [text for test in list_guards(version) if test.name in fields for text in test.values]
        for _, action in version.all_actions():
            bounds = (input.conditions for input in action.inputs if input.field in fields)
            ids += [text for conditions in bounds for verb, text in conditions if verb == "is"]
        ids += [text for effects in version.all_effects() for name, text in effects.sets.items() if name in fields]
    return list(dict.fromkeys(ids))


def _staff(versions: Iterable[Procedure], unit: str) -> Iterator[Seated]:
    """List the people of a unit: several for each role and for each seat, nobody with two of them."""
    listed = list(versions)
    people = [person for version in listed for person in version.people.values()]
    every = [part for person in people for part in _list_parts(person)]
    roles = dict.fromkeys([person.value for person in every if person.kind == "role"] + ["supervisor"])
    seats = dict.fromkeys([person.value for person in every if person.kind == "seat"] + ["member"])
    numbers = range(1, _count_holders(listed) + 1)
    for role in roles:
        yield from (_seat(unit, f"{role}-{unit}-{number}", role, "") for number in numbers)
    for seat in seats:
        yield from (_seat(unit, f"{seat}-{unit}-seat-{number}", "", seat) for number in numbers)


def _seat(unit: str, person: str, role: str, seat: str) -> Seated:
    return Seated(person, person, unit, (role,) if role else (), seat)


def _list_parts(person: Person) -> Iterator[Person]:
    yield person
    for part in (*person.groups, *person.excluded):
        yield from _list_parts(part)


def _count_holders(versions: Iterable[Procedure]) -> int:
    """Count the people that a list may need; one more, so that there is always somebody who is not on it yet."""
    texts = [text for version in versions for test in list_guards(version) for text in test.values]
    texts += [field.at_least or "" for version in versions for field in version.fields.values()]
    counts = [int(text) for text in texts if text.isdigit() and len(text) < 3]
    return min(MOST_HOLDERS, max([FEWEST_HOLDERS, *(count + 1 for count in counts)]))

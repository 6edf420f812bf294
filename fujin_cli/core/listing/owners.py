"""Find whom the step of a case waits for on one day."""

from __future__ import annotations

from datetime import date

from fujin_cli.core.cases.actors import People
from fujin_cli.core.cases.case import Case
from fujin_cli.core.model.organisation import Organisation
from fujin_cli.core.model.procedure import Procedure


def find_owners(case: Case, procedure: Procedure, organisation: Organisation, day: date) -> tuple[str, ...] | None:
    """Find the ids of those whom the case's step waits for; None where another case decides who they are.

    A contact is no id: the list is empty where the step waits for a resident.
    """
    owner = procedure.steps[case.step].owner
    if owner is None or case.has_ended:
        return ()
    if _depends_on_another_case(procedure, owner):
        return None
    return resolve_owner(People(case, procedure, organisation, day), owner)


def resolve_owner(people: People, owner: str) -> tuple[str, ...]:
    """List the ids that the owner of a step stands for, without references to contacts."""
    return tuple(id for id in people.resolve_name(owner) if not id.startswith("vault:"))


def _depends_on_another_case(version: Procedure, name: str) -> bool:
    """Tell whether the events of another case decide whom a name stands for (``whoever: in``)."""
    waiting = [version.people[name]] if name in version.people else []
    names = {name}
    while waiting:
        person = waiting.pop()
        if person.kind == "whoever" and person.value == "in":
            return True
        waiting += [*person.excluded, *person.groups]
        if person.kind == "name" and person.value in version.people and person.value not in names:
            names.add(person.value)
            waiting.append(version.people[person.value])
    return False

"""Child cases and joined cases: what goes from one case into the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fujin_cli.core.cases.actors import Actor
from fujin_cli.core.cases.case import Case
from fujin_cli.core.model.procedure import Procedure


def takes_place(instead_of: tuple[str, ...], outcome: str | None) -> bool:
    """Whether a child with that outcome is replaced by a new one: an open one never is."""
    return outcome is not None and ("ended" in instead_of or outcome in instead_of)


def each_of(case: Case, fields: tuple[str, ...]) -> list[tuple[str, Any]]:
    """(field, value) for every child to open: one for each value of the fields, one without a value for no fields."""
    if not fields:
        return [("", None)]
    found: list[tuple[str, Any]] = []
    for name in fields:
        value = case.values.get(name)
        found += [(name, item) for item in (value if isinstance(value, list) else [value]) if item is not None]
    return found


def given(
    version: Procedure, case: Case, give: Mapping[str, str], acting: Actor, value: Any, to: str | None, lead: bool
) -> dict[str, Any]:
    """The child's fields: what the parent gives, whom it is for, and whether it is the lead's."""
    row = value if isinstance(value, Mapping) else {}
    special = {"actor": acting.by, "this case": case.id}
    values = {name: special.get(source, row.get(source, case.values.get(source))) for name, source in give.items()}
    partner = row.get(to) if to else value
    if partner is not None and not isinstance(partner, Mapping):
        target = next((f.name for f in version.fields.values() if f.type == "partner" and f.required), None)
        if target:
            values[target] = partner
    if "is_lead" in version.fields and value is not None:
        values["is_lead"] = "yes" if lead else "no"
    return {name: item for name, item in values.items() if item is not None}


def complainants(version: Procedure, case: Case, other_version: Procedure, other: Case, kind: str) -> dict[str, Any]:
    """The other case's field of joined complainants after ``case`` joined it or parted from it (``kind``)."""
    contacts = [case.values.get(person.value) for person in version.people.values() if person.proof]
    field = next((person.also for person in other_version.people.values() if person.also), None)
    if field is None or not contacts or contacts[0] is None:
        return {}
    known = list(other.values.get(field, []))  # one entry for every joined case, also where two name the same contact
    if kind == "joined":
        known.append(contacts[0])
    elif contacts[0] in known:
        known.remove(contacts[0])
    return {field: known}

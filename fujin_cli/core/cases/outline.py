"""The outline of an open case: of its state what decides who can act, as plain JSON that a cache can keep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from fujin_cli.core.cases.case import Case
from fujin_cli.core.model.ids import NAME

if TYPE_CHECKING:
    from fujin_cli.core.model.references import Reference


_ACTING = ("person", "partner")
_IN_VALUES = ("person", "partner", "committee")


def outline_of(case: Case) -> dict[str, Any]:
    """Write the outline of a case; of its values those that may be ids of partners, people or venues."""
    return {
        "case": case.id,
        "procedure": case.procedure,
        "version": case.version_digest,
        "community": case.community,
        "committee": case.committee,
        "step": case.step,
        "raised": list(case.raised),
        "values": {name: value for name, value in case.values.items() if _may_be_ids(value)},
    }


def _may_be_ids(value: Any) -> bool:
    if isinstance(value, list):
        return all(map(_may_be_ids, value))
    return isinstance(value, str) and NAME.fullmatch(value) is not None


def case_from_outline(row: Mapping[str, Any]) -> Case:
    """Build the case that an outline stands for: without its history."""
    return Case(
        row["case"],
        procedure=row["procedure"],
        version_digest=row["version"],
        community=row["community"],
        committee=row["committee"],
        step=row["step"],
        raised=tuple(row["raised"]),
        values=row["values"],
    )


def carries_id(case: Case, reference: Reference) -> bool:
    """Tell whether a community, committee, procedure, partner or person with this id has to do with it."""
    own = {"community": case.community, "committee": case.committee, "procedure": case.procedure}
    if own.get(reference.type) == reference.id:
        return True
    if reference.type in _ACTING and any(event.by == reference.id for event in case.events):
        return True  # whoever handled a case must not approve it, whatever they are called then
    return reference.type in _IN_VALUES and reference.id in set(_list_texts(dict(case.values)))


def _list_texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, tuple)):
        for member in value:
            yield from _list_texts(member)
    elif isinstance(value, dict):
        for member in value.values():
            yield from _list_texts(member)

"""Look up what a name in a workspace file refers to: each type of id has a registry of the ids that there are.

The schema says of which types a name may be (``store.schema.shapes.references``); the first type whose registry has
the name is meant. A name may mean two ids at once: a field that a child case brings back has one name in both
procedures.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from fujin_cli.core.model.organisation import REFERENCES
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.model.workspace import Workspace

_REOPENING = ".reopen"
UNITS = ("committee", "community", "street", "city")  # share their ids, because a roster names its unit alone
ACTORS = ("person", "partner")  # share their ids, because who acts is named by the id alone


class Reference(NamedTuple):
    """An id of some type; ``procedure`` is the procedure that it is part of, empty for ids of the workspace."""

    type: str
    id: str
    procedure: str = ""


@dataclass(frozen=True, slots=True)
class ReferencePlace:
    """A name in a file, and what its meaning depends on.

    ``procedure`` is the one that the file is about, ``called`` the one that is opened there, and ``subject`` the name
    of the field or group whose value this is.
    """

    text: str
    types: tuple[str, ...]
    procedure: str = ""
    called: str = ""
    subject: str = ""


WORKSPACE_IDS: Mapping[str, Callable[[Workspace], Collection[str]]] = {
    "workspace": lambda workspace: {workspace.name},
    "city": lambda workspace: {workspace.organisation.city},
    "street": lambda workspace: workspace.organisation.streets,
    "community": lambda workspace: workspace.organisation.communities,
    "committee": lambda workspace: workspace.organisation.committees,
    "person": lambda workspace: {member.person for member in workspace.organisation.people()},
    "partner": lambda workspace: workspace.organisation.partners,
    "role": lambda workspace: workspace.organisation.roles,
    "trait": lambda workspace: workspace.organisation.traits,
    "member group": lambda workspace: workspace.organisation.member_groups,
    "topic": lambda workspace: workspace.organisation.topics,
    "kind": lambda workspace: workspace.organisation.kinds,
    "venue": lambda workspace: workspace.organisation.venues,
    "board": lambda workspace: workspace.organisation.boards,
    "procedure": lambda workspace: workspace.procedures,
}
PROCEDURE_IDS: Mapping[str, Callable[[Procedure], Collection[str]]] = {
    "step": lambda procedure: procedure.steps,
    "action": lambda procedure: {
        action.name for step, action in procedure.all_actions() if action.by and (step is None or not step.end)
    },
    "field": lambda procedure: procedure.fields,
    "people": lambda procedure: procedure.people,
    "setting": lambda procedure: procedure.settings,
    "group": lambda procedure: {*procedure.openings_by_group(), *procedure.groups},
    "form": lambda procedure: procedure.forms,
    "clock": lambda procedure: procedure.clocks,
    "guarantee": lambda procedure: procedure.guarantees,
    "channel": lambda procedure: procedure.channels,
    "outcome": lambda procedure: {step.end for step in procedure.steps.values() if step.end},
    "notice": lambda procedure: {name for effects in procedure.all_effects() for name in effects.publish},
    "effect": lambda procedure: {does.name for effects in procedure.all_effects() for does in effects.does},
}
_VALUE_TYPES = {type: type for type in REFERENCES} | {"menu": "kind", "person": "person"}


class ReferenceIndex:
    """Hold the registry of every type of one workspace; each is built at its first use."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._ids: dict[tuple[str, str], frozenset[str]] = {}

    def list_ids(self) -> Iterator[Reference]:
        """List every id that the workspace and its procedures define."""
        for type, list_ids in WORKSPACE_IDS.items():
            yield from (Reference(type, id) for id in sorted(list_ids(self.workspace)) if id)
        for name, procedure in self.workspace.procedures.items():
            for type, list_parts in PROCEDURE_IDS.items():
                yield from (Reference(type, id, name) for id in sorted(list_parts(procedure)) if id)

    def is_defined(self, reference: Reference) -> bool:
        """Tell whether there is such an id."""
        return reference.id in self._ids_of(reference.type, reference.procedure)

    def find_meanings(self, place: ReferencePlace) -> list[Reference]:
        """Find the ids that a name means; an empty list for a word of the language, a plain value or an unknown id."""
        if set(place.types) == {"field", "called field"}:
            return [meaning for type in place.types for meaning in self._of_type(type, place)]
        return next((meanings for type in place.types if (meanings := self._of_type(type, place))), [])

    def _of_type(self, type: str, place: ReferencePlace) -> list[Reference]:
        return [reference for reference in self._candidates(type, place) if self.is_defined(reference)]

    def _candidates(self, type: str, place: ReferencePlace) -> Iterator[Reference]:
        if type == "value":
            yield from self._candidates_for_value(place)
        elif type == "step of reopening":
            if place.text.endswith(_REOPENING):
                yield Reference("step", place.text.removesuffix(_REOPENING), place.procedure)
        elif type == "called procedure":
            yield Reference("procedure", place.text)
        elif type.startswith("called "):
            yield Reference(type.removeprefix("called "), place.text, place.called)
        elif type in PROCEDURE_IDS and not place.procedure:
            yield from self._find_only_part(type, place.text)
        else:
            yield Reference(type, place.text, place.procedure if type in PROCEDURE_IDS else "")

    def _find_only_part(self, type: str, id: str) -> list[Reference]:
        """Find the part that a name means where no procedure is named, as in views: the only one of that name."""
        parts = [Reference(type, id, procedure) for procedure in self.workspace.procedures]
        defined = [part for part in parts if self.is_defined(part)]
        return defined if len(defined) == 1 else []

    def _candidates_for_value(self, place: ReferencePlace) -> Iterator[Reference]:
        """List what a value can be: an id of the field's type, or how cases of the group or field end."""
        procedure = self.workspace.procedures.get(place.procedure)
        if procedure is None:
            return
        field = procedure.fields.get(place.subject)
        if field is not None and field.item_type in _VALUE_TYPES:
            yield Reference(_VALUE_TYPES[field.item_type], place.text)
        for ending in sorted(_list_cases_under(procedure, place.subject)):
            yield Reference("outcome", place.text, ending)

    def _ids_of(self, type: str, procedure: str) -> frozenset[str]:
        key = (type, procedure)
        if key not in self._ids:
            self._ids[key] = frozenset(self._collect_ids(type, procedure))
        return self._ids[key]

    def _collect_ids(self, type: str, procedure: str) -> Collection[str]:
        if type in WORKSPACE_IDS:
            return WORKSPACE_IDS[type](self.workspace)
        version = self.workspace.procedures.get(procedure)
        return PROCEDURE_IDS[type](version) if version is not None and type in PROCEDURE_IDS else ()


def _list_cases_under(procedure: Procedure, subject: str) -> set[str]:
    """List the procedures of the cases that a group, a field of type case, or an effect on such a field names."""
    effects = [does.field for effects in procedure.all_effects() for does in effects.does if does.name == subject]
    names = {opens.procedure for opens in procedure.openings_by_group().get(subject, ())}
    for name in (subject, *effects):
        field = procedure.fields.get(name)
        if field is not None and field.type == "case":
            names |= set(field.of)
    return names


def write_reference(place: ReferencePlace, new: str) -> str:
    """Write the text of a place whose id is now ``new``: a reopening keeps its ending."""
    return new + _REOPENING if place.text.endswith(_REOPENING) else new

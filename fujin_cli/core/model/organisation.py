"""Build the organisation: the city, its communities, committees, rosters and partners, from plain trees.

A field type whose values are ids that the organisation declares is one row of ``REFERENCES`` and a name in
``values.TYPES``. See docs/how-to-extend/field-type.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fujin_cli.core.text.localized import Title, add_id_to_title

Tree = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Seated:
    """A person on a roster. ``seat`` is empty for an office's staff; a missing term never ends."""

    person: str
    name: str
    unit: str
    roles: tuple[str, ...]
    seat: str = ""
    group: str = ""
    term_from: str = ""
    term_until: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    index: int = 0

    def is_serving_on(self, day: date) -> bool:
        """Whether the term covers ``day``."""
        iso = day.isoformat()
        return (not self.term_from or self.term_from <= iso) and (not self.term_until or iso <= self.term_until)


@dataclass(frozen=True, slots=True)
class Unit:
    """A street, a community or a committee: an id, its title and the rest of what its file says of it."""

    id: str
    title: Title | str
    parent: str  # a committee's community, a community's street, a street's city
    details: Mapping[str, Any]
    path: str = ""


@dataclass(frozen=True, slots=True)
class Organisation:
    """The organisation as its files declare it. Paths of files are kept where findings need them."""

    city: str = ""
    title: Title | str = ""
    levels: tuple[str, ...] = ("committee", "community", "street", "city")
    roles: Mapping[str, Tree] = field(default_factory=dict)
    traits: Mapping[str, Tree] = field(default_factory=dict)
    member_groups: Mapping[str, Tree] = field(default_factory=dict)
    streets: Mapping[str, Unit] = field(default_factory=dict)
    communities: Mapping[str, Unit] = field(default_factory=dict)
    venues: Mapping[str, Tree] = field(default_factory=dict)
    boards: Mapping[str, Tree] = field(default_factory=dict)
    settings: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)
    chosen: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # settings by procedure, in rehearsals
    topics: Mapping[str, Tree] = field(default_factory=dict)
    kinds: Mapping[str, Tree] = field(default_factory=dict)
    partners: Mapping[str, Tree] = field(default_factory=dict)
    committees: Mapping[str, Unit] = field(default_factory=dict)
    rosters: Mapping[str, tuple[Seated, ...]] = field(default_factory=dict)
    roster_paths: Mapping[str, str] = field(default_factory=dict)

    def unit_at(self, level: str, community: str, committee: str | None) -> str | None:
        """Find the unit of ``level`` for a case of that community and committee; None where there is none.

        A case without a committee is served by its community's office (docs/reference/contract.md, "Who").
        """
        if level == "committee":
            return committee or community
        if level == "community":
            return community
        if level == "street":
            unit = self.communities.get(community)
            return unit.parent if unit else None
        return self.city or None

    def role_holders(self, unit: str | None, role: str, day: date) -> tuple[str, ...]:
        """List the persons on ``unit``'s roster who hold ``role`` on that day, in the roster's order."""
        return tuple(
            seated.person
            for seated in self.rosters.get(unit or "", ())
            if role in seated.roles and seated.is_serving_on(day)
        )

    def seat_holders(self, unit: str | None, seat: str | None, day: date) -> tuple[str, ...]:
        """List the persons in that seat of a committee (any seat for None) on that day."""
        return tuple(
            member.person
            for member in self.rosters.get(unit or "", ())
            if member.seat and (seat is None or member.seat == seat) and member.is_serving_on(day)
        )

    def people(self) -> Iterator[Seated]:
        """List everybody on any roster, roster by roster."""
        for roster in self.rosters.values():
            yield from roster

    def find_person(self, person: str) -> Seated | None:
        """Find a person on the rosters; the first place of somebody who has several."""
        return next((member for member in self.people() if member.person == person), None)

    def find_title(self, id: str) -> Title | str | None:
        """Find the name of a person, or the title of a partner, a committee or a community; None for another id."""
        person = self.find_person(id)
        if person:
            return person.name
        if id in self.partners:
            title: Title | str | None = self.partners[id].get("title")
            return title
        unit = self.committees.get(id) or self.communities.get(id)
        return unit.title if unit else None

    def label_id(self, id: str) -> Title | str:
        """Write an id with its name or title, for a sentence: ``王一 (p-1)``; the id alone where it has none."""
        return add_id_to_title(self.find_title(id), id)

    def committees_of(self, community: str, procedure: str | None = None) -> list[Unit]:
        """List a community's committees; with ``procedure``, only those that use it."""
        return [
            unit
            for unit in self.committees.values()
            if unit.parent == community and (procedure is None or procedure in (unit.details.get("procedures") or ()))
        ]

    def uses_procedure(self, committee: str | None, procedure: str) -> bool:
        """Whether a committee lists the procedure among those that it uses."""
        unit = self.committees.get(committee or "")
        return unit is not None and procedure in (unit.details.get("procedures") or ())

    def list_committees_using(self, procedures: Iterable[str]) -> list[str]:
        """List the committees that use all of these procedures."""
        every = set(procedures)
        return [unit.id for unit in self.committees.values() if every <= set(unit.details.get("procedures") or ())]

    def find_child_committee(self, procedure: str, community: str, parent: str | None) -> str | None:
        """Find the committee of a case that another one opens without naming one; None: the community's office.

        It is the parent's where that uses the procedure, else the only one of the community that does.
        """
        if self.uses_procedure(parent, procedure):
            return parent
        users = self.committees_of(community, procedure)
        return users[0].id if len(users) == 1 else None

    def find_setting(self, community: str, committee: str | None, procedure: str, name: str) -> str | None:
        """Give the value that the committee, else the community, sets for a procedure's setting; None for the default.

        A value of ``chosen`` goes before both.
        """
        if name in self.chosen.get(procedure, {}):
            return self.chosen[procedure][name]
        if committee and committee in self.committees:
            own = (self.committees[committee].details.get("settings") or {}).get(procedure, {})
            if name in own:
                return str(own[name])
        value = self.settings.get(community, {}).get(procedure, {}).get(name)
        return None if value is None else str(value)


def build_organisation(files: Mapping[str, tuple[str, Tree]]) -> Organisation:
    """Build the organisation from ``files``: path → (kind, plain tree of valid shape)."""
    trees: dict[str, list[tuple[str, Tree]]] = {}
    for path, (kind, tree) in files.items():
        trees.setdefault(kind, []).append((path, tree))
    # Of several files of these kinds the last one counts; a rule reports them.
    jurisdiction, menu, partners = (trees.get(kind, [("", {})])[-1][1] for kind in ("jurisdiction", "menu", "partners"))
    city = jurisdiction.get("jurisdiction", "")
    return Organisation(
        city=city,
        title=jurisdiction.get("title", ""),
        levels=tuple(jurisdiction.get("levels") or Organisation().levels),
        roles=jurisdiction.get("roles") or {},
        traits=jurisdiction.get("traits") or {},
        member_groups=jurisdiction.get("groups") or {},
        streets={id: Unit(id, spec.get("title", id), city, spec) for id, spec in _specs_under(jurisdiction, "streets")},
        communities={
            id: Unit(id, spec.get("title", id), spec.get("street", ""), spec)
            for id, spec in _specs_under(jurisdiction, "communities")
        },
        venues=jurisdiction.get("venues") or {},
        boards=jurisdiction.get("boards") or {},
        settings=jurisdiction.get("settings") or {},
        topics=menu.get("topics") or {},
        kinds=menu.get("kinds") or {},
        partners=partners.get("partners") or {},
        committees={tree["committee"]: _build_committee(tree, path) for path, tree in trees.get("committee", ())},
        rosters={tree["roster"]: tuple(_read_roster(tree)) for _, tree in trees.get("roster", ())},
        roster_paths={tree["roster"]: path for path, tree in trees.get("roster", ())},
    )


def _build_committee(tree: Tree, path: str) -> Unit:
    id = tree["committee"]
    return Unit(id, tree.get("title") or id, tree.get("community", ""), tree, path)


def _specs_under(tree: Tree, key: str) -> list[tuple[str, Tree]]:
    return [(name, spec or {}) for name, spec in (tree.get(key) or {}).items()]


def _read_roster(tree: Tree) -> Iterator[Seated]:
    for part in ("members", "staff"):
        for index, spec in enumerate(tree.get(part) or ()):
            term = spec.get("term") or {}
            yield Seated(
                person=spec["person"],
                name=spec.get("name") or spec["person"],
                unit=tree["roster"],
                roles=tuple(spec.get("roles") or ()),
                seat=spec.get("seat", "") if part == "members" else "",
                group=spec.get("group", ""),
                term_from=term.get("from", ""),
                term_until=term.get("until", ""),
                details=spec,
                index=index,
            )


REFERENCES: Mapping[str, Callable[[Organisation], Mapping[str, Any]]] = {
    "partner": lambda organisation: organisation.partners,
    "menu": lambda organisation: organisation.kinds,
    "topic": lambda organisation: organisation.topics,
    "committee": lambda organisation: organisation.committees,
    "venue": lambda organisation: organisation.venues,
}
"""Field type → the ids that it takes, each with what the files say of it."""

"""Rosters, units and who holds what today, indexed: a rule asks for many names and the organisation searches lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from fujin_cli.core.findings.finding import Place, Route
from fujin_cli.core.model.organisation import Organisation, Seated
from fujin_cli.core.model.workspace import Workspace


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """Somebody on a roster, with the file and route of the line that says so."""

    seated: Seated
    path: str
    route: Route

    def place(self, *below: str) -> Place:
        """The line, or one of its keys."""
        return Place(self.path, (*self.route, *below))


@dataclass(frozen=True, slots=True)
class RosterIndex:
    """Everybody on the rosters, and the level of every unit."""

    organisation: Organisation
    entries: tuple[RosterEntry, ...]

    def level_of(self, unit: str) -> str | None:
        """The level of a unit; None for one that does not exist, or whose id stands for two (FJ126)."""
        organisation = self.organisation
        levels = {
            "committee": unit in organisation.committees,
            "community": unit in organisation.communities,
            "street": unit in organisation.streets,
            "city": unit == organisation.city and bool(unit),
        }
        found = [level for level, there in levels.items() if there]
        return found[0] if len(found) == 1 else None

    def by_unit(self) -> dict[str, list[RosterEntry]]:
        """The entries of every roster."""
        found: dict[str, list[RosterEntry]] = {}
        for entry in self.entries:
            found.setdefault(entry.seated.unit, []).append(entry)
        return found

    def doubtful(self, workspace: Workspace) -> frozenset[str]:
        """Units whose roster does not tell for sure who holds what: parts are unreadable, or a role is unknown."""
        unread = {file.name for file in workspace.files if file.kind == "roster" and (file.pruned or file.tree is None)}
        unknown = {
            entry.seated.unit
            for entry in self.entries
            if any(role not in self.organisation.roles for role in entry.seated.roles)
        }
        return frozenset(unread | unknown)

    def holders(self, today: date) -> Mapping[tuple[str, str], frozenset[str]]:
        """(unit, role) → the persons who hold that role there today."""
        found: dict[tuple[str, str], set[str]] = {}
        for entry in self.entries:
            if entry.seated.serves_on(today):
                for role in entry.seated.roles:
                    found.setdefault((entry.seated.unit, role), set()).add(entry.seated.person)
        return {key: frozenset(people) for key, people in found.items()}

    def seated(self, today: date) -> Mapping[tuple[str, str], frozenset[str]]:
        """(unit, seat) → the persons who sit there today."""
        found: dict[tuple[str, str], set[str]] = {}
        for entry in self.entries:
            if entry.seated.seat and entry.seated.serves_on(today):
                found.setdefault((entry.seated.unit, entry.seated.seat), set()).add(entry.seated.person)
        return {key: frozenset(people) for key, people in found.items()}


def index_rosters(workspace: Workspace) -> RosterIndex:
    """The workspace's offices."""
    return RosterIndex(workspace.organisation, tuple(_entries(workspace.organisation)))


def _entries(organisation: Organisation) -> Iterator[RosterEntry]:
    for unit, listed in organisation.rosters.items():
        path = organisation.roster_paths.get(unit, "")
        for seated in listed:
            yield RosterEntry(seated, path, ("members" if seated.seat else "staff", seated.index))

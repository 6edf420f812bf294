"""Index rosters and units, because a rule looks up many names and ``Organisation`` searches lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from fujin_cli.core.findings.finding import Place, Route
from fujin_cli.core.model.organisation import Organisation, Seated
from fujin_cli.core.model.workspace import Workspace


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """Hold one line of a roster, with its file and its route."""

    seated: Seated
    path: str
    route: Route

    def place(self, *below: str) -> Place:
        """Return the place of the line, or of one of its keys."""
        return Place(self.path, (*self.route, *below))


@dataclass(frozen=True, slots=True)
class RosterIndex:
    """Hold every line of every roster, and look up the level of a unit and the holders of roles and seats."""

    organisation: Organisation
    lines: tuple[RosterEntry, ...]

    def level_of(self, unit: str) -> str | None:
        """Return the level of a unit; None for one that does not exist, or whose id stands for two units (FJ126)."""
        organisation = self.organisation
        matches = {
            "committee": unit in organisation.committees,
            "community": unit in organisation.communities,
            "street": unit in organisation.streets,
            "city": unit == organisation.city and bool(unit),
        }
        levels = [level for level, is_match in matches.items() if is_match]
        return levels[0] if len(levels) == 1 else None

    def by_unit(self) -> dict[str, list[RosterEntry]]:
        """Map every unit to the lines of its roster."""
        lines: dict[str, list[RosterEntry]] = {}
        for line in self.lines:
            lines.setdefault(line.seated.unit, []).append(line)
        return lines

    def unreliable_units(self, workspace: Workspace) -> frozenset[str]:
        """List the units whose roster cannot decide who holds what: a part is unreadable, or a role is unknown."""
        unread = {file.name for file in workspace.files if file.kind == "roster" and (file.pruned or file.tree is None)}
        unknown = {
            line.seated.unit
            for line in self.lines
            if any(role not in self.organisation.roles for role in line.seated.roles)
        }
        return frozenset(unread | unknown)

    def holders(self, today: date) -> Mapping[tuple[str, str], frozenset[str]]:
        """Map (unit, role) to the persons who hold that role there today."""
        holders: dict[tuple[str, str], set[str]] = {}
        for line in self.lines:
            if line.seated.is_serving_on(today):
                for role in line.seated.roles:
                    holders.setdefault((line.seated.unit, role), set()).add(line.seated.person)
        return {key: frozenset(people) for key, people in holders.items()}

    def seated(self, today: date) -> Mapping[tuple[str, str], frozenset[str]]:
        """Map (unit, seat) to the persons who have that seat today."""
        members: dict[tuple[str, str], set[str]] = {}
        for line in self.lines:
            if line.seated.seat and line.seated.is_serving_on(today):
                members.setdefault((line.seated.unit, line.seated.seat), set()).add(line.seated.person)
        return {key: frozenset(people) for key, people in members.items()}


def index_rosters(workspace: Workspace) -> RosterIndex:
    """Index the rosters of a workspace."""
    return RosterIndex(workspace.organisation, tuple(_read_lines(workspace.organisation)))


def _read_lines(organisation: Organisation) -> Iterator[RosterEntry]:
    for unit, members in organisation.rosters.items():
        path = organisation.roster_paths.get(unit, "")
        for seated in members:
            yield RosterEntry(seated, path, ("members" if seated.seat else "staff", seated.index))

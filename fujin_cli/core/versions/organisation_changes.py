"""Compare two versions of the organisation: committees, seats, rosters, partners, communities and their settings.

People are shown by ids, seats, roles and terms; of names and contacts only the fact that they differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from datetime import date
from typing import Any

from fujin_cli.core.findings.finding import Place, Route
from fujin_cli.core.model.organisation import Seated
from fujin_cli.core.model.workspace import File, Workspace
from fujin_cli.core.versions.changes import HIDDEN, Change, Detail, VersionedPart, comparable_value, compare_parts

_PRIVATE = ("contact", "name", "born", "education", "licences")
_OTHER_KINDS = ("scenario", "migration")
_CITY = ("roles", "traits", "groups", "streets", "communities", "grids", "venues", "boards")
_PART = {
    "roles": "role",
    "traits": "trait",
    "groups": "group",
    "streets": "street",
    "communities": "community",
    "grids": "grid",
    "venues": "venue",
    "boards": "board",
    "topics": "topic",
    "kinds": "kind",
}
_HEAD = ("workspace", "title", "languages", "zone", "rehearsal", "office_hours", "week", "calendar", "actors", "views")


def compare_organisation(old: Workspace, new: Workspace, today: date, unread: Set[str] = frozenset()) -> list[Change]:
    """List every difference outside the procedures; ``today`` decides which seats are vacant.

    Differences in the files ``unread`` are left out: these cannot be read in full in one version.
    """
    if _list_organisation_files(old) == _list_organisation_files(new):
        return []
    before, after = _OrganisationParts(old), _OrganisationParts(new)
    changes = list(
        compare_parts("workspace", before.read_head("workspace", _HEAD), after.read_head("workspace", _HEAD))
    )
    city = ("jurisdiction", "title", "levels")
    changes += compare_parts("city", before.read_head("jurisdiction", city), after.read_head("jurisdiction", city))
    for key in _CITY:
        changes += compare_parts(
            _PART[key], before.read_section("jurisdiction", key), after.read_section("jurisdiction", key)
        )
    for key in ("topics", "kinds"):
        changes += compare_parts(_PART[key], before.read_section("menu", key), after.read_section("menu", key))
    changes += compare_parts(
        "partner", before.read_section("partners", "partners"), after.read_section("partners", "partners")
    )
    changes += compare_parts("committee", before.read_committees(), after.read_committees())
    changes += compare_parts("member", before.read_members(), after.read_members())
    changes += compare_parts("own setting", before.read_settings(), after.read_settings())
    changes += _compare_vacancies(old, new, today, unread)
    return [change for change in changes if not _paths_of(change) & unread]


def _list_organisation_files(workspace: Workspace) -> list[File]:
    return [file for file in workspace.files if file.kind not in ("procedure", *_OTHER_KINDS)]


def compare_files(old: Workspace, new: Workspace, unread: Set[str] = frozenset()) -> list[Change]:
    """List scenarios and migrations that were added, removed or changed, with the keys that differ."""
    before, after = _OrganisationParts(old), _OrganisationParts(new)
    changes = [
        change
        for kind in _OTHER_KINDS
        for change in compare_parts(kind, before.read_files(kind), after.read_files(kind))
    ]
    return [change for change in changes if not _paths_of(change) & unread]


def _paths_of(change: Change) -> set[str]:
    return {place.path for place in (change.old_place, change.new_place) if place is not None}


class _OrganisationParts:
    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.organisation = workspace.organisation

    def _find_path_and_tree(self, kind: str) -> tuple[str, Mapping[str, Any]]:
        file = next((file for file in self.workspace.files if file.kind == kind and file.tree), None)
        return (file.path, file.tree or {}) if file else ("", {})

    def read_head(self, kind: str, keys: tuple[str, ...]) -> dict[str, VersionedPart]:
        """Read top-level keys of the only file of a kind."""
        path, tree = self._find_path_and_tree(kind)
        displayed = {key: tree.get(key) for key in keys}
        return (
            {
                kind: VersionedPart(
                    {key: comparable_value(value) for key, value in displayed.items()}, displayed, path, ()
                )
            }
            if tree
            else {}
        )

    def read_section(self, kind: str, key: str) -> dict[str, VersionedPart]:
        """Read the parts in one section of the only file of a kind."""
        path, tree = self._find_path_and_tree(kind)
        return {name: _make_part(spec or {}, path, (key, name)) for name, spec in (tree.get(key) or {}).items()}

    def read_files(self, kind: str) -> dict[str, VersionedPart]:
        """Read every file of a kind as one part whose values are compared, but not displayed."""
        parts = {}
        for file in self.workspace.files:
            if file.kind == kind and file.tree is not None:
                meaning = {
                    key: comparable_value(value) for key, value in file.tree.items() if key not in (kind, "note")
                }
                parts[file.name] = VersionedPart(meaning, dict.fromkeys(meaning, HIDDEN), file.path, ())
        return parts

    def read_committees(self) -> dict[str, VersionedPart]:
        """Read the committees, without their own settings (``read_settings`` reads these)."""
        return {
            unit.id: _make_part({key: value for key, value in unit.details.items() if key != "settings"}, unit.path, ())
            for unit in self.organisation.committees.values()
        }

    def read_members(self) -> dict[str, VersionedPart]:
        """Read the rosters; the name of a part is ``UNIT PERSON``, by ids."""
        parts: dict[str, VersionedPart] = {}
        for unit, members in self.organisation.rosters.items():
            for seated in members:
                key = f"{unit} {seated.person}"
                while key in parts:  # the same person may be on a roster twice, with two terms
                    key += " +"
                parts[key] = _make_member_part(seated, self.organisation.roster_paths.get(unit, ""))
        return parts

    def read_settings(self) -> dict[str, VersionedPart]:
        """Read the settings that a community or committee chose; the name of a part is ``UNIT PROCEDURE.SETTING``."""
        path, _ = self._find_path_and_tree("jurisdiction")
        parts: dict[str, VersionedPart] = {}
        for unit, chosen in self.organisation.settings.items():
            parts |= dict(_make_setting_parts(unit, chosen, path, ("settings", unit)))
        for committee in self.organisation.committees.values():
            parts |= dict(
                _make_setting_parts(
                    committee.id, committee.details.get("settings") or {}, committee.path, ("settings",)
                )
            )
        return parts


def _make_part(spec: Mapping[str, Any], path: str, route: Route) -> VersionedPart:
    compared = {key: value for key, value in spec.items() if key != "note"}
    displayed = {key: HIDDEN if key in _PRIVATE else value for key, value in compared.items()}
    return VersionedPart({key: comparable_value(value) for key, value in compared.items()}, displayed, path, route)


def _make_member_part(seated: Seated, path: str) -> VersionedPart:
    part = "members" if seated.seat else "staff"
    own: dict[str, Any] = {
        "seat": seated.seat or None,
        "group": seated.group or None,
        "roles": list(seated.roles),
        "term": seated.details.get("term"),
    }
    own |= {key: seated.details[key] for key in _PRIVATE if key in seated.details}
    return _make_part(own, path, (part, seated.index))


def _make_setting_parts(
    unit: str, chosen: Mapping[str, Mapping[str, Any]], path: str, route: Route
) -> Iterator[tuple[str, VersionedPart]]:
    for procedure, values in chosen.items():
        for name, value in values.items():
            where = (*route, procedure)
            yield f"{unit} {procedure}.{name}", VersionedPart({name: str(value)}, {name: value}, path, where)


def _compare_vacancies(old: Workspace, new: Workspace, today: date, unread: Set[str]) -> Iterator[Change]:
    """List the committees of both versions whose number of vacant seats on that day differs."""
    for id, unit in new.organisation.committees.items():
        earlier = old.organisation.committees.get(id)
        rosters = {side.organisation.roster_paths.get(id, "") for side in (old, new)}
        if earlier is None or rosters & unread:
            continue
        before, after = _count_vacant_seats(old, id, today), _count_vacant_seats(new, id, today)
        details = tuple(
            Detail(seat, before.get(seat, 0), after.get(seat, 0))
            for seat in dict.fromkeys((*after, *before))
            if before.get(seat, 0) != after.get(seat, 0)
        )
        if details:
            places = (Place(earlier.path, ("seats",)), Place(unit.path, ("seats",)))
            yield Change("changed", "vacant seats", id, None, details, *places)


def _count_vacant_seats(workspace: Workspace, committee: str, today: date) -> dict[str, int]:
    organisation = workspace.organisation
    seats = organisation.committees[committee].details.get("seats") or {}
    return {
        seat: max(0, int(count) - len(organisation.seat_holders(committee, seat, today)))
        for seat, count in seats.items()
        if str(count).isdigit()
    }

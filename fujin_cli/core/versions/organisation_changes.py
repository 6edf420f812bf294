"""Two versions of the organisation: committees, seats, rosters, partners, communities and settings of their own.

People are told by their ids, seats, roles and terms; of names and contacts only that they differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from datetime import date
from typing import Any

from fujin_cli.core.findings.finding import Place, Route
from fujin_cli.core.model.organisation import Seated
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.versions.changes import HIDDEN, Change, Detail, Entry, compare_entries, plain

_PRIVATE = ("contact", "name", "born", "education", "licences")
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
_HEAD = ("workspace", "title", "languages", "zone", "rehearsal", "office_hours", "calendar", "actors")


def compare_organisation(old: Workspace, new: Workspace, today: date, unread: Set[str] = frozenset()) -> list[Change]:
    """Every difference outside the procedures; ``today`` decides which seats are vacant.

    The files ``unread`` cannot be read in full in one version: nothing of them is taken for added or removed.
    """
    before, after = _Parts(old), _Parts(new)
    found = list(compare_entries("workspace", before.head("workspace", _HEAD), after.head("workspace", _HEAD)))
    city = ("jurisdiction", "title", "levels")
    found += compare_entries("city", before.head("jurisdiction", city), after.head("jurisdiction", city))
    for key in _CITY:
        found += compare_entries(_PART[key], before.named("jurisdiction", key), after.named("jurisdiction", key))
    for key in ("topics", "kinds"):
        found += compare_entries(_PART[key], before.named("menu", key), after.named("menu", key))
    found += compare_entries("partner", before.named("partners", "partners"), after.named("partners", "partners"))
    found += compare_entries("committee", before.committees(), after.committees())
    found += compare_entries("member", before.members(), after.members())
    found += compare_entries("own setting", before.settings(), after.settings())
    found += _vacancies(old, new, today, unread)
    return [change for change in found if not _paths(change) & unread]


def compare_files(old: Workspace, new: Workspace, unread: Set[str] = frozenset()) -> list[Change]:
    """Scenarios and migrations that were added, removed or changed: only which keys differ is told."""
    before, after = _Parts(old), _Parts(new)
    found = [
        change
        for kind in ("scenario", "migration")
        for change in compare_entries(kind, before.whole(kind), after.whole(kind))
    ]
    return [change for change in found if not _paths(change) & unread]


def _paths(change: Change) -> set[str]:
    return {place.path for place in (change.old_place, change.new_place) if place is not None}


class _Parts:
    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.organisation = workspace.organisation

    def _tree(self, kind: str) -> tuple[str, Mapping[str, Any]]:
        file = next((file for file in self.workspace.files if file.kind == kind and file.tree), None)
        return (file.path, file.tree or {}) if file else ("", {})

    def head(self, kind: str, keys: tuple[str, ...]) -> dict[str, Entry]:
        """What the one file of that kind says of itself."""
        path, tree = self._tree(kind)
        shown = {key: tree.get(key) for key in keys}
        return {kind: Entry({key: plain(value) for key, value in shown.items()}, shown, path, ())} if tree else {}

    def named(self, kind: str, key: str) -> dict[str, Entry]:
        """The items of one section of the one file of that kind."""
        path, tree = self._tree(kind)
        return {name: _entry(spec or {}, path, (key, name)) for name, spec in (tree.get(key) or {}).items()}

    def whole(self, kind: str) -> dict[str, Entry]:
        """Every file of a kind of which only the keys that differ are told."""
        found = {}
        for file in self.workspace.files:
            if file.kind == kind and file.tree is not None:
                meaning = {key: plain(value) for key, value in file.tree.items() if key not in (kind, "note")}
                found[file.name] = Entry(meaning, dict.fromkeys(meaning, HIDDEN), file.path, ())
        return found

    def committees(self) -> dict[str, Entry]:
        """The committees without their own settings, which are told by themselves."""
        return {
            unit.id: _entry({key: value for key, value in unit.details.items() if key != "settings"}, unit.path, ())
            for unit in self.organisation.committees.values()
        }

    def members(self) -> dict[str, Entry]:
        """Who sits and works where: ``UNIT PERSON``, by ids."""
        found: dict[str, Entry] = {}
        for unit, entries in self.organisation.rosters.items():
            for seated in entries:
                key = f"{unit} {seated.person}"
                while key in found:  # somebody may stand on a roster twice, with two terms
                    key += " +"
                found[key] = _member(seated, self.organisation.roster_paths.get(unit, ""))
        return found

    def settings(self) -> dict[str, Entry]:
        """Values of procedures' settings that a community or committee chose: ``UNIT PROCEDURE.SETTING``."""
        path, _ = self._tree("jurisdiction")
        found: dict[str, Entry] = {}
        for unit, chosen in self.organisation.settings.items():
            found |= dict(_chosen(unit, chosen, path, ("settings", unit)))
        for committee in self.organisation.committees.values():
            found |= dict(_chosen(committee.id, committee.details.get("settings") or {}, committee.path, ("settings",)))
        return found


def _entry(spec: Mapping[str, Any], path: str, route: Route) -> Entry:
    told = {key: value for key, value in spec.items() if key != "note"}
    shown = {key: HIDDEN if key in _PRIVATE else value for key, value in told.items()}
    return Entry({key: plain(value) for key, value in told.items()}, shown, path, route)


def _member(seated: Seated, path: str) -> Entry:
    part = "members" if seated.seat else "staff"
    own: dict[str, Any] = {
        "seat": seated.seat or None,
        "group": seated.group or None,
        "roles": list(seated.roles),
        "term": seated.details.get("term"),
    }
    own |= {key: seated.details[key] for key in _PRIVATE if key in seated.details}
    return _entry(own, path, (part, seated.index))


def _chosen(unit: str, chosen: Mapping[str, Mapping[str, Any]], path: str, route: Route) -> Iterator[tuple[str, Entry]]:
    for procedure, values in chosen.items():
        for name, value in values.items():
            where = (*route, procedure)
            yield f"{unit} {procedure}.{name}", Entry({name: str(value)}, {name: value}, path, where)


def _vacancies(old: Workspace, new: Workspace, today: date, unread: Set[str]) -> Iterator[Change]:
    """Seats that nobody holds on the day: more or fewer than before, of committees that both versions have."""
    for id, unit in new.organisation.committees.items():
        earlier = old.organisation.committees.get(id)
        rosters = {side.organisation.roster_paths.get(id, "") for side in (old, new)}
        if earlier is None or rosters & unread:
            continue
        before, after = _vacant(old, id, today), _vacant(new, id, today)
        details = tuple(
            Detail(seat, before.get(seat, 0), after.get(seat, 0))
            for seat in dict.fromkeys((*after, *before))
            if before.get(seat, 0) != after.get(seat, 0)
        )
        if details:
            places = (Place(earlier.path, ("seats",)), Place(unit.path, ("seats",)))
            yield Change("changed", "vacant seats", id, None, details, *places)


def _vacant(workspace: Workspace, committee: str, today: date) -> dict[str, int]:
    organisation = workspace.organisation
    seats = organisation.committees[committee].details.get("seats") or {}
    return {
        seat: max(0, int(count) - len(organisation.seated(committee, seat, today)))
        for seat, count in seats.items()
        if str(count).isdigit()
    }

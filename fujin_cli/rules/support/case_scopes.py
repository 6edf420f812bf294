"""Where a procedure's cases may come up: committees that work by it, and community offices, which take the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fujin_cli.core.findings.finding import Place, Related, Severity
from fujin_cli.core.model.organisation import Organisation
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.text.message import say

MOST_TITLES = 5  # units that a finding names before it only counts


@dataclass(frozen=True, slots=True)
class CaseScope:
    """A committee and its community, or a community's office alone (``committee`` is None)."""

    committee: str | None
    community: str
    severity: Severity  # how bad it is where a case here has nobody


def case_scopes(workspace: Workspace) -> Mapping[str, list[CaseScope]]:
    """Procedure → where its cases may come up; a procedure that others open comes up where they do."""
    found: dict[str, list[CaseScope]] = {}
    for name in workspace.procedures:
        openers = _openers(workspace.procedures, name)
        listed = [
            CaseScope(unit.id, unit.parent, "error")
            for unit in workspace.organisation.committees.values()
            if unit.parent in workspace.organisation.communities and openers & set(unit.details.get("procedures") or ())
        ]
        offices = [CaseScope(None, community, "warning") for community in workspace.organisation.communities]
        only_committees = all(workspace.procedures[opener].case_of == "committee" for opener in openers)
        found[name] = listed if only_committees else [*listed, *offices]
    return found


def _openers(procedures: Mapping[str, Procedure], name: str) -> set[str]:
    """The procedure itself and every one that opens it, however far up."""
    found, todo = {name}, [name]
    while todo:
        child = todo.pop()
        for parent, version in procedures.items():
            if parent not in found and any(
                opens.procedure == child for e in version.all_effects() for opens in e.opens
            ):
                found.add(parent)
                todo.append(parent)
    return found


def title_of_unit(organisation: Organisation, unit: str) -> object:
    """A unit's title, for a sentence."""
    for units in (organisation.committees, organisation.communities, organisation.streets):
        if unit in units:
            return units[unit].title
    return organisation.title or unit


def titles_of(organisation: Organisation, units: list[str]) -> list[object]:
    """The units' titles, for a sentence; of many the first ones, and how many more there are."""
    titles = [title_of_unit(organisation, unit) for unit in units[:MOST_TITLES]]
    return [*titles, say("{count} more", count=len(units) - MOST_TITLES)] if len(units) > MOST_TITLES else titles


def rosters_of(organisation: Organisation, units: list[str]) -> tuple[Related, ...]:
    """The rosters of the first units, where there are any."""
    return tuple(
        Related(
            say("the roster of {unit}", unit=title_of_unit(organisation, unit)),
            Place(organisation.roster_paths[unit], ("roster",)),
        )
        for unit in units[:MOST_TITLES]
        if unit in organisation.roster_paths
    )

"""List where cases of a procedure may come up: committees that work by it, and the offices of communities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fujin_cli.core.explore.call_graph import build_call_graph, invert_call_graph, list_reachable_procedures
from fujin_cli.core.findings.finding import Place, Related, Severity
from fujin_cli.core.model.organisation import Organisation
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.text.localized import say, shorten_list

MOST_TITLES = 5  # units that a finding names before it only counts


@dataclass(frozen=True, slots=True)
class CaseScope:
    """Hold a committee and its community, or the office of a community (``committee`` is None)."""

    committee: str | None
    community: str
    severity: Severity  # of a finding that a case there has nobody to handle it


def case_scopes(workspace: Workspace) -> Mapping[str, list[CaseScope]]:
    """Map every procedure to where its cases may come up: where the cases of those that open it come up, too."""
    openers_of = invert_call_graph(build_call_graph(workspace.procedures))
    scopes: dict[str, list[CaseScope]] = {}
    for name in workspace.procedures:
        openers = set(list_reachable_procedures(openers_of, name))
        committees = [
            CaseScope(unit.id, unit.parent, "error")
            for unit in workspace.organisation.committees.values()
            if unit.parent in workspace.organisation.communities and openers & set(unit.details.get("procedures") or ())
        ]
        offices = [CaseScope(None, community, "warning") for community in workspace.organisation.communities]
        only_committees = all(workspace.procedures[opener].case_of == "committee" for opener in openers)
        scopes[name] = committees if only_committees else [*committees, *offices]
    return scopes


def title_of_unit(organisation: Organisation, unit: str) -> object:
    """Return a unit's title, for a sentence."""
    for units in (organisation.committees, organisation.communities, organisation.streets):
        if unit in units:
            return units[unit].title
    return organisation.title or unit


def titles_of(organisation: Organisation, units: list[str]) -> list[object]:
    """List the units' titles, for a sentence: of many only the first ones, and how many more there are."""
    return shorten_list([title_of_unit(organisation, unit) for unit in units], MOST_TITLES)


def rosters_of(organisation: Organisation, units: list[str]) -> tuple[Related, ...]:
    """Point at the rosters of the first units."""
    return tuple(
        Related(
            say("the roster of {unit}", unit=title_of_unit(organisation, unit)),
            Place(organisation.roster_paths[unit], ("roster",)),
        )
        for unit in units[:MOST_TITLES]
        if unit in organisation.roster_paths
    )

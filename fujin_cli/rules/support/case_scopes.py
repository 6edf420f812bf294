"""List where cases of a procedure may come up: committees that work by it, and the offices of communities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fujin_cli.core.findings.finding import Place, Related, Severity
from fujin_cli.core.model.effects import Opens
from fujin_cli.core.model.organisation import Organisation
from fujin_cli.core.model.procedure import Field, Procedure
from fujin_cli.core.model.values import list_procedures_served
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
    """Map every procedure to where its cases may come up.

    Cases that people open come up at the committees that use the procedure and at the offices of communities; those
    that another procedure opens at the committees and offices that its ``opens`` leads to.
    """
    organisation = workspace.organisation
    openings = {name: list_openings(version) for name, version in workspace.procedures.items()}
    opened = {opens.procedure for listed in openings.values() for opens in listed}
    scopes: dict[str, dict[CaseScope, None]] = {name: {} for name in workspace.procedures}
    todo = [
        (name, scope)
        for name, version in workspace.procedures.items()
        if name not in opened or set(version.opened_by) - {"procedure"}
        for scope in _list_scopes_of_openings(version, organisation)
    ]
    while todo:
        name, scope = todo.pop()
        if scope in scopes[name]:
            continue
        scopes[name][scope] = None
        for opens in openings[name]:
            child = workspace.procedures.get(opens.procedure)
            if child is not None:
                committees = list_child_committees(workspace.procedures[name], opens, child, scope, organisation)
                todo += [(child.name, make_scope(committee, scope.community)) for committee in committees]
    order = {unit: place for place, unit in enumerate((*organisation.committees, *organisation.communities))}
    return {
        name: sorted(listed, key=lambda scope: (scope.committee is None, order[scope.committee or scope.community]))
        for name, listed in scopes.items()
    }


def make_scope(committee: str | None, community: str) -> CaseScope:
    """Make the scope of a committee's cases, or of those of a community's office."""
    return CaseScope(committee, community, "warning" if committee is None else "error")


def list_openings(version: Procedure) -> list[Opens]:
    """List every `opens` of a procedure."""
    return [opens for effects in version.all_effects() for opens in effects.opens]


def list_child_committees(
    opener: Procedure, opens: Opens, child: Procedure, scope: CaseScope, organisation: Organisation
) -> list[str | None]:
    """List the committees that may get a child of a case of this scope; None is the community's office.

    A child whose procedure insists on a committee never goes to an office: its opening is refused.
    """
    committees: list[str | None] = []
    field = opener.fields.get(opens.committee or "")
    if field is not None:
        committees += organisation.list_committees_using(list_procedures_served(opener, field.name))
    elif opens.committee in organisation.committees:
        return [opens.committee]
    if field is None or not is_always_set(field):
        default = organisation.find_child_committee(child.name, scope.community, scope.committee)
        committees += [] if default is None and child.case_of == "committee" else [default]
    return list(dict.fromkeys(committees))


def is_always_set(field: Field) -> bool:
    """Whether every case has a value in the field from its opening on."""
    return field.required or field.default is not None


def _list_scopes_of_openings(version: Procedure, organisation: Organisation) -> list[CaseScope]:
    committees = [
        make_scope(unit.id, unit.parent)
        for unit in organisation.committees.values()
        if unit.parent in organisation.communities and organisation.uses_procedure(unit.id, version.name)
    ]
    offices = [] if version.case_of == "committee" else [make_scope(None, id) for id in organisation.communities]
    return [*committees, *offices]


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

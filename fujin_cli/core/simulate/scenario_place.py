"""Find the community and committee where the case of a scenario is opened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from fujin_cli.core.explore.call_graph import build_call_graph, invert_call_graph, list_reachable_procedures
from fujin_cli.core.findings.finding import Finding, Place, Related
from fujin_cli.core.findings.refusals import OPENING_REFUSED, Refusal
from fujin_cli.core.model.scenario_file import Scenario
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.text.localized import say


def find_community_and_committee(workspace: Workspace, scenario: Scenario) -> tuple[str, str | None]:
    """Find them: the scenario's, else those of the first committee that works by its procedure. Raises Refusal."""
    organisation = workspace.organisation
    if scenario.community:
        return scenario.community, scenario.committee
    if scenario.committee:
        unit = organisation.committees.get(scenario.committee)
        return unit.parent if unit else "", scenario.committee
    place = next(_list_possible_places(workspace, scenario), None)
    if place is None:
        raise Refusal(OPENING_REFUSED, say("the workspace has no community"))
    return place


def explain_place(workspace: Workspace, scenario: Scenario, findings: Sequence[Finding]) -> list[Finding]:
    """Add to findings about a scenario that it names no community, where it could have run in several.

    Otherwise a community that was added since then makes it fail for reasons that have to do with that community.
    """
    if not findings or scenario.community or scenario.committee:
        return list(findings)
    places = dict.fromkeys(community for community, _committee in _list_possible_places(workspace, scenario))
    if len(places) < 2:
        return list(findings)
    first = workspace.organisation.communities[next(iter(places))]
    message = say(
        "it names no community, and ran in {community}, the first of {count} where it could: add `community:`",
        community=first.title or first.id,
        count=len(places),
    )
    related = Related(message, Place(scenario.path, ("procedure",)))
    return [replace(finding, related=(*finding.related, related)) for finding in findings]


def _list_possible_places(workspace: Workspace, scenario: Scenario) -> Iterator[tuple[str, str | None]]:
    """List the committees that work by the procedure, else by one that opens its cases; else every office."""
    organisation = workspace.organisation
    calls = build_call_graph(workspace.procedures)
    users = list_reachable_procedures(invert_call_graph(calls), scenario.procedure)  # the procedure itself first
    for user in users:
        places = [
            (unit.parent, unit.id)
            for unit in organisation.committees.values()
            if organisation.uses_procedure(unit.id, user) and unit.parent in organisation.communities
        ]
        if places:
            yield from places
            return
    for community in organisation.communities:
        yield community, None

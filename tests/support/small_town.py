"""A small invented town, in which one construct at a time can be tried. Its persons and units do not exist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from fujin_cli.core.model.workspace import File, Workspace, build_workspace
from fujin_cli.store.workspace.calendar_years import calendar_data
from tests.support.case_sandbox import CaseSandbox
from tests.support.yaml_trees import HOURS, file_of, tree_of

FILES = """
- {workspace: town, languages: [en], rehearsal: yes, actors: {ann: coordinator-1}}
- jurisdiction: town
  levels: [committee, community, street, city]
  roles: {coordinator: {}, inspector: {}, supervisor: {}, clerk: {}}
  streets: {S1: {title: Street}}
  communities: {C1: {street: S1, households: 100}, C2: {street: S1}}
  venues: {hall: {community: C1}}
  settings: {C1: {loop: {answer-time: 3 working days}}}
- menu: kinds
  topics: {water: {}, noise: {}, light: {}}
  kinds: {pipes: {answers: [water, light]}, peace: {answers: [noise, light]}}
- partners: {works: {sort: department}, power: {sort: department}, school: {sort: resident-unit}}
- {committee: C1-pipes, kind: pipes, community: C1, procedures: [loop], settings: {loop: {answer-time: 1 working day}}}
- {committee: C1-peace, kind: peace, community: C1, procedures: [loop]}
- {committee: C2-pipes, kind: pipes, community: C2, procedures: [loop]}
- roster: C1
  staff:
    - {person: supervisor-1, roles: [supervisor]}
    - {person: coordinator-1, roles: [coordinator]}
    - {person: inspector-1, roles: [inspector]}
    - {person: both-1, roles: [coordinator, inspector]}
    - {person: clerk-1, roles: [clerk]}
    - {person: former-1, roles: [clerk], term: {from: 2020-01-01, until: 2026-06-01}}
    - {person: next-1, roles: [clerk], term: {from: 2026-06-03}}
- roster: C1-pipes
  members:
    - {person: head-1, seat: head, roles: [coordinator], term: {from: 2026-01-01, until: 2028-12-31}}
    - {person: member-1, seat: member, roles: [inspector], term: {from: 2026-01-01, until: 2028-12-31}}
    - {person: member-2, seat: member, roles: [], term: {from: 2026-01-01, until: 2028-12-31}}
- {roster: C2, staff: [{person: coordinator-2, roles: [coordinator, inspector, supervisor, clerk]}]}
- {roster: S1, staff: [{person: street-1, roles: [supervisor]}, {person: street-2, roles: [supervisor]}]}
- {roster: town, staff: [{person: city-1, roles: [supervisor]}]}
"""

PEOPLE = """
people:
  reporter: {contact: reporter, proof: acceptance-code, through: [inspector]}
  coordinator: {role: coordinator, of: community}
  inspector: {role: inspector, of: community}
  clerk: {role: clerk, of: community}
  community: {role: supervisor, of: community}
  street: {role: supervisor, of: street}
"""


@cache
def _town_files() -> tuple[File, ...]:
    trees = tree_of(f"files:\n{FILES}")["files"]
    return tuple(file_of(f"{index:02}.yaml", tree) for index, tree in enumerate(trees))


@cache
def _days(country: str) -> Mapping[str, Any]:
    days = calendar_data(country, "Asia/Shanghai", HOURS, {})
    return days | {"years": None} if country == "none" else days  # the town works every year


def town(*procedures: str | Mapping[str, Any], country: str = "none") -> Workspace:
    """The town with these procedures (YAML texts or trees)."""
    trees = [tree_of(text) if isinstance(text, str) else text for text in procedures]
    files = [
        *_town_files(),
        *(File(f"{tree['procedure']}.yaml", "procedure", tree["procedure"], tree) for tree in trees),
    ]
    return build_workspace(files, _days(country))


def procedure(text: str, name: str = "loop", **defaults: str) -> dict[str, Any]:
    """A procedure's tree from the keys that matter; the usual ``people``, ``opened`` and ``case_of`` where left out."""
    tree = tree_of(text)
    usual = {
        "procedure": name,
        "title": name,
        "case_of": "community",
        "opened": {"by": ["clerk", "resident", "procedure"]},
        **tree_of(PEOPLE),
        **defaults,
    }
    return {**usual, **tree}


def sandbox(*procedures: str | Mapping[str, Any], now: str = "2026-06-01T09:00", country: str = "none") -> CaseSandbox:
    """A desk in the town's community C1 on Monday morning; a text is the keys of the procedure ``loop``."""
    trees = [procedure(item) if isinstance(item, str) else item for item in procedures]
    return CaseSandbox(town(*trees, country=country), now, community="C1")


def with_procedures_used(workspace: Workspace, used: Mapping[str, Sequence[str]]) -> Workspace:
    """The workspace with committees that use these procedures; a committee without any uses nothing."""
    organisation = workspace.organisation
    committees = {
        id: replace(unit, details={**unit.details, "procedures": list(used.get(id, ()))})
        for id, unit in organisation.committees.items()
    }
    return replace(workspace, organisation=replace(organisation, committees=committees))

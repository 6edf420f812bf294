"""The shipped city: what the article counts is there to be counted, and nothing is wrong with it."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date, datetime

import pytest

from fujin_cli.core.model.organisation import Organisation
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.wording.outcomes import OUTCOMES, SHIPPED
from tests.support.command_line import City
from tests.support.golden_workspaces import findings_of, workspace_of
from tests.support.paths import ROOT

TODAY = date(2026, 6, 1)


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    return workspace_of(ROOT)


@pytest.fixture(scope="module")
def city(workspace: Workspace) -> Organisation:
    return workspace.organisation


def test_nothing_is_wrong_with_it() -> None:
    assert findings_of(ROOT, TODAY) == []


def test_the_command_finds_nothing_wrong_either() -> None:
    ran = City(ROOT).run("validate", "--strict", "--json", now="2026-06-01T09:00")
    assert (ran.code, ran.json["findings"]) == (0, [])
    assert ran.json["files"] == len(list((ROOT / "workflows").rglob("*.yaml")))


def test_streets_and_communities(city: Organisation) -> None:
    assert len(city.streets) == 2
    assert list(city.communities) == [f"XF{n:02d}" for n in range(1, 14)]
    assert {unit.parent for unit in city.communities.values()} == set(city.streets)
    for unit in city.communities.values():
        assert unit.details["traits"], unit.id
        assert int(unit.details["floor_area"]) > 0, unit.id
        assert int(unit.details["households"]) > 0, unit.id
        assert set(unit.title) == {"zh", "en"}, unit.id


def test_six_communities_have_a_thousand_square_metres(city: Organisation) -> None:
    assert sum(int(unit.details["floor_area"]) >= 1000 for unit in city.communities.values()) == 6


def test_seventeen_committees_of_seventeen_kinds(city: Organisation) -> None:
    kinds = [unit.details["kind"] for unit in city.committees.values()]
    assert len(kinds) == len(set(kinds)) == 17
    assert set(kinds) <= set(city.kinds)
    assert {unit.parent for unit in city.committees.values()} == set(city.communities)


def test_ninety_seven_members_with_roles_terms_and_groups(city: Organisation) -> None:
    members = [(unit, entry) for unit in city.committees for entry in city.rosters[unit]]
    assert len(members) == 97
    assert len({entry.person for _unit, entry in members}) == 97
    groups = Counter(entry.group for _unit, entry in members)
    assert {"community-worker", "retired-cadre", "veteran", "new-organisation-head"} <= set(groups)
    for unit, entry in members:
        assert entry.roles and entry.group and entry.seat, (unit, entry.person)
        assert entry.term_from and entry.term_until, (unit, entry.person)
    for unit in city.committees:
        heads = [entry for entry in city.rosters[unit] if entry.seat == "head"]
        assert len(heads) == 1, unit


def test_every_office_has_a_roster_and_somebody_to_coordinate_inspect_and_supervise(city: Organisation) -> None:
    def roles(unit: str) -> set[str]:
        return {role for entry in city.rosters[unit] for role in entry.roles}

    for community in city.communities:
        assert {"collector", "coordinator", "inspector", "supervisor"} <= roles(community), community
    for street in city.streets:
        assert "supervisor" in roles(street), street
    assert "supervisor" in roles(city.city)


def test_venues_boards_and_partners(city: Organisation) -> None:
    assert len(city.venues) == 4
    assert len(city.boards) == 13
    assert {board["community"] for board in city.boards.values()} == set(city.communities)
    sorts = Counter(spec["sort"] for spec in city.partners.values())
    assert sorts["department"] == 15
    assert sorts["resident-unit"] >= 100
    assert sorts["volunteer-team"] >= 10
    for id, spec in city.partners.items():
        assert spec.get("can"), id
        assert not spec.get("contact") or str(spec["contact"]).startswith("vault:"), id


def test_four_procedures_in_both_languages(workspace: Workspace) -> None:
    assert sorted(workspace.procedures) == ["joint-conference", "objection", "resident-request", "work-order"]
    for version in workspace.procedures.values():
        titles = [version.title, *(step.title for step in version.steps.values())]
        titles += [action.title for step in version.steps.values() for action in step.actions.values()]
        assert all(set(title) == {"zh", "en"} for title in titles if isinstance(title, dict)), version.name
        assert all(isinstance(title, dict) for title in titles), version.name
        assert version.guarantees, version.name


def test_no_telephone_number_stands_in_the_configuration() -> None:
    for path in (ROOT / "workflows").rglob("*.yaml"):
        assert not re.search(r"\b1[3-9]\d{9}\b|\b0\d{2,3}-\d{7,8}\b", path.read_text("utf-8")), path.name


def test_forty_sample_requests_of_two_weeks(city: Organisation) -> None:
    with (ROOT / "data" / "samples" / "requests.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 40
    assert {row["community"] for row in rows} <= set(city.communities)
    assert {row["topic"] for row in rows} <= set(city.topics)
    assert all(row["reporter_name"].startswith("样例·") for row in rows)
    assert all(row["reporter_phone"].startswith("000-") for row in rows)
    moments = [datetime.fromisoformat(row["at"]) for row in rows]
    assert moments == sorted(moments)
    assert (moments[-1] - moments[0]).days >= 10
    assert all(1 <= int(row["same_as"]) <= n for n, row in enumerate(rows) if row["same_as"])
    assert {row["scope"] for row in rows} >= {"household", "building", "majority"}


def test_every_outcome_of_the_shipped_procedures_has_words(workspace: Workspace) -> None:
    """Where a parent speaks of its children, their procedures with the titles of their ends are not at hand."""
    ends = {step.end for version in workspace.procedures.values() for step in version.steps.values() if step.end}
    assert ends <= set(OUTCOMES) | set(SHIPPED)
    assert not set(OUTCOMES) & set(SHIPPED)

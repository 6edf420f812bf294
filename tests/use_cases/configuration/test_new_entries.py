"""New committees, communities, partners, procedures and persons: valid YAML in the right place, comments kept."""

from __future__ import annotations

from datetime import date

import pytest

from fujin_cli.core.findings.refusals import FILES_NOT_CHANGED, ID_TAKEN, Refusal
from fujin_cli.store.workspace.load import Contents
from fujin_cli.store.workspace.read_files import read_files
from fujin_cli.store.workspace.template import template_files
from fujin_cli.use_cases.configuration.new_entries import (
    NewEntry,
    plan_new_committee,
    plan_new_community,
    plan_new_partner,
    plan_new_person,
    plan_new_procedure,
)
from fujin_cli.use_cases.configuration.new_person import build_person
from fujin_cli.use_cases.format_files import format_file
from fujin_cli.use_cases.session import WrongUsage

TODAY = date(2026, 11, 28)
FULL: Contents = template_files()
MINIMAL: Contents = template_files("minimal", "en")
WORKSPACE = read_files(FULL).workspace
SMALL = read_files(MINIMAL).workspace
SPEC = {"title": "学校: 一", "sort": "resident-unit", "serves": ["C01"], "can": ["sanitation"]}


def changed(entry: NewEntry, contents: Contents) -> dict[str, str]:
    """The changed files, which are laid out, and from which no line of the old ones is missing."""
    for change in entry.changes.changes:
        assert not format_file(change.new, change.path).changed
        assert set((contents.get(change.path) or b"").splitlines()) <= set(change.new.splitlines())
    return {change.path: change.new.decode() for change in entry.changes.changes}


def add_committee(id: str = "C01-safety", contents: Contents = FULL) -> NewEntry:
    return plan_new_committee(contents, WORKSPACE, TODAY, id, "公共安全", "safety", "C01", ["work-order"])


def test_a_committee_has_the_least_seats_of_its_kind_and_an_empty_roster() -> None:
    entry = add_committee()
    files = changed(entry, FULL)
    committee = files["workflows/committees/C01-safety.yaml"]
    assert "seats: {head: 1, member: 2}\n" in committee and "founded: {on: 2026-11-28}\n" in committee
    assert "procedures: [work-order]\n" in committee and "title: 公共安全\n" in committee
    assert files["workflows/rosters/C01-safety.yaml"].endswith("roster: C01-safety\nmembers: []\n")
    assert {finding.code for finding in entry.todo} >= {"FJ202", "FJ208"}


def test_members_are_added_until_nothing_is_to_do() -> None:
    contents = add_committee().changes.apply_to(FULL)
    for number, seat in enumerate(("head", "member", "member"), 41):
        organisation = read_files(contents).workspace.organisation
        roles = ["coordinator"] if seat == "head" else []
        spec = build_person(organisation, "C01-safety", f"p-{number}", "样例", roles, seat, None, None, TODAY)
        entry = plan_new_person(contents, organisation, TODAY, "C01-safety", spec)
        changed(entry, {**contents, "workflows/rosters/C01-safety.yaml": b""})
        contents = entry.changes.apply_to(contents)
    assert entry.todo == ()
    assert b"term: {from: 2026-11-28, until: 2029-11-27}}" in (contents["workflows/rosters/C01-safety.yaml"] or b"")


def test_a_community_is_the_last_of_its_list_and_has_a_roster() -> None:
    files = changed(plan_new_community(FULL, WORKSPACE, TODAY, "C02", "第二社区", "street-1"), FULL)
    assert (
        "    traits: [market-street]\n  C02: {title: 第二社区, street: street-1}\n\nvenues:"
        in files["workflows/jurisdiction.yaml"]
    )
    assert files["workflows/rosters/C02.yaml"].endswith("staff: []\n")


def test_a_partner_is_added_to_the_file_or_begins_it() -> None:
    line = '  school: {title: "学校: 一", sort: resident-unit, serves: [C01], can: [sanitation]}\n'
    files = changed(plan_new_partner(FULL, WORKSPACE, TODAY, "school", SPEC), FULL)
    assert files["workflows/partners.yaml"].endswith(line)
    without = {path: text for path, text in FULL.items() if path != "workflows/partners.yaml"}
    entry = plan_new_partner(without, read_files(without).workspace, TODAY, "school", SPEC)
    assert changed(entry, {})["workflows/partners.yaml"].endswith("partners:\n" + line)
    assert entry.changes.changes[0].old is None


@pytest.mark.parametrize(("contents", "title"), [(FULL, "接单"), (MINIMAL, "accept")])
def test_a_procedure_begins_in_the_language_of_the_place(contents: Contents, title: str) -> None:
    entry = plan_new_procedure(contents, read_files(contents).workspace, TODAY, "noise", "Noise")
    text = changed(entry, contents)["workflows/procedures/noise.yaml"]
    assert "procedure: noise\ntitle: Noise\n" in text and title in text


@pytest.mark.parametrize("id", ["C01", "street-1", "my-city", "C01-environment"])
def test_an_id_that_exists_is_refused(id: str) -> None:
    for plan in (
        lambda: add_committee(id),
        lambda: plan_new_community(FULL, WORKSPACE, TODAY, id, "x", "street-1"),
    ):
        with pytest.raises(Refusal) as refusal:
            plan()
        assert refusal.value.code == ID_TAKEN


def test_a_file_that_exists_is_not_written_over() -> None:
    with pytest.raises(Refusal) as refusal:
        add_committee(contents={**FULL, "workflows/rosters/C01-safety.yaml": b"roster: C01\n"})
    assert refusal.value.code == ID_TAKEN


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(Refusal) as reserved:
        plan_new_community(FULL, WORKSPACE, TODAY, "open", "x", "street-1")
    assert reserved.value.code == FILES_NOT_CHANGED
    for id, title in (("a b", "x"), ("", "x"), ("x" * 65, "x"), ("x", " "), ("x", "a\nb"), ("x", "\x07")):
        with pytest.raises(WrongUsage):
            plan_new_procedure(FULL, WORKSPACE, TODAY, id, title)


def test_a_layout_that_a_command_cannot_extend_is_refused_with_the_line() -> None:
    contents = {**FULL, "workflows/partners.yaml": b"partners:\n"}
    with pytest.raises(Refusal) as refusal:
        plan_new_partner(contents, WORKSPACE, TODAY, "school", SPEC)
    assert refusal.value.code == FILES_NOT_CHANGED and "school: {title:" in str(refusal.value.message)


@pytest.mark.parametrize(
    ("unit", "person", "name", "roles", "seat", "until"),
    [
        ("C01", "p-99", "x", ["supervisor"], "head", None),  # an office has no seats
        ("C01-environment", "p-99", "x", [], None, None),
        ("C01-environment", "p-99", "x", [], "chair", None),
        ("C01", "p-99", "x", [], None, None),
        ("C01", "p-99", " ", ["supervisor"], None, None),
        ("C01", "p 99", "x", ["supervisor"], None, None),
        ("C01", "p-99", "x", ["supervisor"], None, "tomorrow"),
        ("C01", "p-99", "x", ["supervisor"], None, "2020-01-01"),
    ],
)
def test_a_person_that_cannot_be_is_wrong_usage(
    unit: str, person: str, name: str, roles: list[str], seat: str | None, until: str | None
) -> None:
    with pytest.raises(WrongUsage):
        build_person(WORKSPACE.organisation, unit, person, name, roles, seat, None, until, TODAY)


def test_a_person_may_sit_on_two_rosters_under_one_name() -> None:
    organisation = WORKSPACE.organisation
    assert build_person(organisation, "street-1", "p-11", "样例丁", ["supervisor"], None, None, None, TODAY)
    for unit, person, name in (("C01", "p-11", "样例丁"), ("street-1", "p-11", "x"), ("C01", "city-management", "x")):
        with pytest.raises(Refusal) as refusal:
            build_person(organisation, unit, person, name, ["supervisor"], None, None, None, TODAY)
        assert refusal.value.code == ID_TAKEN

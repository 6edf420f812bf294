"""What rules say of rosters on different days, and for whom."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fujin_cli.core.findings.finding import Finding
from tests.support.golden_workspaces import BASE, TODAY, copy_base, findings_of


def changed(root: Path, today: date, **edits: tuple[str, str, str]) -> list[Finding]:
    copy_base(root)
    for path, old, new in edits.values():
        file = root / "workflows" / path
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")
    return findings_of(root, today)


def codes(findings: list[Finding]) -> list[tuple[str, str]]:
    return sorted((finding.code, finding.severity) for finding in findings)


@pytest.mark.parametrize("today", [date(2026, 1, 1), TODAY, date(2028, 12, 31)])
def test_within_their_terms_people_are_no_finding(today: date) -> None:
    assert findings_of(BASE, today) == []


def test_the_day_after_their_terms_nobody_is_left() -> None:
    found = codes(findings_of(BASE, date(2029, 1, 1)))
    assert found == [("FJ202", "warning"), ("FJ203", "error"), *[("FJ204", "warning")] * 3, ("FJ208", "warning")]


def test_the_day_before_their_terms_nobody_is_there_yet() -> None:
    found = {finding.code for finding in findings_of(BASE, date(2025, 12, 31))}
    assert found == {"FJ202", "FJ203", "FJ204", "FJ208"}


def test_an_office_without_the_role_is_a_warning_since_only_cases_without_a_committee_need_it(tmp_path: Path) -> None:
    found = changed(tmp_path, TODAY, edit=("rosters/C1.yaml", "roles: [coordinator]", "roles: [supervisor]"))
    assert codes(found) == [("FJ203", "warning")]


def test_one_of_several_who_may_act_is_enough(tmp_path: Path) -> None:
    found = changed(
        tmp_path,
        TODAY,
        roster=("rosters/C1.yaml", "roles: [inspector]", "roles: [supervisor]"),
        other=("rosters/C2.yaml", "roles: [inspector]", "roles: [supervisor]"),
        owner=("procedures/errand.yaml", "owner: inspector", "owner: chief"),
        through=("procedures/errand.yaml", "through: [inspector]", "through: [inspector, chief]"),
        action=("procedures/errand.yaml", "by: inspector", "by: [inspector, chief]"),
    )
    assert [finding.code for finding in found] == ["FJ215"]  # the chief, who may act when it is raised, enters the word


def test_whoever_is_excluded_does_not_count(tmp_path: Path) -> None:
    found = changed(
        tmp_path,
        TODAY,
        clerk=("rosters/C2.yaml", "roles: [coordinator]", "roles: [coordinator, inspector]"),
        inspector=("rosters/C2.yaml", "p-23, name: Ren, roles: [inspector]", "p-23, name: Ren, roles: [supervisor]"),
    )
    assert codes(found) == [("FJ203", "warning")]


def test_a_child_procedure_needs_its_people_wherever_it_is_opened(tmp_path: Path) -> None:
    found = changed(
        tmp_path,
        TODAY,
        owner=("procedures/order.yaml", "owner: helper", "owner: reader"),
        reader=("procedures/order.yaml", "  clerk: {", "  reader: {role: collector, of: committee}\n  clerk: {"),
        roster=("rosters/C1-environment.yaml", "roles: [collector]", "roles: []"),
        offices=("jurisdiction.yaml", "at: [committee]", "at: [committee, community]"),
    )
    assert {("FJ203", "error"), ("FJ203", "warning")} == set(codes(found))


def test_a_level_without_a_roster_is_said_where_a_case_is_raised_to_it(tmp_path: Path) -> None:
    root = copy_base(tmp_path)
    (root / "workflows/rosters/town.yaml").unlink()
    assert findings_of(root) == []
    file = root / "workflows/procedures/order.yaml"
    file.write_text(file.read_text("utf-8").replace("raise: street", "raise: city"), "utf-8")
    (finding,) = findings_of(root)
    assert (finding.code, finding.severity, finding.related) == ("FJ206", "error", ())


def test_a_shared_seat_is_allowed_where_the_committee_says_so(tmp_path: Path) -> None:
    found = changed(
        tmp_path,
        TODAY,
        seats=("committees/C1-environment.yaml", "{head: 1, member: 2}", "{head: 2, member: 1}"),
        roster=("rosters/C1-environment.yaml", "name: Bing, seat: member", "name: Bing, seat: head"),
    )
    assert found == []

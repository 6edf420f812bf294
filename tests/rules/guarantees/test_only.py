"""Guarantees of ``only``: every edit that lets somebody else act is found, with a run; what keeps within is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from fujin_cli.core.findings.finding import Finding
from tests.support.golden_workspaces import copy_base, findings_of
from tests.support.page_examples import Example, lay

ONLY = "guarantees: {who: {only: {approve: asker, finish: [clerk, community]}}}\n"


def broken(root: Path, text: str, code: str = "FJ401") -> list[Finding]:
    lay(Example(True, "procedures/errand.yaml", text), copy_base(root))
    return [finding for finding in findings_of(root) if finding.code == code]


def test_what_is_done_by_the_names_alone_is_kept(tmp_path: Path) -> None:
    assert broken(tmp_path, ONLY) == []


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        ("steps: {checking: {actions: {approve: {by: [asker, chief]}}}}", "chief may do it"),
        ("steps: {running: {actions: {finish: {by: [clerk, helper]}}}}", "helper may do it"),
        ("people: {clerk: {role: inspector, of: community, through: [chief]}}", "chief may do it for somebody"),
        ("steps: {running: {ladder: [{at: deadline, raise: street}]}}", "raised to the level street"),
    ],
)
def test_each_edit_that_lets_somebody_else_act_is_found_with_a_run(tmp_path: Path, edit: str, reason: str) -> None:
    findings = broken(tmp_path, f"{ONLY}{edit}")
    assert findings and any(reason in str(finding.message) for finding in findings), findings
    assert all(finding.trace and finding.related for finding in findings)
    assert findings[0].place.route == ("guarantees", "who")


def test_a_contact_without_a_proof_is_nobody_in_particular(tmp_path: Path) -> None:
    text = """
people: {neighbour: {contact: asker, through: [inspector]}}
steps: {checking: {actions: {approve: {by: neighbour}}}}
guarantees: {who: {only: {approve: neighbour}}}
"""
    (finding,) = broken(tmp_path, text)
    assert "neighbour may do it" in str(finding.message)


def test_a_raised_level_never_does_what_is_for_a_contact_alone(tmp_path: Path) -> None:
    ladder = "steps: {checking: {ladder: [{at: deadline, raise: street}]}}"
    assert broken(tmp_path, f"guarantees: {{who: {{only: {{approve: asker, refuse: asker}}}}}}\n{ladder}") == []


@pytest.mark.parametrize(
    ("people", "allowed", "kept"),
    [
        ("other: {role: coordinator, of: committee}", "other", True),  # the same definition
        ("other: {role: coordinator, of: community}", "other", False),
        (
            "other: {groups: {a: {role: coordinator, of: committee}, b: {role: inspector, of: community}}}",
            "other",
            True,
        ),
        ("other: {members: committee}", "other", False),  # a role is no seat
        ("other: {role: coordinator, of: committee, not: [chief]}", "other", False),  # fewer than may act
    ],
)
def test_a_name_is_within_another_by_its_definition(tmp_path: Path, people: str, allowed: str, kept: bool) -> None:
    text = f"people: {{{people}}}\nguarantees: {{who: {{only: {{decline: [{allowed}, community, street]}}}}}}"
    assert (broken(tmp_path, text) == []) is kept


def test_opening_and_reopening_count_as_actions(tmp_path: Path) -> None:
    assert broken(tmp_path, "guarantees: {who: {only: {opened: [resident, clerk]}}}") == []
    (finding,) = broken(tmp_path, "guarantees: {who: {only: {opened: resident}}}")
    assert "only resident may open a case" in str(finding.message)


def test_names_that_are_nobody_or_nothing_are_found(tmp_path: Path) -> None:
    assert broken(tmp_path / "a", "guarantees: {who: {only: {aprove: asker}}}", "FJ119")
    assert broken(tmp_path / "b", "guarantees: {who: {only: {approve: askr}}}", "FJ101")
    assert broken(tmp_path / "c", "guarantees: {who: {only: {asked.reopen: asker}}}", "FJ119")


LEVEL = "{ladder: [{at: deadline, raise: street}]}"


@pytest.mark.parametrize(
    ("allowed", "edit", "is_broken"),
    [
        ("[clerk, raised]", f"steps: {{running: {LEVEL}}}", False),
        ("[clerk]", f"steps: {{running: {LEVEL}}}", True),
        ("[clerk, raised]", "steps: {running: {actions: {finish: {by: [clerk, chief]}}}}", True),
        ("[clerk, raised]", "steps: {running: {actions: {finish: {by: chief}}}}", True),
    ],
)
def test_raised_allows_every_level_and_nobody_before(tmp_path: Path, allowed: str, edit: str, is_broken: bool) -> None:
    guarantee = f"guarantees: {{who: {{only: {{finish: {allowed}}}}}}}\n"
    assert bool(broken(tmp_path, f"{guarantee}{edit}\n")) is is_broken


@pytest.mark.parametrize(
    "definition",
    ["{contact: asker, with: others}", "{contact: asker}", "{contact: asker, proof: receipt}"],
    ids=["more contacts", "no proof", "another proof"],
)
def test_the_same_contact_with_less_of_a_proof_is_somebody_else(tmp_path: Path, definition: str) -> None:
    text = f"""
people: {{askers: {definition}}}
fields: {{others: {{type: list, of: contact, optional: yes}}}}
steps: {{checking: {{actions: {{approve: {{by: [asker, askers]}}}}}}}}
{ONLY}"""
    assert any("askers may do it" in str(finding.message) for finding in broken(tmp_path, text))

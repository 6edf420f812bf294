"""FJ215: whoever handles a case may not enter the complainant's word on it, unless the two are kept apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from fujin_cli.core.findings.finding import Finding
from tests.support.golden_workspaces import copy_base, findings_of
from tests.support.page_examples import Example, lay

ASKER = "{contact: asker, proof: acceptance-code, through: %s}"


def reported(root: Path, text: str) -> list[Finding]:
    lay(Example(True, "procedures/errand.yaml", text), copy_base(root))
    return [finding for finding in findings_of(root) if finding.code == "FJ215"]


@pytest.mark.parametrize(
    ("helpers", "message"),
    [
        ("[clerk]", "clerk may enter what asker says, and may also do send"),
        ("[inspector, clerk]", "clerk may enter what asker says, and may also do send"),
        ("[chief]", "chief may enter what asker says, and may also do send"),
        ("[helper]", "helper may enter what asker says, and does the work as a partner"),
    ],
)
def test_a_helper_who_handles_is_reported(tmp_path: Path, helpers: str, message: str) -> None:
    (finding,) = reported(tmp_path, f"people: {{asker: {ASKER % helpers}}}\n")
    assert (str(finding.message), finding.severity) == (message, "warning")
    assert finding.place.route == ("people", "asker", "through", helpers.strip("[]").split(", ")[-1])


def test_without_a_proof_it_is_an_error(tmp_path: Path) -> None:
    text = """
people: {neighbour: {contact: asker, through: [clerk]}}
steps: {checking: {actions: {approve: {by: neighbour}}}}
"""
    assert [finding.severity for finding in reported(tmp_path, text)] == ["error"]


def test_a_member_of_a_group_counts(tmp_path: Path) -> None:
    text = f"""
people:
  staff: {{groups: {{inside: {{role: coordinator, of: committee}}, outside: {{role: inspector, of: community}}}}}}
  asker: {ASKER % "[staff]"}
"""
    assert [str(finding.message) for finding in reported(tmp_path, text)] == [
        "staff may enter what asker says, and may also do send"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        f"""
people: {{asker: {ASKER % "[clerk]"}}}
guarantees:
  apart: {{different_people: [send, join, decline, finish, approve, refuse]}}
""",
    ],
    ids=["as it is", "different people"],
)
def test_nothing_is_reported_where_the_two_are_kept_apart(tmp_path: Path, text: str) -> None:
    assert reported(tmp_path, text + "\n") == []


def test_a_roster_that_gives_one_person_both_roles_is_named(tmp_path: Path) -> None:
    text = f"""
people:
  visitor: {{role: inspector, of: community}}
  clerk: {{role: coordinator, of: community}}
  asker: {ASKER % "[visitor]"}
"""
    root = copy_base(tmp_path)
    for roster in (root / "workflows" / "rosters").glob("C1.yaml"):
        roster.write_text(roster.read_text("utf-8").replace("[inspector]", "[inspector, coordinator]"), "utf-8")
    lay(Example(True, "procedures/errand.yaml", text), root)
    messages = [str(finding.message) for finding in findings_of(root) if finding.code == "FJ215"]
    assert messages and "the same person can be visitor, who enters what asker says" in messages[0], messages

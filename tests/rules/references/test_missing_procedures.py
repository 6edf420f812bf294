"""A procedure that is missing: one finding for all that refers to it."""

from __future__ import annotations

from datetime import date

from fujin_cli.core.findings.finding import Finding, faulty_paths
from fujin_cli.core.model.workspace import File, Workspace, build_workspace
from fujin_cli.rules.registry import check_all
from tests.support.small_town import procedure, town
from tests.support.yaml_trees import file_of, tree_of

ORDER = """
people: {clerk: {role: clerk, of: community}}
steps:
  sent: {owner: clerk, within: 1 day, actions: {end: {to: over, by: clerk}}}
  over: {end: done}
"""
LOOP = """
people: {clerk: {role: clerk, of: community}}
fields:
  reporter: {type: contact, optional: yes}
  helper: {type: partner, required: yes}
  twin: {type: case, of: [order], optional: yes}
steps:
  asked:
    owner: clerk
    within: 1 day
    actions:
      send: {by: clerk, opens: {orders: {procedure: order, one_each: [helper]}}}
      end: {to: over, by: clerk}
  over: {end: done}
"""


def scenario(name: str, of: str) -> File:
    tree = tree_of(f"{{scenario: {name}, title: x, procedure: {of}, when: [end], then: {{step: over}}}}")
    return file_of(f"scenarios/{name}.yaml", tree)


def with_files(workspace: Workspace, *files: File) -> Workspace:
    return build_workspace([*workspace.files, *files], workspace.calendar_data)


def findings(workspace: Workspace) -> list[Finding]:
    found = check_all(workspace, date(2026, 6, 1), (1,))
    return [finding for finding in found if str(finding.message).startswith("there is no procedure")]


def test_a_deleted_procedure_is_one_finding_that_lists_all_places() -> None:
    whole = with_files(
        town(procedure(LOOP), procedure(ORDER, "order")), scenario("first", "order"), scenario("second", "order")
    )
    assert findings(whole) == []

    [finding] = findings(with_files(town(procedure(LOOP)), scenario("first", "order"), scenario("second", "order")))

    assert finding.code == "FJ109"
    assert str(finding.message) == "there is no procedure order; 3 more places refer to it"
    assert faulty_paths(finding) == ("loop.yaml", "scenarios/first.yaml", "scenarios/second.yaml")
    assert finding.fix is None and str(finding.help) == "add its file again, or remove what refers to it"


def test_scenarios_alone_are_one_finding_of_their_own_rule() -> None:
    [finding] = findings(with_files(town(procedure(ORDER)), scenario("first", "order"), scenario("second", "order")))

    assert (finding.code, finding.place.path) == ("FJ133", "scenarios/first.yaml")
    assert str(finding.message) == "there is no procedure order; 1 more place refers to it"


def test_the_same_typo_has_one_fix_for_the_whole_file() -> None:
    workspace = with_files(town(procedure(LOOP), procedure(ORDER, "orders")), scenario("first", "order"))

    [finding] = findings(workspace)

    assert finding.fix is not None
    assert [(edit.old, edit.text) for edit in finding.fix.edits] == [("order", "orders")] * 2


def test_no_file_that_names_a_missing_procedure_is_explored() -> None:
    whole = town(procedure(LOOP), procedure(LOOP, "copy"), procedure(ORDER, "order"))
    without = town(procedure(LOOP), procedure(LOOP, "copy"))

    explored = {finding.code for finding in check_all(whole, date(2026, 6, 1)) if finding.code > "FJ300"}
    assert explored
    assert {finding.code for finding in check_all(without, date(2026, 6, 1)) if finding.code > "FJ300"} == set()

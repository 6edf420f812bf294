"""What findings about guarantees say: the run, where it turns, the settings that matter, and what to do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from fujin_cli.core.explore import reachability
from fujin_cli.core.findings.finding import Finding
from tests.support.golden_workspaces import copy_base, findings_of
from tests.support.page_examples import Example, lay
from tests.support.paths import ROOT


def found(root: Path, text: str, file: str = "errand") -> list[Finding]:
    lay(Example(True, f"procedures/{file}.yaml", text), copy_base(root))
    return findings_of(root)


def lines(finding: Finding) -> list[str]:
    return [str(step.text) for step in finding.trace]


def test_a_broken_guarantee_stands_at_its_name_with_the_event_that_breaks_it(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, "guarantees: {not-yet: {before: {enter: declined}, require: approve}}")
    assert str(finding.message) == (
        "a case can violate “not-yet”: before a case reaches Declined, “approve” must have been done"
    )
    assert finding.place.route == ("guarantees", "not-yet") and finding.place.key
    assert [related.place.route for related in finding.related] == [("steps", "asked", "actions", "decline")]
    assert lines(finding) == ["Asked: the case is opened (scope=small)", "Asked: decline by clerk"]


def test_a_run_that_needs_a_limit_used_up_uses_it_up(tmp_path: Path) -> None:
    (finding,) = found(
        tmp_path,
        "guarantees: {no-end-by-refusal: {after: refuse, not_next: {enter: declined}}, "
        "never-so: {never: {enter: declined, where: {times: {refuse: {at_least: 3}}}}}}",
    )
    assert finding.place.route == ("guarantees", "never-so")
    assert sum(line.startswith("Checking: refuse") for line in lines(finding)) == 3


def test_settings_that_matter_are_named(tmp_path: Path) -> None:
    text = "guarantees: {three-tries: {before: give-up, require: try, times: 2, since: {enter: checking}}}"
    (finding,) = found(tmp_path, text)
    told = [(str(related.message), related.place.route) for related in finding.related]
    assert ("with tries at 1", ("settings", "tries")) in told


def test_where_nothing_keeps_it_from_the_beginning_that_is_said(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, "guarantees: {begin: {first: send}}")
    assert finding.code == "FJ402"
    assert str(finding.message) == "every case violates “begin”: this must happen first: “send” is done"


def test_conditions_of_what_happens_are_read_aloud(tmp_path: Path) -> None:
    text = "guarantees: {large-is-told: {after: {action: decline, where: {scope: large}}, eventually: publish}}"
    (finding,) = found(tmp_path, text)
    assert "whenever “decline” is done (where scope is large), the case must publish something afterwards" in str(
        finding.message
    )


def test_contradicting_guarantees_have_one_finding(tmp_path: Path) -> None:
    text = "guarantees: {told: {eventually: approve}, never: {never: {enter: done}}}"
    (finding,) = found(tmp_path, text)
    assert finding.code == "FJ405" and finding.place.route == ("guarantees", "never")
    assert [related.place.route for related in finding.related] == [("guarantees", "told")]


def test_whoever_enters_the_word_of_somebody_outside_counts_for_four_eyes(tmp_path: Path) -> None:
    text = "people: {asker: {contact: asker, proof: acceptance-code, through: [clerk]}}"
    findings = found(tmp_path, text)
    assert {finding.code for finding in findings} == {"FJ406", "FJ215"}
    assert {finding.severity for finding in findings} == {"warning"}


@pytest.mark.slow
def test_where_others_could_do_it_different_people_are_no_finding(tmp_path: Path) -> None:
    root = copy_base(tmp_path)
    for unit in ("C1", "C2", "C1-environment"):
        roster = root / "workflows" / "rosters" / f"{unit}.yaml"
        new = f"  - {{person: q-{unit}, name: Wei, roles: [coordinator]}}\n"
        if unit == "C1-environment":
            new = (
                "  - {person: q-1, name: Wei, seat: member, roles: [coordinator], "
                "term: {from: 2026-01-01, until: 2028-12-31}}\n"
            )
        roster.write_text(roster.read_text("utf-8") + new, "utf-8")
    lay(Example(True, "procedures/errand.yaml", "guarantees: {four-eyes: {different_people: [send, finish]}}"), root)
    assert "FJ406" not in {finding.code for finding in findings_of(root)}


@pytest.mark.slow
def test_the_shipped_procedures_keep_what_they_promise() -> None:
    assert [f.code for f in findings_of(ROOT) if f.code.startswith("FJ4")] == []


def test_what_the_article_promises_is_promised() -> None:
    from fujin_cli.store.workspace.load import contents_of
    from fujin_cli.use_cases.validate import check_contents
    from tests.support.golden_workspaces import TODAY

    versions = check_contents(contents_of(ROOT), TODAY, ()).files.workspace.procedures
    promised = {f"{name}/{promise}" for name, version in versions.items() for promise in version.guarantees}
    assert promised >= {
        "resident-request/every-request-is-answered",
        "resident-request/not-satisfied-not-done",
        "resident-request/rework-comes-to-an-end",
        "resident-request/a-third-refusal-goes-up",
        "resident-request/what-concerns-the-majority-is-published",
        "resident-request/orders-come-back",
        "resident-request/four-eyes",
        "resident-request/silence-is-not-consent",
        "work-order/done-means-verified",
        "work-order/no-order-ends-in-silence",
        "work-order/nobody-verifies-own-work",
        "joint-conference/no-vote-without-a-quorum",
        "joint-conference/carried-by-the-majority",
        "objection/every-objection-is-answered",
    }


def test_opening_cases_proves_nothing() -> None:
    """What every command asks of the workspace imports no rule that follows cases."""
    code = (
        "import sys; from datetime import date; from fujin_cli.core.model.workspace import Workspace; "
        "from fujin_cli.rules.registry import check_all; check_all(Workspace(), date(2026, 6, 1), families=(1, 2)); "
        "sys.exit(any(name.startswith('fujin_cli.core.ver'+'ify') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


def test_a_procedure_that_is_too_large_names_every_guarantee_left_undecided(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reachability, "MOST_STATES", 5)
    root = copy_base(tmp_path)
    found = [finding for finding in findings_of(root) if finding.code == "FJ313"]
    (errand,) = [finding for finding in found if finding.place.path.endswith("errand.yaml")]
    assert [str(related.message) for related in errand.related] == [
        "this guarantee was not checked"
    ]  # four-eyes is no run's
    assert errand.related[0].place.route == ("guarantees", "answered")

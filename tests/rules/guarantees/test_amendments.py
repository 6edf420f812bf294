"""Amendments are moves for the proof: a guarantee that one gets around, or that one shows, is decided."""

from __future__ import annotations

from pathlib import Path

import pytest

from fujin_cli.core.findings.finding import Finding
from tests.support.golden_workspaces import copy_base, findings_of
from tests.support.page_examples import Example, lay

CORRECT = "anytime: {correct: {title: correct, by: clerk, in: [asked, running], amends: [%s]}}\n"


def found(root: Path, text: str) -> list[Finding]:
    lay(Example(True, "procedures/errand.yaml", text), copy_base(root))
    return findings_of(root)


def codes(root: Path, text: str) -> list[str]:
    return [finding.code for finding in found(root, text)]


ROUTED = "steps: {asked: {actions: {send: {when: {scope: %s}}}}}\n"
KEPT = "guarantees: {small-ones-are-not-run: {never: {action: finish, where: {scope: small}}}}\n"


def test_a_guarantee_that_a_guard_keeps_is_broken_by_an_amendment(tmp_path: Path) -> None:
    guarded = ROUTED % "large" + KEPT
    assert "FJ401" not in codes(tmp_path / "kept", guarded)
    findings = found(tmp_path / "amended", guarded + CORRECT % "scope")
    (broken,) = [finding for finding in findings if finding.code == "FJ401"]
    assert any("correct" in str(step.replay) for step in broken.trace)  # the run goes through the correction


def test_an_amendment_of_what_nothing_reads_breaks_nothing(tmp_path: Path) -> None:
    assert "FJ401" not in codes(tmp_path, ROUTED % "large" + KEPT + CORRECT % "summary, committee")


def test_a_where_that_an_amendment_can_evade_is_a_warning(tmp_path: Path) -> None:
    text = "guarantees: {large-are-checked: {never: {enter: declined, where: {scope: large}}}}\n"
    assert "FJ410" in codes(tmp_path, text + CORRECT % "scope")


@pytest.mark.parametrize("name", ["scope", "summary", "committee"])
def test_a_guarantee_about_an_amendment_is_decided(tmp_path: Path, name: str) -> None:
    text = CORRECT % "scope, summary, committee" + f"guarantees: {{fixed: {{never: {{amends: {name}}}}}}}\n"
    (finding,) = [each for each in found(tmp_path, text) if each.code.startswith("FJ40")]
    assert finding.code == "FJ401"
    assert list(finding.trace[-1].replay["correct"]["set"]) == [name]


def test_a_guarantee_about_another_field_is_kept(tmp_path: Path) -> None:
    text = CORRECT % "summary, reason" + "guarantees: {told: {before: {amends: reason}, require: {amends: summary}}}\n"
    (finding,) = [each for each in found(tmp_path, text) if each.code.startswith("FJ40")]
    assert finding.code == "FJ401"
    assert "summary" not in finding.trace[-1].replay["correct"]["set"]


def test_an_atom_of_a_field_that_nothing_amends_never_happens(tmp_path: Path) -> None:
    text = CORRECT % "summary" + "guarantees: {fixed: {never: {amends: sumary}}}\n"
    (finding,) = [each for each in found(tmp_path, text) if each.code == "FJ119"]
    assert "summary" in str(finding.help)


def test_an_unknown_field_of_an_amendment_is_found(tmp_path: Path) -> None:
    (finding,) = [each for each in found(tmp_path, CORRECT % "sumary") if each.code == "FJ104"]
    assert "summary" in str(finding.help)


def test_amends_is_for_anytime_alone(tmp_path: Path) -> None:
    text = "steps: {asked: {actions: {decline: {amends: [scope]}}}}"
    assert "FJ003" in codes(tmp_path, text)

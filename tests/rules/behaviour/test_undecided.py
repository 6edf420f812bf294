"""What could not be decided is an error where somebody relies on it, and its help names what multiplies."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fujin_cli.core.explore.successors import Model
from fujin_cli.core.findings.finding import Finding
from fujin_cli.core.verify import product
from fujin_cli.rules.behaviour import fj313_not_explored
from fujin_cli.rules.guarantees import fj409_undecided
from fujin_cli.rules.support.context import RuleContext
from tests.support.large_procedures import act, at_step, choices, large
from tests.support.small_town import town


def findings(rule: Any, *trees: Any) -> list[Finding]:
    return list(rule.check(RuleContext(town(*trees), date(2026, 6, 1))))


def ten_fields(guarantees: Any) -> Any:
    guarded = {f"{value}{n}": act("closed", when={f"f{n}": value}) for n in range(10) for value in ("x", "y")}
    return large(choices(10, ("x", "y")), {"s0": at_step({"enter": act("closed"), **guarded})}, guarantees=guarantees)


def test_ten_fields_with_three_values_are_refused_and_named() -> None:
    (finding,) = findings(fj313_not_explored, ten_fields({"it-ends": {"eventually": {"enter": "any end"}}}))
    assert finding.severity == "error"
    assert str(finding.help).startswith("f0…f9: three values each; 3¹⁰")
    assert [related.place.route for related in finding.related] == [("guarantees", "it-ends")]


def test_without_guarantees_it_is_a_warning() -> None:
    (finding,) = findings(fj313_not_explored, ten_fields({}))
    assert finding.severity == "warning"


def test_a_procedure_that_opens_one_too_large_names_it() -> None:
    child = {**ten_fields({}), "procedure": "child"}
    opens = {"more": {"procedure": "child", "leaves": "yes"}}
    parent = large({}, {"s0": at_step({"enter": act("closed", opens=opens)})})
    found = {finding.place.path: finding for finding in findings(fj313_not_explored, parent, child)}
    assert "child" in str(found["loop.yaml"].message) and str(found["loop.yaml"].help) == "make child smaller"


def test_a_guarantee_that_was_not_decided_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(product, "MOST_PAIRS", 3)
    tree = large(
        choices(2), {"s0": at_step({"enter": act("closed", when={"f0": "x", "f1": "y"}), "no": act("closed")})}
    )
    found = findings(fj409_undecided, tree)
    assert {finding.severity for finding in found} == {"error"}
    assert "f0, f1: three values each; 3²" in {str(finding.help).partition(". ")[0] for finding in found}


def test_what_is_too_large_is_refused_before_any_case_is_explored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Model, "list_successors", None)  # would fail if it were called
    guarded = {f"{value}{n}": act("closed", when={f"f{n}": value}) for n in range(60) for value in ("x", "y")}
    tree = large(choices(60, ("x", "y")), {"s0": at_step({"enter": act("closed"), **guarded})})
    (finding,) = findings(fj313_not_explored, tree)
    assert "3⁶⁰" in str(finding.help)

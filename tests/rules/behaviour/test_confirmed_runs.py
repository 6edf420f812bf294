"""A run to where a case is stuck is driven through the engine before it is shown; what none confirms is undecided."""

from __future__ import annotations

from datetime import date

from fujin_cli.core.findings.finding import Finding
from fujin_cli.rules.behaviour import fj303_deadlock, fj312_waits_forever
from fujin_cli.rules.support.context import RuleContext
from tests.core.simulate.test_confirm_verdicts import CHILD, PARENT
from tests.support.small_town import procedure, town

STUCK = (
    PARENT[: PARENT.index("guarantees:")]
    .replace(
        "{to: odd, when: {orders: {any: odd}}}, {to: done, when: {orders: {all: ended}}}",
        "{to: done, when: {orders: {all: finished}}}",
    )
    .replace("  odd: {end: odd}\n", "")
)


def found(value: str) -> list[Finding]:
    child = {**procedure(CHILD, "order"), "opened": {"by": ["procedure"]}}
    context = RuleContext(town(procedure(STUCK.replace("VALUE", value)), child), date(2026, 6, 1))
    return [finding for rule in (fj303_deadlock, fj312_waits_forever) for finding in rule.check(context)]


def test_a_case_that_waits_for_ever_is_shown_where_the_engine_brings_it_there() -> None:
    (finding,) = found("odd")
    assert finding.code == "FJ312" and len(finding.trace) == 3


def test_where_the_engine_never_comes_there_nothing_is_shown_as_a_run() -> None:
    (finding,) = found("usual")
    assert (finding.code, finding.severity, finding.trace) == ("FJ409", "error", ())
    assert "a case can wait forever at two" in str(finding.message)
    assert "a case of order cannot reach the outcome odd" in str(finding.help)

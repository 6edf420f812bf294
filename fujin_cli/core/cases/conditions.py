"""Evaluate conditions: tests of fields, groups of child cases, periods, and how often an action was done.

The engine and the explorer share them: ``GuardFacts`` is answered from a real case or from an abstract one.
"""

from __future__ import annotations

from typing import Any, Protocol

from fujin_cli.core.cases.case import Case
from fujin_cli.core.model.operators import IDENTITY_OPERATORS, OPERATORS, comparison_holds, order_key, parse_literal
from fujin_cli.core.model.procedure import Condition, Procedure, Test


class GuardFacts(Protocol):
    """The facts of a case that a condition can test."""

    def field_value(self, field: str) -> Any:
        """Give a field's value; None where it has none."""

    def group_outcomes(self, group: str) -> list[str | None]:
        """List the outcomes of a group's cases that nothing replaced; None for an open one."""

    def is_time_up(self) -> bool:
        """Whether the step's period is over."""

    def count_action(self, test: Test) -> int:
        """Count how often the action that the test names was done."""

    def resolve_setting(self, text: str) -> str:
        """Give the value of the setting of that name, else the text itself."""

    def type_of(self, field: str) -> str:
        """Give the type of a field."""


def condition_holds(condition: Condition | None, facts: GuardFacts) -> bool:
    """Whether any of the condition's alternatives holds; no condition always does."""
    if condition is None:
        return True
    return any(all(single_test_holds(test, facts) for test in tests) for tests in condition.alternatives)


def list_failing_tests(condition: Condition | None, facts: GuardFacts) -> list[Test]:
    """List the failing tests of the alternative with the fewest; empty where the condition holds."""
    if condition is None:
        return []
    missed = [[test for test in tests if not single_test_holds(test, facts)] for tests in condition.alternatives]
    return min(missed, key=len, default=[])


def single_test_holds(test: Test, facts: GuardFacts) -> bool:
    """Whether one test holds."""
    match test.kind:
        case "time":
            return facts.is_time_up() == ("up" in test.values)
        case "times":
            return comparison_holds(test.verb, facts.count_action(test), int(facts.resolve_setting(test.values[0])))
        case "group" | "case":
            return _group_test_holds(test, facts)
        case _:
            return _field_test_holds(test, facts)


def _group_test_holds(test: Test, facts: GuardFacts) -> bool:
    outcomes = facts.group_outcomes(test.name)
    matching = [outcome for outcome in outcomes if any(_outcome_matches(outcome, name) for name in test.values)]
    holds_for = OPERATORS[test.verb].holds_for if test.verb in OPERATORS else None
    if holds_for is not None:
        return holds_for(len(matching), len(outcomes))
    return sum(outcome is not None for outcome in outcomes) >= int(facts.resolve_setting(test.values[0]))


def _outcome_matches(outcome: str | None, name: str) -> bool:
    if name == "open":
        return outcome is None
    return outcome is not None and name in ("ended", outcome)


def _field_test_holds(test: Test, facts: GuardFacts) -> bool:
    value = facts.field_value(test.name)
    if test.verb == "given":
        return value not in (None, "", [])
    if test.verb == "missing":
        return value in (None, "", [])
    if value is None:
        return test.verb == "not"
    kind = facts.type_of(test.name)
    if test.verb in IDENTITY_OPERATORS:
        named = {str(parse_literal(kind, text)) for text in test.values}
        return (str(value) in named) == (test.verb == "is")
    if isinstance(value, list):
        return comparison_holds(test.verb, len(value), int(facts.resolve_setting(test.values[0])))
    return comparison_holds(test.verb, order_key(kind, value), order_key(kind, facts.resolve_setting(test.values[0])))


class CaseFacts:
    """The facts of a real case."""

    def __init__(self, case: Case, procedure: Procedure) -> None:
        self.case = case
        self.procedure = procedure

    def field_value(self, field: str) -> Any:
        """Give a field's value; None where it has none."""
        return self.case.values.get(field)

    def group_outcomes(self, group: str) -> list[str | None]:
        """List the outcomes of a group's children, or of the case that the field ``group`` joined this one to."""
        if self.case.joined_to and self.case.joined_to[0] == group:
            return [self.case.joined_outcome]
        return [child.outcome for child in self.case.children if child.group == group and not child.replaced]

    def is_time_up(self) -> bool:
        """Whether the step's period is over."""
        return self.case.time_up

    def count_action(self, test: Test) -> int:
        """Count how often the action that the test names was done."""
        from fujin_cli.core.cases import event_patterns

        return event_patterns.count_action(self.case.events_in_current_names, test.name, test.since, self.procedure)

    def resolve_setting(self, text: str) -> str:
        """Give the value of the setting of that name, else the text itself."""
        return self.case.resolve_setting(text)

    def type_of(self, field: str) -> str:
        """Give the type of a field."""
        declared = self.procedure.fields.get(field)
        return declared.type if declared else "text"

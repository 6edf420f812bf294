"""Rename a case, and events of its past, to the names of another version of its procedure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from fujin_cli.core.cases.case import Case, Child
from fujin_cli.core.cases.event import MADE_BY_PEOPLE, Event
from fujin_cli.core.model.ids import RuleName

Names = Mapping[str, Mapping[str, Any]]  # what ``Renames.names`` gives


def rename_case(case: Case, names: Names) -> Case:
    """Rename a case to the names of another version; its events are left as they are."""
    steps, named = names["steps"], names["fields"]
    rungs = [_rename_rule(RuleName.of_rung(case.step, index + 1), names) for index in case.fired]
    counts = {_rename_rule(RuleName(rule), names): count for rule, count in case.counts.items()}
    joined = case.joined_to
    return replace(
        case,
        step=steps.get(case.step, case.step),
        values={named.get(name, name): value for name, value in case.values.items()},
        counts={rule: count for rule, count in counts.items() if rule},
        fired=frozenset(_rung_index(rule) for rule in rungs if rule),
        joined_to=(named.get(joined[0], joined[0]), joined[1]) if joined else None,
        joined_outcome=_rename_outcome(named.get(joined[0], joined[0]), case.joined_outcome, names) if joined else None,
        children=tuple(_rename_child(child, names) for child in case.children),
    )


def _rename_child(child: Child, names: Names) -> Child:
    group = names.get("groups", {}).get(child.group, child.group)
    return replace(child, group=group, outcome=_rename_outcome(group, child.outcome, names))


def _rename_outcome(name: str, outcome: str | None, names: Names) -> str | None:
    """Rename the outcome of a case in the group, or in the field, that is called ``name`` now."""
    renamed: str | None = names.get("child_outcomes", {}).get(name, {}).get(outcome, outcome)
    return renamed


def rename_other_cases(payload: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """Rename what an event's data says of other cases: their groups and outcomes."""
    groups = names.get("groups", {})
    renamed = dict(payload)
    if "opens" in renamed:
        renamed["opens"] = {groups.get(group, group): listed for group, listed in renamed["opens"].items()}
    if "answered" in renamed:
        renamed["answered"] = [groups.get(group, group) for group in renamed["answered"]]
    if "group" in renamed:
        renamed["group"] = groups.get(renamed["group"], renamed["group"])
    if "child_outcome" in renamed:
        renamed["child_outcome"] = _rename_outcome(renamed["group"], renamed["child_outcome"], names)
    return renamed


def _rename_rule(rule: RuleName, names: Names) -> str:
    """Rename a rule; empty where the other version has no such rung or automatic move."""
    rules = {**names["actions"], **names.get("unnamed", {})}
    renamed: str = rules.get(rule, rule.at_step(names["steps"].get(rule.step, rule.step)))
    return renamed


def _rung_index(rule: str) -> int:
    """Read the place of a rung on its ladder, from 0; -1 where there is no such rung."""
    return RuleName(rule).number - 1 if rule else -1


def rename_event(event: Event, names: Names) -> Event:
    """Rename an earlier event to the names of another version. Its hash stays: it is the same event."""
    steps, named = names["steps"], names["fields"]
    payload = rename_other_cases(event.data, names)
    if "outcome" in payload:
        payload["outcome"] = names.get("outcomes", {}).get(payload["outcome"], payload["outcome"])
    rule = RuleName(payload.get("rule", ""))
    if rule:
        payload["rule"] = _rename_rule(rule, names)
    if "amended" in payload:
        payload["amended"] = {named.get(name, name): change for name, change in payload["amended"].items()}
    if "rung" in payload:
        payload["rung"] = _rung_index(payload["rule"])
    action = event.action
    if rule in names["actions"] and event.kind in MADE_BY_PEOPLE:
        action = RuleName(payload["rule"]).within_step
    if "as" in payload:
        payload["as"] = names["people"].get(payload["as"], payload["as"])
    return replace(
        event,
        action=action,
        data=payload,
        from_step=steps.get(event.from_step or "", event.from_step),
        to_step=steps.get(event.to_step or "", event.to_step),
        set={named.get(name, name): value for name, value in event.set.items()},
    )

"""Atoms: which events make which of them true."""

from __future__ import annotations

from typing import Any

import pytest

from fujin_cli.core.cases import event_patterns
from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.event import Event
from fujin_cli.core.model.compile_conditions import Conditions
from fujin_cli.core.model.compile_procedure import compile_procedure
from fujin_cli.core.model.procedure import Atom
from tests.support.case_sandbox import moment
from tests.support.small_town import procedure
from tests.support.yaml_trees import tree_of

LAW = compile_procedure(
    procedure("""
people:
  reporter: {contact: tel, proof: receipt}
  reporters: {contact: tel, with: joined}
  other: {contact: other}
  clerk: {role: clerk, of: community}
steps: {one: {owner: clerk}}
""")
)


def event(kind: str = "action", **more: Any) -> Event:
    return Event(n=1, at=moment("2026-06-01T01:00"), kind=kind, by="a", entered_by="a", **more)


def atom(text: str) -> Atom:
    return Conditions({}, set()).compile_atom(tree_of(f"it: {text}")["it"], ())


def matches(text: str, one: Event) -> bool:
    return event_patterns.atom_matches(atom(text), one, LAW)


TELLS = {"tells": ({"to": "reporters", "who": "x", "kind": "answer"},)}


@pytest.mark.parametrize(
    ("text", "one"),
    [
        ("opened", event("opened", to_step="one")),
        ("{enter: one}", event("opened", to_step="one")),
        ("finish", event(action="finish")),
        ("{action: finish}", event(action="finish")),
        ("{enter: one}", event(to_step="one")),
        ("{enter: any end}", event(to_step="x", data={"outcome": "done"})),
        ("end", event(to_step="x", data={"outcome": "done"})),
        ("{end: done}", event(to_step="x", data={"outcome": "done"})),
        ("{overdue: one}", event("rung", from_step="one", data={"when": "at"})),
        ("{overdue: one}", event("rung", from_step="one", data={"when": "after"})),
        ("{tells: reporters}", event(**TELLS)),
        ("{tells: {reporters: answer}}", event(**TELLS)),
        ("{tells: reporter}", event(**TELLS)),  # telling every complainant tells the first one
        ("{tells: reporters}", event(tells=({"to": "reporters", "who": "x", "kind": "k"},))),
        ("{opens: orders}", event(data={"opens": {"orders": []}})),
        ("{answered: orders}", event("child", data={"answered": ["orders"]})),
        ("publish", event(data={"publish": ["notice"]})),
        ("{publish: notice}", event(data={"publish": ["notice", "minutes"]})),
        ("{time_up: one}", event("time-up", from_step="one")),
    ],
)
def test_true(text: str, one: Event) -> None:
    assert matches(text, one)


@pytest.mark.parametrize(
    ("text", "one"),
    [
        ("opened", event(to_step="one")),
        ("finish", event(action="other")),
        ("{enter: one}", event(from_step="one", to_step="two")),
        ("{enter: any end}", event(to_step="x")),
        ("end", event(to_step="x")),
        ("{end: done}", event(data={"outcome": "lost"})),
        ("{overdue: one}", event("rung", from_step="one", data={"when": "before"})),
        ("{overdue: one}", event("rung", from_step="two", data={"when": "at"})),
        ("{overdue: one}", event(from_step="one", data={"when": "at"})),
        ("{tells: other}", event(**TELLS)),
        ("{tells: {reporters: merged}}", event(**TELLS)),
        ("{tells: reporters}", event(tells=({"to": "reporter", "who": "x", "kind": "k"},))),  # one is not all
        ("{tells: clerk}", event()),
        ("{opens: orders}", event(data={"opens": {"meeting": []}})),
        ("{answered: orders}", event("child", data={"group": "orders"})),
        ("publish", event()),
        ("{publish: notice}", event(data={"publish": ["minutes"]})),
        ("{time_up: one}", event("time-up", from_step="two")),
        ("{time_up: one}", event("rung", from_step="one")),
    ],
)
def test_false(text: str, one: Event) -> None:
    assert not matches(text, one)


def test_an_atom_that_nobody_knows_never_happens() -> None:
    assert not event_patterns.atom_matches(Atom("weather", "rain"), event(), LAW)


def test_the_newest_event_that_made_it_true() -> None:
    first, second, third = (event(action=name, note=str(index)) for index, name in enumerate(["a", "b", "a"]))
    case = Case("C1-202606a-0001", events=(first, second, third))
    assert event_patterns.find_newest_match(case, atom("a"), LAW) is third
    assert event_patterns.find_newest_match(case, atom("b"), LAW) is second
    assert event_patterns.find_newest_match(case, atom("c"), LAW) is None


def test_automatic_moves_are_not_counted_as_done() -> None:
    assert event_patterns.count_action([event(action="a"), event("move", action="a")], "a", None, LAW) == 1

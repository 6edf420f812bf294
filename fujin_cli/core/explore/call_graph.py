"""Which procedures open cases of which others, and the order in which they can be explored."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from fujin_cli.core.model.procedure import Procedure


def opened(version: Procedure) -> frozenset[str]:
    """List the names of the procedures of which a procedure opens cases, those that no file defines included."""
    return frozenset(opens.procedure for listed in version.groups().values() for opens in listed)


def called(version: Procedure, procedures: Mapping[str, Procedure]) -> frozenset[str]:
    """List the procedures of which a procedure opens cases."""
    return frozenset(name for name in opened(version) if name in procedures)


def call_graph(procedures: Mapping[str, Procedure]) -> dict[str, frozenset[str]]:
    """Map every procedure to those of which it opens cases."""
    return {name: called(version, procedures) for name, version in procedures.items()}


def callers(calls: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Map every procedure to those that open cases of it: the call graph with its edges turned round."""
    inverse: dict[str, set[str]] = {name: set() for name in calls}
    for caller, callees in calls.items():
        for callee in callees:
            inverse[callee].add(caller)
    return {name: frozenset(openers) for name, openers in inverse.items()}


def reachable(calls: Mapping[str, frozenset[str]], name: str) -> tuple[str, ...]:
    """List a procedure and all that it reaches over the edges of a call graph, each once, in a fixed order."""
    reached = {name: None}
    todo = [name]
    while todo:
        for successor in sorted(calls[todo.pop()]):
            if successor not in reached:
                reached[successor] = None
                todo.append(successor)
    return tuple(reached)


def find_cycles(calls: Mapping[str, frozenset[str]]) -> list[tuple[str, ...]]:
    """One circle through each procedure that can open itself again, each circle once."""
    found: dict[frozenset[str], tuple[str, ...]] = {}
    for name in calls:
        ways: dict[str, tuple[str, ...]] = {name: (name,)}
        todo = deque([name])
        while todo:
            at = todo.popleft()
            for other in sorted(calls[at]):
                if other == name:
                    found.setdefault(frozenset(ways[at]), ways[at])
                elif other not in ways:
                    ways[other] = (*ways[at], other)
                    todo.append(other)
    return list(found.values())


def order_children_first(calls: Mapping[str, frozenset[str]], inside: set[str]) -> list[str]:
    """Every procedure that neither is in a circle nor opens one that is, children first."""
    order: list[str] = []
    changed = True
    while changed:
        changed = False
        for name in calls:
            if name not in order and name not in inside and calls[name] <= set(order):
                order.append(name)
                changed = True
    return order


def fields_from_openers(name: str, procedures: Mapping[str, Procedure]) -> set[str]:
    """The fields that those who open cases of a procedure fill in."""
    opens = [entry for other in procedures.values() for listed in other.groups().values() for entry in listed]
    given = {field for entry in opens if entry.procedure == name for field in entry.give}
    if any(entry.procedure == name and entry.one_each for entry in opens):
        given.add("is_lead")
    return given


def fields_to_openers(name: str, procedures: Mapping[str, Procedure]) -> set[str]:
    """The fields of a procedure that its cases bring to those who open them."""
    return {
        field
        for version in procedures.values()
        for listed in version.groups().values()
        for opens in listed
        if opens.procedure == name
        for field in opens.bring
    }

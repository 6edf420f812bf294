"""Which procedures open cases of which others, and the order in which they can be explored."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from fujin_cli.core.model.procedure import Procedure


def list_opened_names(version: Procedure) -> frozenset[str]:
    """List the names of the procedures of which a procedure opens cases, those that no file defines included."""
    return frozenset(opens.procedure for listed in version.openings_by_group().values() for opens in listed)


def list_callees(version: Procedure, procedures: Mapping[str, Procedure]) -> frozenset[str]:
    """List the procedures of which a procedure opens cases."""
    return frozenset(name for name in list_opened_names(version) if name in procedures)


def build_call_graph(procedures: Mapping[str, Procedure]) -> dict[str, frozenset[str]]:
    """Map every procedure to those of which it opens cases."""
    return {name: list_callees(version, procedures) for name, version in procedures.items()}


def invert_call_graph(calls: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Map every procedure to those that open cases of it: the call graph with its edges turned round."""
    inverse: dict[str, set[str]] = {name: set() for name in calls}
    for caller, callees in calls.items():
        for callee in callees:
            inverse[callee].add(caller)
    return {name: frozenset(openers) for name, openers in inverse.items()}


def list_reachable_procedures(calls: Mapping[str, frozenset[str]], name: str) -> tuple[str, ...]:
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
    """Find one cycle through each procedure that can open itself again, each cycle once."""
    cycles: dict[frozenset[str], tuple[str, ...]] = {}
    for name in calls:
        paths: dict[str, tuple[str, ...]] = {name: (name,)}
        todo = deque([name])
        while todo:
            caller = todo.popleft()
            for callee in sorted(calls[caller]):
                if callee == name:
                    cycles.setdefault(frozenset(paths[caller]), paths[caller])
                elif callee not in paths:
                    paths[callee] = (*paths[caller], callee)
                    todo.append(callee)
    return list(cycles.values())


def order_children_first(calls: Mapping[str, frozenset[str]], inside: set[str]) -> list[str]:
    """Order the procedures children first, without those in a cycle or opening one that is."""
    order: list[str] = []
    changed = True
    while changed:
        changed = False
        for name in calls:
            if name not in order and name not in inside and calls[name] <= set(order):
                order.append(name)
                changed = True
    return order


def list_fields_from_openers(name: str, procedures: Mapping[str, Procedure]) -> set[str]:
    """List the fields that procedures fill in when they open a case of this one."""
    opens = [
        order for version in procedures.values() for listed in version.openings_by_group().values() for order in listed
    ]
    fields = {field for order in opens if order.procedure == name for field in order.give}
    if name in procedures and any(order.procedure == name and order.one_each for order in opens):
        fields |= {field.name for field in procedures[name].fields.values() if field.lead}
    return fields


def list_fields_to_openers(name: str, procedures: Mapping[str, Procedure]) -> set[str]:
    """List the fields that cases of a procedure bring to those who open them."""
    return {
        field
        for version in procedures.values()
        for listed in version.openings_by_group().values()
        for opens in listed
        if opens.procedure == name
        for field in opens.bring
    }

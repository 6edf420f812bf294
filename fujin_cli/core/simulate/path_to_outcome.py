"""How a case of another procedure comes to an outcome: a shortest way that the explorer finds, line by line."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping

from fujin_cli.core.cases.case import Case
from fujin_cli.core.explore.explorer import prove
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.explore.state import Edge
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.model.scenario_file import Line, line_of
from fujin_cli.core.simulate.trace_lines import edge_tree

_KEPT: dict[tuple[str, ...], Exploration | None] = {}
_MOST_KEPT = 64


def find_path_to_outcome(procedures: Mapping[str, Procedure], case: Case, outcome: str) -> list[Line] | None:
    """The lines that take the case to an end with that outcome; None where the explorer knows no way."""
    found = _explored(procedures, case.procedure)
    if found is None:
        return None
    edges = _shortest(found, _standing(found, case), outcome)
    if edges is None:
        return None
    trees = [edge_tree(case.procedure, edge) for edge in edges]
    return [line_of(tree) for tree in trees if tree is not None]


def _explored(procedures: Mapping[str, Procedure], name: str) -> Exploration | None:
    """The procedure under its usual settings, explored with those that it opens."""
    wanted = _with_children(procedures, name)
    key = tuple(version.digest for version in wanted.values())
    if key not in _KEPT:
        while len(_KEPT) >= _MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)))
        listed = prove(wanted).explorations.get(name)
        _KEPT[key] = listed[0] if listed else None
    return _KEPT[key]


def _with_children(procedures: Mapping[str, Procedure], name: str) -> dict[str, Procedure]:
    """The procedure and everything that it opens, directly or not."""
    kept, todo = {name}, [name]
    while todo:
        for listed in procedures[todo.pop()].groups().values():
            for opens in listed:
                if opens.procedure in procedures and opens.procedure not in kept:
                    kept.add(opens.procedure)
                    todo.append(opens.procedure)
    return {other: version for other, version in procedures.items() if other in kept}


def _standing(found: Exploration, case: Case) -> list[int]:
    """The abstract cases that stand where the case does; only those with its values, where there are any."""
    there = [number for number in range(len(found.states)) if found.step(number) == case.step]
    domains = found.model.shape.domains
    values = tuple(own.index(case.values.get(own.field.name)) for own in domains)
    alike = [number for number in there if _fits(found, number, values)]
    return alike or there


def _fits(found: Exploration, number: int, values: tuple[int, ...]) -> bool:
    state = found.states[number]
    return found.model.changes.normal(state._replace(values=values)).values == state.values


def _shortest(found: Exploration, starts: Iterable[int], outcome: str) -> list[Edge] | None:
    came: dict[int, Edge | None] = dict.fromkeys(starts)
    todo = deque(came)
    steps = found.model.version.steps
    while todo:
        number = todo.popleft()
        if outcome in (steps[found.step(number)].end, "ended") and found.ended(number):
            return _back(came, number)
        for edge in found.edges[number]:
            if edge.target not in came:
                came[edge.target] = edge
                todo.append(edge.target)
    return None


def _back(came: Mapping[int, Edge | None], number: int) -> list[Edge]:
    way: list[Edge] = []
    edge = came[number]
    while edge is not None:
        way.append(edge)
        edge = came[edge.source]
    return way[::-1]

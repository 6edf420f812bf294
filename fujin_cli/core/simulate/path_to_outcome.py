"""Find a shortest path that takes a case to an outcome, as lines of a scenario."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping

from fujin_cli.core.cases.case import Case
from fujin_cli.core.explore.call_graph import build_call_graph, invert_call_graph, list_reachable_procedures
from fujin_cli.core.explore.explorer import Explorer
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.explore.state import Edge
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.model.scenario_file import Line, compile_line
from fujin_cli.core.simulate.trace_lines import run_to_lines

_EXPLORATIONS: dict[tuple[str, ...], Exploration | None] = {}
_MOST_EXPLORATIONS = 64


def find_path_to_outcome(procedures: Mapping[str, Procedure], case: Case, outcome: str) -> list[Line] | None:
    """Find lines that take the case to an end with that outcome; None where the explorer finds no path."""
    exploration = _explore_procedure(procedures, case.procedure)
    if exploration is None:
        return None
    edges = _find_shortest_path(exploration, _find_matching_states(exploration, case), outcome)
    if edges is None:
        return None
    trees = run_to_lines(exploration.model.version, edges)
    return [compile_line(tree) for tree in trees if tree is not None]


def _explore_procedure(procedures: Mapping[str, Procedure], name: str) -> Exploration | None:
    """Explore a procedure under its default settings, as those that open it fill in its fields."""
    needed_procedures = _select_related_procedures(procedures, name)
    key = (name, *(version.digest for version in needed_procedures.values()))
    if key not in _EXPLORATIONS:
        while len(_EXPLORATIONS) >= _MOST_EXPLORATIONS:
            _EXPLORATIONS.pop(next(iter(_EXPLORATIONS)))
        explorer = Explorer(needed_procedures)
        listed = explorer.explore_procedure(name) if name in explorer.order else None
        _EXPLORATIONS[key] = listed[0] if listed else None
    return _EXPLORATIONS[key]


def _select_related_procedures(procedures: Mapping[str, Procedure], name: str) -> dict[str, Procedure]:
    """Select a procedure, those that it opens, and those that open it or cause it to be opened."""
    calls = build_call_graph(procedures)
    needed = {*list_reachable_procedures(calls, name), *list_reachable_procedures(invert_call_graph(calls), name)}
    return {name: version for name, version in procedures.items() if name in needed}


def _find_matching_states(exploration: Exploration, case: Case) -> list[int]:
    """Find the abstract cases at the same step; only those with the case's values, where there are any."""
    at_step = [number for number in range(len(exploration.states)) if exploration.step_of(number) == case.step]
    domains = exploration.model.shape.domains
    values = tuple(own.find_index(case.values.get(own.field.name)) for own in domains)
    alike = [number for number in at_step if _has_values(exploration, number, values)]
    return alike or at_step


def _has_values(exploration: Exploration, number: int, values: tuple[int, ...]) -> bool:
    state = exploration.states[number]
    return exploration.model.effects.normalize(state._replace(values=values)).values == state.values


def _find_shortest_path(exploration: Exploration, starts: Iterable[int], outcome: str) -> list[Edge] | None:
    incoming: dict[int, Edge | None] = dict.fromkeys(starts)
    todo = deque(incoming)
    steps = exploration.model.version.steps
    while todo:
        number = todo.popleft()
        if outcome in (steps[exploration.step_of(number)].end, "ended") and exploration.is_ended(number):
            return _collect_path_edges(incoming, number)
        for edge in exploration.edges[number]:
            if edge.target not in incoming:
                incoming[edge.target] = edge
                todo.append(edge.target)
    return None


def _collect_path_edges(incoming: Mapping[int, Edge | None], number: int) -> list[Edge]:
    edges: list[Edge] = []
    edge = incoming[number]
    while edge is not None:
        edges.append(edge)
        edge = incoming[edge.source]
    return edges[::-1]

"""Search graphs of numbered places and the edges that leave them: shortest paths, ancestors, cycles.

Edges are followed in their order, so that the same procedure always gives the same answer.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Container, Hashable, Iterable, Sequence
from typing import TypeVar

from fujin_cli.core.explore.state import Edge

Successors = Sequence[Sequence[Edge]]  # the edges that leave each place
Allowed = Callable[[Edge], bool]
Place = TypeVar("Place", bound=Hashable)


def is_any_edge(edge: Edge) -> bool:
    """Allow every edge."""
    return True


def find_shortest_path(
    edges: Successors, starts: Iterable[Edge], goal: Container[int], allowed: Allowed = is_any_edge
) -> list[Edge] | None:
    """Find a shortest path that begins with one of ``starts`` and ends at a place of ``goal``."""
    todo = deque(starts)
    first = {id(edge) for edge in todo}
    incoming: dict[int, Edge] = {}  # the edge by which each place was reached first
    while todo:
        edge = todo.popleft()
        if edge.target in incoming:
            continue
        incoming[edge.target] = edge
        if edge.target in goal:
            path = [edge]
            while id(path[-1]) not in first:
                path.append(incoming[path[-1].source])
            return path[::-1]
        todo.extend(
            follower for follower in edges[edge.target] if follower.target not in incoming and allowed(follower)
        )
    return None


def find_ancestors(edges: Successors, goal: Iterable[int], allowed: Allowed = is_any_edge) -> set[int]:
    """Find every place from which a place of ``goal`` can be reached, those of ``goal`` included."""
    return find_ancestors_by(list_predecessors(edges, allowed).__getitem__, goal)


def list_predecessors(edges: Successors, allowed: Allowed = is_any_edge) -> list[list[int]]:
    """List for each place the sources of the edges that lead to it."""
    predecessors: list[list[int]] = [[] for _ in edges]
    for leaving in edges:
        for edge in leaving:
            if edge.source != edge.target and (allowed is is_any_edge or allowed(edge)):
                predecessors[edge.target].append(edge.source)
    return predecessors


def find_ancestors_by(predecessors: Callable[[Place], Iterable[Place]], goal: Iterable[Place]) -> set[Place]:
    """Find the ancestors of ``goal`` where the predecessors of each place are computed already."""
    ancestors = set(goal)
    todo = list(ancestors)
    while todo:
        for source in predecessors(todo.pop()):
            if source not in ancestors:
                ancestors.add(source)
                todo.append(source)
    return ancestors


def find_descendants(edges: Successors, starts: Iterable[int], allowed: Allowed = is_any_edge) -> set[int]:
    """Find every place that can be reached from ``starts``, those included."""
    descendants = set(starts)
    todo = list(descendants)
    while todo:
        for edge in edges[todo.pop()]:
            if edge.target not in descendants and allowed(edge):
                descendants.add(edge.target)
                todo.append(edge.target)
    return descendants


def find_components(edges: Successors, allowed: Allowed = is_any_edge) -> list[int]:
    """Number the strongly connected components (Tarjan 1972, without recursion), place by place.

    Two places have the same number exactly when each can be reached from the other.
    """
    unseen = -1
    index, low, component = [unseen] * len(edges), [0] * len(edges), [unseen] * len(edges)
    stack: list[int] = []
    next_index = next_component = 0
    for root in range(len(edges)):
        if index[root] != unseen:
            continue
        todo = [(root, 0)]
        while todo:
            place, turn = todo.pop()
            if turn == 0:
                index[place] = low[place] = next_index
                next_index += 1
                stack.append(place)
            leaving = edges[place]
            while turn < len(leaving):
                edge = leaving[turn]
                turn += 1
                if allowed is not is_any_edge and not allowed(edge):
                    continue
                if index[edge.target] == unseen:
                    todo += [(place, turn), (edge.target, 0)]
                    break
                if component[edge.target] == unseen:
                    low[place] = min(low[place], index[edge.target])
            else:
                if low[place] == index[place]:
                    member = unseen
                    while member != place:
                        member = stack.pop()
                        component[member] = next_component
                    next_component += 1
                if todo:
                    above = todo[-1][0]
                    low[above] = min(low[above], low[place])
    return component


def find_cycle(edges: Successors, edge: Edge, component: Sequence[int], allowed: Allowed = is_any_edge) -> list[Edge]:
    """Find a shortest cycle that begins with ``edge``, whose ends are in one component."""
    own = component[edge.source]
    return (
        find_shortest_path(
            edges, [edge], {edge.source}, lambda follower: component[follower.target] == own and allowed(follower)
        )
        or []
    )

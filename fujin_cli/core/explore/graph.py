"""Walks over numbered places and the edges that leave them: shortest ways, what leads somewhere, and circles.

Everything is decided in the order of the edges, so that the same procedure is always answered alike.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Container, Hashable, Iterable, Sequence
from typing import TypeVar

from fujin_cli.core.explore.state import Edge

Successors = Sequence[Sequence[Edge]]  # the edges that leave each place
Allowed = Callable[[Edge], bool]
Place = TypeVar("Place", bound=Hashable)


def any_edge(edge: Edge) -> bool:
    """Any edge may be taken."""
    return True


def find_shortest_path(
    ways: Successors, starts: Iterable[Edge], goal: Container[int], allowed: Allowed = any_edge
) -> list[Edge] | None:
    """A shortest way that begins with one of ``starts`` and ends at a place of ``goal``; None where there is none."""
    todo = deque(starts)
    first = {id(edge) for edge in todo}
    came: dict[int, Edge] = {}  # the edge by which each place was found
    while todo:
        edge = todo.popleft()
        if edge.target in came:
            continue
        came[edge.target] = edge
        if edge.target in goal:
            way = [edge]
            while id(way[-1]) not in first:
                way.append(came[way[-1].source])
            return way[::-1]
        todo.extend(follower for follower in ways[edge.target] if follower.target not in came and allowed(follower))
    return None


def find_ancestors(ways: Successors, goal: Iterable[int], allowed: Allowed = any_edge) -> set[int]:
    """Every place from which a place of ``goal`` can be reached, those of ``goal`` included."""
    return find_ancestors_by(list_predecessors(ways, allowed).__getitem__, goal)


def list_predecessors(ways: Successors, allowed: Allowed = any_edge) -> list[list[int]]:
    """For each place those that an edge leads from to it."""
    into: list[list[int]] = [[] for _ in ways]
    for listed in ways:
        for edge in listed:
            if edge.source != edge.target and (allowed is any_edge or allowed(edge)):
                into[edge.target].append(edge.source)
    return into


def find_ancestors_by(into: Callable[[Place], Iterable[Place]], goal: Iterable[Place]) -> set[Place]:
    """``leading_to``, by what leads to each place: worked out once where it is asked more than once."""
    found = set(goal)
    todo = list(found)
    while todo:
        for source in into(todo.pop()):
            if source not in found:
                found.add(source)
                todo.append(source)
    return found


def find_descendants(ways: Successors, starts: Iterable[int], allowed: Allowed = any_edge) -> set[int]:
    """Every place that can be reached from ``starts``, those included."""
    found = set(starts)
    todo = list(found)
    while todo:
        for edge in ways[todo.pop()]:
            if edge.target not in found and allowed(edge):
                found.add(edge.target)
                todo.append(edge.target)
    return found


def find_components(ways: Successors, allowed: Allowed = any_edge) -> list[int]:
    """For each place the number of its strongly connected component (Tarjan 1972), without recursion.

    Two places have the same number just where each can be reached from the other.
    """
    unseen = -1
    index, low, component = [unseen] * len(ways), [0] * len(ways), [unseen] * len(ways)
    stack: list[int] = []
    counted = made = 0
    for root in range(len(ways)):
        if index[root] != unseen:
            continue
        todo = [(root, 0)]
        while todo:
            place, turn = todo.pop()
            if turn == 0:
                index[place] = low[place] = counted
                counted += 1
                stack.append(place)
            listed = ways[place]
            while turn < len(listed):
                edge = listed[turn]
                turn += 1
                if not allowed(edge):
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
                        component[member] = made
                    made += 1
                if todo:
                    above = todo[-1][0]
                    low[above] = min(low[above], low[place])
    return component


def find_cycle(ways: Successors, edge: Edge, component: Sequence[int], allowed: Allowed = any_edge) -> list[Edge]:
    """A shortest way that begins with ``edge``, whose ends are in one component, and comes back to where it began."""
    same = component[edge.source]
    return (
        find_shortest_path(
            ways, [edge], {edge.source}, lambda other: component[other.target] == same and allowed(other)
        )
        or []
    )

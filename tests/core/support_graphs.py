"""Random small graphs with limited moves, and answers found by trying everything with every counter kept."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import strategies as st

from fujin_cli.core.exact import Runs
from fujin_cli.core.explore_state import Edge, Label

Node = tuple[int, tuple[int, ...]]
RULES = ("p", "q", "r")


@st.composite
def runs(draw: Any, paired: bool = False) -> Runs:
    """Up to seven places; edges free, limited, what follows a limit, or a child's reopening (limited, of no rule).

    ``paired``: where the way after a limit begins, the normal one begins, too, as in procedures.
    """
    places = draw(st.integers(1, 7))
    limits = {rule: draw(st.integers(1, 3)) for rule in RULES}
    place = st.integers(0, places - 1)
    drawn = draw(st.lists(st.tuples(place, place, st.integers(0, 10), st.booleans()), max_size=18))
    ways: list[list[Edge]] = [[] for _ in range(places)]
    for source, target, what, moves in drawn:
        to = "there" if moves else None
        if what < 3:
            label = Label("action", RULES[what], RULES[what], limited=True, to=to)
        elif what < 6:
            rule = RULES[what - 3]
            label = Label("action", rule, rule, overflow=True, to=to)
            if paired:
                normal = Label("action", rule, rule, limited=True, to=to)
                ways[source].append(Edge(source, (source + target) % places, normal, (), 0))
        else:
            label = Label("child" if what == 6 else "action", "free", "" if what == 6 else "free", limited=what == 6)
        ways[source].append(Edge(source, target, label, (), 0))
    return Runs(ways, [Edge(-1, 0, Label("opened", "opened"), (), 0)], limits)


def after(given: Runs, at: Node, edge: Edge) -> Node | None:
    """Where an edge leads with every counter kept; None where a limit forbids it."""
    used = dict(zip(RULES, at[1], strict=True))
    rule = edge.label.rule
    if rule in used:
        if (used[rule] >= given.limits[rule]) != edge.label.overflow:
            return None
        used[rule] = min(given.limits[rule], used[rule] + 1)
    return edge.target, tuple(used.values())


def nexts(given: Runs, at: Node) -> Iterator[tuple[Edge, Node]]:
    """Every edge that a limit allows, and where it leads."""
    for edge in given.ways[at[0]]:
        node = after(given, at, edge)
        if node is not None:
            yield edge, node


def distances(given: Runs) -> dict[Node, int]:
    """Every place with every counter that a run can come to, and the number of edges of a shortest one."""
    start = (given.begins[0].target, (0,) * len(RULES))
    found = {start: 1}
    todo = deque([start])
    while todo:
        at = todo.popleft()
        for _, node in nexts(given, at):
            if node not in found:
                found[node] = found[at] + 1
                todo.append(node)
    return found


def goes_round(given: Runs, start: Node, allowed: Callable[[Edge], bool], first: Callable[[Edge], bool]) -> bool:
    """Whether a run that begins at ``start`` with an edge of ``first`` can come back to it."""
    return any(
        start in following(given, node, allowed) for edge, node in nexts(given, start) if allowed(edge) and first(edge)
    )


def following(given: Runs, start: Node, allowed: Callable[[Edge], bool]) -> set[Node]:
    """Everything that a run from there can come to, the beginning included."""
    seen = {start}
    todo = [start]
    while todo:
        for edge, node in nexts(given, todo.pop()):
            if node not in seen and allowed(edge):
                seen.add(node)
                todo.append(node)
    return seen

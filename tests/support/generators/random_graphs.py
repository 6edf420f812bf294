"""Random small graphs with limited moves, and answers found by trying everything with every counter kept."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import strategies as st

from fujin_cli.core.explore.feasible_paths import Runs
from fujin_cli.core.explore.state import Edge, Label

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
    kinds = {rule: draw(st.sampled_from(["action", "action", "move"])) for rule in RULES}
    ways: list[list[Edge]] = [[] for _ in range(places)]
    for source, target, what, moves in drawn:
        to = "there" if moves else None
        if what < 6:
            rule = RULES[what % 3]
            over = what >= 3
            label = Label(kinds[rule], rule, rule, overflow=over, limited=not over, to=to)
            if paired and over:
                normal = Label(kinds[rule], rule, rule, limited=True, to=to)
                ways[source].append(Edge(source, (source + target) % places, normal, (), 0))
        else:
            group = "quick" if what == 8 else ""
            kind = "child" if what in (6, 8) else "action"
            label = Label(kind, "free", "" if what == 6 else "free", limited=what == 6, group=group, to=to)
        ways[source].append(Edge(source, target, label, (), 0))
    for edges in ways:  # as the explorer lists them: what nobody makes comes first
        edges.sort(key=lambda edge: (edge.label.kind != "move", edge.label.rule))
    return Runs(ways, [Edge(-1, 0, Label("opened", "opened"), (), 0)], limits, frozenset({"quick"}))


def open_now(given: Runs, at: Node, edge: Edge) -> bool:
    """Whether the edge's own limit allows it."""
    used = dict(zip(RULES, at[1], strict=True))
    rule = edge.label.rule
    return rule not in used or (used[rule] >= given.limits[rule]) == edge.label.overflow


def nexts(given: Runs, at: Node) -> Iterator[tuple[Edge, Node]]:
    """Every edge that can be taken, and where it leads: the first automatic move that can happen does, and no other."""
    edges = [edge for edge in given.edges[at[0]] if open_now(given, at, edge)]
    first = next((edge.label.rule for edge in edges if edge.label.kind == "move"), None)
    for edge in edges:
        if first in (None, edge.label.rule) or edge.label.group == "quick":
            used = dict(zip(RULES, at[1], strict=True))
            if edge.label.rule in used:
                used[edge.label.rule] = min(given.limits[edge.label.rule], used[edge.label.rule] + 1)
            yield edge, (edge.target, tuple(used.values()))


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

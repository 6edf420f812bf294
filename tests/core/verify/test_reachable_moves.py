"""Which steps and moves are possible within the limits, against keeping every counter of random procedures."""

from __future__ import annotations

from collections import deque

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from fujin_cli.core.explore.explorer import explore_all
from fujin_cli.core.explore.feasible_paths import limits_of
from fujin_cli.core.explore.graph import find_components
from fujin_cli.core.explore.ladder_order import map_limited_predecessors
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.explore.state import Edge, Label
from fujin_cli.core.verify.deadlocks import find_dead_ends
from fujin_cli.core.verify.reachable_moves import find_reachable_overflows, find_reachable_rules, find_reachable_steps
from fujin_cli.core.verify.unbounded_cycles import find_loops
from tests.support.generators.random_procedures import procedure_pairs
from tests.support.small_town import procedure, town

MOST = 8_000
Node = tuple[int, tuple[int, ...]]


def everything(found: Exploration) -> dict[Node, list[tuple[Label, bool, Node]]]:
    """Every case with every counter, and what can happen to it: the edge, whether a child is opened again, the case."""
    limits = limits_of(found)
    place_of = {rule: place for place, rule in enumerate(limits)}
    most = tuple(limits.values())
    instant = {group.name for group in found.model.shape.groups if group.instant}
    earlier = {
        rule: rungs for s in found.model.version.steps.values() for rule, rungs in map_limited_predecessors(s).items()
    }
    known: dict[Node, list[tuple[Label, bool, Node]]] = {}
    todo = deque((edge.target, (0,) * len(most)) for edge in found.begins)
    while todo:
        at = todo.popleft()
        if at in known:
            continue
        known[at] = []
        assume(len(known) < MOST)
        open_now = [
            edge
            for edge in found.edges[at[0]]
            if edge.label.rule not in limits
            or (at[1][place_of[edge.label.rule]] >= limits[edge.label.rule]) == edge.label.overflow
        ]
        first = next((edge.label.rule for edge in open_now if edge.label.kind == "move"), None)
        rules = {edge.label.rule for edge in open_now}
        for edge in open_now:
            if earlier.get(edge.label.rule, frozenset()) & rules:
                continue
            early = edge.label.kind == "other-ended" or edge.label.group in instant
            if first not in (None, edge.label.rule) and not early:
                continue
            place, used = place_of.get(edge.label.rule), at[1]
            if place is not None:
                used = (*used[:place], min(most[place], used[place] + 1), *used[place + 1 :])
            again = edge.label.kind == "child" and edge.label.limited
            known[at].append((edge.label, again, (edge.target, used)))
            todo.append((edge.target, used))
    return known


def dead(found: Exploration, known: dict[Node, list[tuple[Label, bool, Node]]]) -> set[Node]:
    """The cases that no longer can end, if no child is opened again."""
    into: dict[Node, list[Node]] = {}
    for at, nexts in known.items():
        for _, again, node in nexts:
            if not again:
                into.setdefault(node, []).append(at)
    ending = {at for at in known if found.is_ended(at[0])}
    todo = list(ending)
    while todo:
        for source in into.get(todo.pop(), ()):
            if source not in ending:
                ending.add(source)
                todo.append(source)
    return known.keys() - ending


def stays(start: Node, known: dict[Node, list[tuple[Label, bool, Node]]]) -> bool:
    """Whether the case stays as it is whatever happens, however often."""
    seen, todo = {start}, [start]
    while todo:
        for _, again, node in known[todo.pop()]:
            if not again and node not in seen:
                seen.add(node)
                todo.append(node)
    return all(node[0] == start[0] for node in seen)


def goes_round(known: dict[Node, list[tuple[Label, bool, Node]]]) -> bool:
    """Whether a case can come back to a step, limits and all, without a child that is opened again."""
    place_of = {at: place for place, at in enumerate(known)}
    ways = [
        [Edge(place_of[at], place_of[node], label, (), 0) for label, again, node in nexts if not again]
        for at, nexts in known.items()
    ]
    component = find_components(ways)
    return any(e.label.to and component[e.source] == component[e.target] for edges in ways for e in edges)


@pytest.mark.no_cover
@pytest.mark.slow
@given(st.data())
@settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
def test_possible_is_what_keeping_every_counter_finds(data: st.DataObject) -> None:
    proved = explore_all(town(*data.draw(procedure_pairs())).procedures)
    for listed in proved.explorations.values():
        found = listed[0]
        known = everything(found)
        assert find_reachable_steps(found) == {found.step_of(number) for number, _ in known}
        assert find_reachable_rules(found) - {""} == {
            label.rule for nexts in known.values() for label, _, _ in nexts
        } - {""}
        over = {label.rule for nexts in known.values() for label, _, _ in nexts if label.overflow}
        assert find_reachable_overflows(found) == over
        ends = find_dead_ends(found)
        assert ends is not None
        assert bool(ends) == bool(dead(found, known))
        stuck = {found.step_of(at[0]) for at in dead(found, known) if stays(at, known)}
        found_loops = find_loops(found)
        assert found_loops is not None
        assert any(found_loops) == goes_round(known)
        assert {step for end in ends if not end.circle for step in end.steps} == stuck


NEVER_BACK = """
steps:
  one:
    owner: clerk
    within: 1 hour
    actions:
      once: {to: two, by: clerk, limit: 2, then: three}
  two:
    owner: clerk
    within: 1 hour
    actions:
      out: {to: done, by: clerk}
  three:
    owner: clerk
    within: 1 hour
    actions:
      out: {to: done, by: clerk}
      back: {to: one, by: clerk}
  done: {end: done}
"""


def test_what_follows_a_limit_that_is_never_used_up_is_not_possible() -> None:
    (found,) = explore_all(town(procedure(NEVER_BACK)).procedures).explorations["loop"]
    assert "three" in {found.step_of(number) for number in range(len(found.states))}
    assert find_reachable_steps(found) == {"one", "two", "done"}
    assert find_reachable_rules(found) - {""} == {"one.once", "two.out"}


FURTHER_ON = """
fields:
  a: {type: choice, of: [x, y], optional: yes}
steps:
  one:
    owner: clerk
    within: 1 hour
    actions:
      once: {to: one, by: clerk, when: {a: missing, times: {once: {under: 1}}}, limit: 2, then: round}
      twice: {to: one, by: clerk, when: {a: x}, limit: 2, then: round}
      out: {to: done, by: clerk}
  round:
    owner: clerk
    within: 1 hour
    actions:
      turn: {to: round, by: clerk}
      out: {to: done, by: clerk, when: {a: x}}
      give-up: {to: done, by: clerk, when: {a: missing}}
  done: {end: done}
"""


def test_a_circle_is_found_where_only_the_later_of_its_cases_is_within_the_limits() -> None:
    """Without ``a`` a case never comes to ``round``, and it is that case which is looked at first."""
    (found,) = explore_all(town(procedure(FURTHER_ON)).procedures).explorations["loop"]
    circles = find_loops(found)
    assert circles is not None
    assert ("round",) in {loop.steps for loop in circles[1]}

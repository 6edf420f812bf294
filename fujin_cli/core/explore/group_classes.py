"""Merge the states of a group of child cases that no later guard and no later event tells apart.

A group counts how its cases ended. Where guards only ask whether all were verified, a group in which one was refused
stays such a group however the others end. The classes are the coarsest bisimulation of the group alone: partitions of
its counts are refined until all counts of a class answer the tests alike, and lead to the same classes by the same
event (Kanellakis and Smolka 1990). They depend on the tests that can still be asked from a step on.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence

from fujin_cli.core.cases.conditions import single_test_holds
from fujin_cli.core.explore.child_groups import LEAVING, OPEN, REPLACED_OPEN, Counts, Group
from fujin_cli.core.explore.domains import tests_of
from fujin_cli.core.explore.live_variables import BY_MOVES, Flow
from fujin_cli.core.explore.state import AbstractFacts, Abstraction, State
from fujin_cli.core.model.procedure import Atom, Condition, Test

MOST_COUNTS = 3000  # of one group; larger ones are not merged
Tests = frozenset[Test]
Move = tuple[Hashable, Counts]  # an event, and the counts after it


def find_group_tests(
    steps: Sequence[str], flows: Mapping[str, Sequence[Flow]], watched: Sequence[Atom]
) -> dict[str, Tests]:
    """Find for each step the tests of groups that can be asked from there on."""
    always = frozenset(test for atom in watched if atom.kind not in BY_MOVES for test in _group_tests_of(atom.where))
    asked = dict.fromkeys(steps, always)
    changed = True
    while changed:
        changed = False
        for name, leaving in flows.items():
            new = asked[name]
            for flow in leaving:
                new = new.union(asked[flow.to], *(_group_tests_of(asks) for asks in (flow.guard, *flow.wheres)))
            changed = changed or new != asked[name]
            asked[name] = new
    return asked


def _group_tests_of(condition: Condition | None) -> Iterator[Test]:
    return (test for test in tests_of(condition) if test.kind in ("group", "case"))


class GroupClasses:
    """Merge the counts of the groups of one procedure; ``tests`` are those that can be asked from each step on."""

    def __init__(self, shape: Abstraction, tests: Mapping[str, Tests]) -> None:
        self.shape = shape
        self._tests = tests
        self._classes: dict[tuple[int, Tests], Mapping[Counts, Counts]] = {}
        self._moves: dict[int, dict[Counts, list[Move]] | None] = {}
        self._by_step: dict[int, list[Mapping[Counts, Counts]]] = {}

    def represent(self, step: int, groups: tuple[Counts, ...]) -> tuple[Counts, ...]:
        """Give for each group the counts that stand at this step for all of its class."""
        classes = self._by_step.get(step) or self._list_classes_at(step)
        return tuple([own.get(counts, counts) for own, counts in zip(classes, groups, strict=True)])

    def _list_classes_at(self, step: int) -> list[Mapping[Counts, Counts]]:
        asked = self._tests[self.shape.steps[step]]
        classes = self._by_step[step] = []
        for place, group in enumerate(self.shape.groups):
            own = frozenset(test for test in asked if test.name == group.name)
            if (place, own) not in self._classes:
                self._classes[place, own] = self._build_classes(place, own)
            classes.append(self._classes[place, own])
        return classes

    def _build_classes(self, place: int, tests: Tests) -> Mapping[Counts, Counts]:
        """Map all counts of a group to the first ones of their class; nothing where there are too many counts."""
        group = self.shape.groups[place]
        if place not in self._moves:
            self._moves[place] = _list_all_moves(group)
        moves = self._moves[place]
        if moves is None:
            return {}
        classes = _number(moves, {counts: self._answers(place, counts, tests) for counts in moves})
        while True:
            signatures = {counts: (classes[counts], _moves_between(own, classes)) for counts, own in moves.items()}
            refined = _number(moves, signatures)
            if len(set(refined.values())) == len(set(classes.values())):
                break
            classes = refined
        first: dict[int, Counts] = {}
        return {counts: first.setdefault(classes[counts], counts) for counts in moves}

    def _answers(self, place: int, counts: Counts, tests: Tests) -> Hashable:
        """Say what guards and the case itself can find out about these counts."""
        others = tuple(counts if own == place else group.empty_counts for own, group in enumerate(self.shape.groups))
        facts = AbstractFacts(self.shape, {}, State(0, 0, False, (), others, (), 0))
        answers = frozenset(test for test in tests if single_test_holds(test, facts))
        return answers, bool(counts[OPEN] or counts[REPLACED_OPEN]), bool(counts[LEAVING])


def _list_all_moves(group: Group) -> dict[Counts, list[Move]] | None:
    """List what can happen to each of the group's counts; None where there are too many of them."""
    moves: dict[Counts, list[Move]] = {}
    todo: list[Counts] = [group.empty_counts]
    while todo:
        counts = todo.pop()
        if counts in moves:
            continue
        moves[counts] = list(_list_moves(group, counts))
        todo += [after for _, after in moves[counts]]
        if len(moves) > MOST_COUNTS:
            return None
    return moves


def _list_moves(group: Group, counts: Counts) -> Iterator[Move]:
    for way, opens in group.list_distinct_openings().items():
        for number in range(group.cap + 1):
            yield (way, number), group.count_after_opening(counts, opens, number)
    for outcome in group.class_of:
        for after, answered in group.list_counts_after_ending(counts, outcome):
            yield (group.class_of[outcome], "ends", answered), after
    for after in group.list_counts_after_reopening(counts):
        yield "is reopened", after
    yield "is forgotten", group.forget_ended_cases(counts)


def _moves_between(moves: Sequence[Move], classes: Mapping[Counts, int]) -> Hashable:
    return frozenset((event, classes[after]) for event, after in moves)


def _number(order: Mapping[Counts, object], signatures: Mapping[Counts, Hashable]) -> dict[Counts, int]:
    """Number the classes of counts with the same signature."""
    numbers: dict[Hashable, int] = {}
    return {counts: numbers.setdefault(signatures[counts], len(numbers)) for counts in order}

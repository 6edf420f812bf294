"""Read the same words in two versions side by side: pairs of sets of abstract cases, one of each version."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, NamedTuple

from fujin_cli.core.explore import graph
from fujin_cli.core.explore.child_groups import Group
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.versions.actor_changes import ActorChanges
from fujin_cli.core.versions.renames import Renames, find_renames
from fujin_cli.core.versions.trace_automaton import NOWHERE, Element, Symbol, TraceAutomaton
from fujin_cli.core.versions.trace_limits import has_same_limit, limits_of, share_limits

Procedures = Mapping[str, Procedure]
ExploredVersion = tuple[Exploration, Procedures]
Pair = tuple[frozenset[Element], frozenset[Element]]
BEGINNING = -1  # the number of the pair before the opening


class PairSuccessors(NamedTuple):
    """Hold what follows a pair: symbols of the old version with the pair they lead to, and how the versions differ."""

    followers: list[tuple[Symbol, int]]
    forbidden: list[Symbol]  # only the old version reads them
    allowed: list[Symbol]  # only the new version reads them
    actors: list[
        tuple[Symbol, tuple[str, ...], tuple[str, ...]]
    ]  # those who may do it no longer, and those who may now


class RestingSteps(NamedTuple):
    """Hold where the cases of a pair may rest: the steps of the old version, and what becomes of cases there."""

    steps: Mapping[str, None]
    targets: Mapping[str, None]
    has_dead_end: bool  # from a target no end can be reached


class TracePairs:
    """Number the pairs that words lead to. ``counted`` are the moves of the old version, by rule, that elements count.

    How often the actions of ``shared`` were done is not part of a pair: words say it, and whoever searches counts.
    """

    def __init__(self, old_side: ExploredVersion, new_side: ExploredVersion, counted: frozenset[str]) -> None:
        (old, old_procedures), (new, new_procedures) = old_side, new_side
        self.renames = find_renames(old.model.version, new.model.version, new_procedures)
        self.limits = before, after = limits_of(old), limits_of(new)
        self.shared = share_limits(before, after, self.renames)
        alike, shared = find_same_groups(old, new), self.shared.values()
        old_zones = {limit.old_rule: limit.list_used_up(limit.old) for limit in shared}
        new_zones = {limit.new_rule: limit.list_used_up(limit.new) for limit in shared}
        tagged = {self.renames.new_rule(rule) for rule in before if rule not in counted}
        self.old = TraceAutomaton(old, old_procedures, self.renames, counted, old_zones, alike)
        self.new = TraceAutomaton(new, new_procedures, Renames(), set(after) - tagged, new_zones, alike)
        if old.edges is new.edges and before == after and self.renames.is_identity:
            self.new = self.old  # both read the same words
        self._pairs: list[Pair] = []
        self._numbers: dict[Pair, int] = {}
        self._successors: dict[int, PairSuccessors] = {}
        self._resting: dict[int, RestingSteps] = {}
        self._actors = ActorChanges(old.model.version, new.model.version, self.renames)

    def list_uncounted_differences(self) -> set[str]:
        """List the moves of the old version whose limits differ and which words cannot count."""
        before, after = self.limits
        shared = {limit.old_rule for limit in self.shared.values()}
        return {rule for rule in before if rule not in shared and not has_same_limit(rule, before, after, self.renames)}

    def list_successors(self, number: int) -> PairSuccessors:
        """List what follows a pair, or BEGINNING."""
        if number not in self._successors:
            self._successors[number] = self._compute_successors(number)
        return self._successors[number]

    def _compute_successors(self, number: int) -> PairSuccessors:
        if number == BEGINNING:
            before, after = self.old.list_first_successors(), self.new.list_first_successors()
        else:
            old, new = self._pairs[number]
            before = self.old.list_successors(old)
            after = before if self.new is self.old and new == old else self.new.list_successors(new)
        followers = [
            (symbol, self._number_pair((successors.elements, after.get(symbol, NOWHERE).elements)))
            for symbol, successors in before.items()
            if symbol[0] != "ended"
        ]
        if number != BEGINNING and not self.is_allowed(number):
            return PairSuccessors(followers, [], [], [])
        actors = [
            (symbol, self._actors.find_lost_actors(old, new), self._actors.find_gained_actors(old, new))
            for symbol, (_, old) in before.items()
            if symbol[0] in ("action", "opened") and symbol in after
            for new in (after[symbol].actors,)
        ]
        return PairSuccessors(
            followers,
            [symbol for symbol in before if symbol not in after],
            [symbol for symbol in after if symbol not in before],
            [change for change in actors if change[1] or change[2]],
        )

    def _number_pair(self, pair: Pair) -> int:
        number = self._numbers.setdefault(pair, len(self._pairs))
        if number == len(self._pairs):
            self._pairs.append(pair)
        return number

    def is_allowed(self, number: int) -> bool:
        """Whether the new version reads the words that lead to a pair."""
        return bool(self._pairs[number][1])

    def find_resting_steps(self, number: int) -> RestingSteps:
        """Find where the cases of a pair may rest."""
        if number not in self._resting:
            old, new = self._pairs[number]
            dead = [element for element in new if element[0] not in self._completable]
            self._resting[number] = RestingSteps(
                self.old.list_resting_steps(old),
                self.new.list_resting_steps(new),
                bool(dead and self.new.list_resting_steps(frozenset(dead))),
            )
        return self._resting[number]

    def list_steps_ahead(self, number: int) -> set[str]:
        """List the steps where cases of the old version can come to rest from a pair on."""
        return {step for element in self._pairs[number][0] for step in self._steps_ahead[element[0]]}

    @cached_property
    def _steps_ahead(self) -> list[set[str]]:
        """The steps where cases of the old version can come to rest, for each of its states."""
        exploration = self.old.exploration
        resting: dict[str, list[int]] = {}
        for number in range(len(exploration.states)):
            for step in self.old.list_resting_steps(frozenset({(number, ())})):
                resting.setdefault(step, []).append(number)
        ahead: list[set[str]] = [set() for _ in exploration.states]
        predecessors = graph.list_predecessors(exploration.edges)
        for step, numbers in resting.items():
            for number in graph.find_ancestors_by(predecessors.__getitem__, numbers):
                ahead[number].add(step)
        return ahead

    @cached_property
    def _completable(self) -> set[int]:
        """The states of the new version from which an end can be reached."""
        exploration = self.new.exploration
        ends = (number for number in range(len(exploration.states)) if exploration.is_ended(number))
        return graph.find_ancestors(exploration.edges, ends)


def find_same_groups(old: Exploration, new: Exploration) -> frozenset[str]:
    """List the child groups whose counts both versions keep in the same way."""
    remembered = {group.name: _group_signature(group) for group in old.model.shape.groups}
    return frozenset(g.name for g in new.model.shape.groups if remembered.get(g.name) == _group_signature(g))


def _group_signature(group: Group) -> tuple[Any, ...]:
    instead = tuple((opens.one_each, opens.instead_of, opens.leaves) for opens in group.opens)
    return group.outcomes, dict(group.class_of), group.reopens, group.cap, group.plain, instead

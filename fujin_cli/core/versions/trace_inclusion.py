"""Search for words that only one of two versions reads: breadth first over pairs of sets of abstract cases.

The first word that differs is a shortest one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from fujin_cli.core.explore import graph
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.explore.state import Edge
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.versions.actor_changes import ActorChanges
from fujin_cli.core.versions.renames import Renames, find_renames
from fujin_cli.core.versions.trace_automaton import (
    Element,
    Limit,
    Predecessors,
    Symbol,
    TraceAutomaton,
    find_exceeded_limits,
    find_same_groups,
    limits_of,
)

MOST_PAIRS = 20_000
Procedures = Mapping[str, Procedure]


@dataclass(slots=True)
class ReachedSteps:
    """Collect where the new version is after the histories that lead to one old step."""

    targets: dict[str, None] = field(default_factory=dict)
    refused: tuple[Edge, ...] | None = None
    allowed: bool = False
    dead_end: bool = False

    def merge(self, more: ReachedSteps) -> None:
        """Add what other settings lead to."""
        self.targets |= more.targets
        self.refused = self.refused if self.refused is not None else more.refused
        self.allowed = self.allowed or more.allowed
        self.dead_end = self.dead_end or more.dead_end


ExploredVersion = tuple[Exploration, Procedures]
Following = Mapping[Symbol, Predecessors]
Pair = tuple[frozenset[Element], frozenset[Element]]


def compare_traces(old: ExploredVersion, new: ExploredVersion) -> TraceInclusion:
    """Compare two versions side by side, with runs that respect every limit.

    This is counterexample-guided refinement (CEGAR): at first only those moves are counted whose limits differ. When a
    run makes a move more often than its limit allows, that move is counted too, and the search starts again. Every
    search covers all real runs, so where a search becomes too large, the steps that were safe in the one before are
    safe.
    """
    renames = find_renames(old[0].model.version, new[0].model.version, new[1])
    before, after = limits_of(old[0]), limits_of(new[0])
    counted = {rule for rule in before if not _has_same_limit(rule, before, after, renames)}
    earlier: TraceInclusion | None = None
    while True:
        product = TraceInclusion(old, new, frozenset(counted))
        product.search()
        if not product.is_complete:
            product.reached = earlier.reached if earlier is not None else {}
            product.covered = earlier is not None
            return product
        more = product.collect_exceeded_limits() - counted
        if not more:
            return product
        counted |= more
        earlier = product


class TraceInclusion:
    """Search over pairs. ``counted`` are the moves of the old version, by rule, that the elements count."""

    def __init__(self, old_side: ExploredVersion, new_side: ExploredVersion, counted: frozenset[str]) -> None:
        (old, old_procedures), (new, new_procedures) = old_side, new_side
        self.renames = find_renames(old.model.version, new.model.version, new_procedures)
        before, after = limits_of(old), limits_of(new)
        alike = find_same_groups(old, new)
        tagged = {self.renames.new_rule(rule) for rule in before if rule not in counted}
        self.old = TraceAutomaton(old, old_procedures, self.renames, counted, alike)
        self.new = TraceAutomaton(new, new_procedures, Renames(), set(after) - tagged, alike)
        self.limits = before, after
        self.reached: dict[str, ReachedSteps] = {}
        self.completable = _find_completable_states(new)
        self.words: dict[Pair, tuple[Pair | None, Symbol | None]] = {}
        self.allowed: list[Edge] | None = None
        self.forbidden: list[Edge] | None = None
        self.allowed_end: str | None = None
        self.forbidden_end: str | None = None
        self.actors = ActorChanges(old.model.version, new.model.version, self.renames)
        self.fewer: list[Edge] | None = None
        self.more: list[Edge] | None = None
        self.is_complete = True
        self.covered = True  # ``reached`` covers every real history

    def search(self) -> None:
        """Search all pairs, or stop when there are too many."""
        todo: deque[Pair] = deque()
        self._add_successor_pairs(None, self.old.list_first_symbols(), self.new.list_first_symbols(), todo)
        while todo:
            pair = todo.popleft()
            if len(self.words) > MOST_PAIRS:
                self.is_complete = False
                return
            self._add_successor_pairs(
                pair, self.old.list_next_symbols(pair[0]), self.new.list_next_symbols(pair[1]), todo
            )

    def collect_exceeded_limits(self) -> set[str]:
        """Find the moves, by rules of the old version, that the runs make more often than their limits allow."""
        before, after = self.limits
        refused = [list(histories.refused) for histories in self.reached.values() if histories.refused]
        exceeded = {
            rule for run in (self.forbidden, self.fewer, *refused) for rule in find_exceeded_limits(run or (), before)
        }
        old_rules = {self.renames.new_rule(rule): rule for rule in before}
        new = {rule for run in (self.allowed, self.more) for rule in find_exceeded_limits(run or (), after)}
        return exceeded | {old_rules[rule] for rule in new if rule in old_rules}

    def _add_successor_pairs(
        self,
        pair: Pair | None,
        before: Mapping[Symbol, Predecessors],
        after: Mapping[Symbol, Predecessors],
        todo: deque[Pair],
    ) -> None:
        if pair is None or pair[1]:
            self._record_differing_runs(pair, before, after)
        for symbol, predecessors in before.items():
            if symbol[0] == "ended":
                continue
            target = frozenset(predecessors), frozenset(after.get(symbol, {}))
            if target in self.words:
                continue
            self.words[target] = pair, symbol
            self._record_reached_steps(target)
            todo.append(target)

    def _record_differing_runs(self, pair: Pair | None, before: Following, after: Following) -> None:
        if self.forbidden is None:
            symbol = next((symbol for symbol in before if symbol not in after), None)
            if symbol is not None:
                self.forbidden = self.old.build_run([*self._rebuild_word(pair), symbol])
                self.forbidden_end = symbol[1] if symbol[0] == "ended" else None
        if self.allowed is None:
            symbol = next((symbol for symbol in after if symbol not in before), None)
            if symbol is not None:
                self.allowed = self.new.build_run([*self._rebuild_word(pair), symbol])
                self.allowed_end = symbol[1] if symbol[0] == "ended" else None

        if self.fewer is None or self.more is None:
            for symbol in (symbol for symbol in before if symbol in after):
                self._compare_actors(pair, symbol, before[symbol], after[symbol])

    def _compare_actors(self, pair: Pair | None, symbol: Symbol, before: Predecessors, after: Predecessors) -> None:
        """Compare who may do what both versions allow, and keep the first run with a difference."""
        if symbol[0] not in ("action", "opened"):
            return
        old, new = _actors_of(before, self.old), _actors_of(after, self.new)
        fewer, more = self.actors.find_lost_actors(old, new), self.actors.find_gained_actors(old, new)
        if fewer and self.fewer is None:
            self.fewer = _restrict_last_actors(self.old.build_run([*self._rebuild_word(pair), symbol]), fewer)
        if more and self.more is None:
            self.more = _restrict_last_actors(self.new.build_run([*self._rebuild_word(pair), symbol]), more)

    def _rebuild_word(self, pair: Pair | None) -> list[Symbol]:
        word: list[Symbol] = []
        while pair is not None:
            pair, symbol = self.words[pair]
            if symbol is not None:
                word.append(symbol)
        return word[::-1]

    def _record_reached_steps(self, pair: Pair) -> None:
        """Note what this history means for cases at the old steps where it can lead."""
        old, new = self.old, self.new
        resting_steps = {
            old.exploration.step_of(e[0]) for e in pair[0] if not old.exploration.is_ended(e[0]) and old.is_at_rest(e)
        }
        resting = [e for e in pair[1] if new.is_at_rest(e) and not new.exploration.is_ended(e[0])]
        for step in resting_steps:
            histories = self.reached.setdefault(step, ReachedSteps())
            if not resting:
                if histories.refused is None:
                    histories.refused = tuple(old.build_run(self._rebuild_word(pair)))
                continue
            histories.allowed = True
            histories.targets |= dict.fromkeys(new.exploration.step_of(element[0]) for element in resting)
            histories.dead_end = histories.dead_end or any(element[0] not in self.completable for element in resting)


def _actors_of(predecessors: Predecessors, machine: TraceAutomaton) -> tuple[str, ...]:
    """List everybody who may do what the last symbol says."""
    version = machine.exploration.model.version
    names = (
        version.opened_by if edge.label.kind == "opened" else edge.label.by
        for _, edge, read in predecessors.values()
        if read
    )
    return tuple(dict.fromkeys(name for listed in names for name in listed))


def _restrict_last_actors(run: list[Edge], names: tuple[str, ...]) -> list[Edge]:
    """Give the run with its last event done by these actors alone."""
    last = run[-1]
    return [*run[:-1], last._replace(label=replace(last.label, by=names))]


def _has_same_limit(rule: str, old: Mapping[str, Limit], new: Mapping[str, Limit], renames: Renames) -> bool:
    """Whether both versions have the same limit for a move that is part of words; then words say if it is used up."""
    return new.get(renames.new_rule(rule)) == old[rule] and not old[rule].silent


def _find_completable_states(exploration: Exploration) -> set[int]:
    """Find the states from which an end can be reached."""
    return graph.find_ancestors(
        exploration.edges, (number for number in range(len(exploration.states)) if exploration.is_ended(number))
    )

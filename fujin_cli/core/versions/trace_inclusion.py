"""Search for words that only one of two versions reads: breadth first over pairs of sets of abstract cases.

The first word that differs is a shortest one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from fujin_cli.core.explore.state import Edge
from fujin_cli.core.versions.trace_automaton import Symbol
from fujin_cli.core.versions.trace_limits import find_exceeded_limits
from fujin_cli.core.versions.trace_pairs import BEGINNING, ExploredVersion, TracePairs

MOST_PAIRS = 20_000


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


Node = tuple[int, tuple[int, ...]]  # the number of a pair, and how often each tracked action was done


def compare_traces(old: ExploredVersion, new: ExploredVersion) -> TraceInclusion:
    """Compare two versions side by side, with runs that respect every limit.

    This is counterexample-guided refinement (CEGAR): at first only those moves are counted whose limits differ. When a
    run makes a move more often than its limit allows, that move is counted too, and the search starts again. Every
    search covers all real runs, so where a search becomes too large, the steps that were safe in the one before are
    safe.
    """
    pairs = TracePairs(old, new, frozenset())
    counted = pairs.list_uncounted_differences()
    pairs = TracePairs(old, new, frozenset(counted)) if counted else pairs
    tracked = {name for name, limit in pairs.shared.items() if limit.old != limit.new}
    names = {limit.old_rule: name for name, limit in pairs.shared.items()}
    earlier: TraceInclusion | None = None
    while True:
        inclusion = TraceInclusion(pairs, tracked)
        inclusion.search()
        if not inclusion.is_complete:
            inclusion.reached = earlier.reached if earlier is not None else {}
            inclusion.covered = earlier is not None
            return inclusion
        exceeded = inclusion.collect_exceeded_limits()
        if all(rule in counted or names.get(rule) in tracked for rule in exceeded):
            return inclusion
        tracked = tracked | {names[rule] for rule in exceeded if rule in names}
        if not exceeded <= counted | names.keys():
            counted |= exceeded - names.keys()
            pairs = TracePairs(old, new, frozenset(counted))
        earlier = inclusion


class TraceInclusion:
    """Search over pairs, and count how often the actions of ``tracked`` were done, by name."""

    def __init__(self, pairs: TracePairs, tracked: Iterable[str]) -> None:
        self.pairs = pairs
        self.old, self.new = pairs.old, pairs.new
        self._tracked = {name: (place, pairs.shared[name].thresholds) for place, name in enumerate(sorted(tracked))}
        self.reached: dict[str, ReachedSteps] = {}
        self._refused: set[str] = set()  # the steps with a refused history
        self._reached_pairs: set[int] = set()
        self.words: dict[Node, tuple[Node, Symbol]] = {}
        self.allowed: list[Edge] | None = None
        self.forbidden: list[Edge] | None = None
        self.allowed_end: str | None = None
        self.forbidden_end: str | None = None
        self.fewer: list[Edge] | None = None
        self.more: list[Edge] | None = None
        self.is_complete = True
        self.covered = True  # ``reached`` covers every real history

    def search(self) -> None:
        """Search all pairs, or stop when there are too many."""
        todo: deque[Node] = deque([(BEGINNING, (0,) * len(self._tracked))])
        while todo:
            if len(self.words) > MOST_PAIRS:
                self.is_complete = False
                return
            node = todo.popleft()
            self._record_differing_runs(node)
            for symbol, target in self.pairs.list_successors(node[0]).followers:
                counts = self._count(symbol, node[1])
                if counts is None:
                    continue
                following = target, counts
                if following not in self.words and self._add_node(node, symbol, following):
                    todo.append(following)

    def _count(self, symbol: Symbol, counts: tuple[int, ...]) -> tuple[int, ...] | None:
        """Count the action that a symbol stands for; None where the symbol says another zone than the count."""
        if symbol[0] != "action" or symbol[1] not in self._tracked or symbol[3] is None:
            return counts
        place, thresholds = self._tracked[symbol[1]]
        count = counts[place]
        if bisect_right(thresholds, count) != symbol[3]:
            return None
        return (*counts[:place], count + 1, *counts[place + 1 :]) if count < thresholds[-1] else counts

    def _add_node(self, before: Node, symbol: Symbol, node: Node) -> bool:
        """Add a node, unless it is refused and a refused history of each step ahead is recorded already."""
        number = node[0]
        if not (self.pairs.is_allowed(number) or self.pairs.list_steps_ahead(number) - self._refused):
            return False
        self.words[node] = before, symbol
        if number not in self._reached_pairs:  # the same pair with other counts says nothing more
            self._reached_pairs.add(number)
            self._record_reached_steps(node)
        return True

    def collect_exceeded_limits(self) -> set[str]:
        """Find the moves, by rules of the old version, that the runs make more often than their limits allow."""
        before, after = self.pairs.limits
        refused = [list(histories.refused) for histories in self.reached.values() if histories.refused]
        exceeded = {
            rule for run in (self.forbidden, self.fewer, *refused) for rule in find_exceeded_limits(run or (), before)
        }
        old_rules = {self.pairs.renames.new_rule(rule): rule for rule in before}
        new = {rule for run in (self.allowed, self.more) for rule in find_exceeded_limits(run or (), after)}
        return exceeded | {old_rules[rule] for rule in new if rule in old_rules}

    def _record_differing_runs(self, node: Node) -> None:
        differing = self.pairs.list_successors(node[0])
        if self.forbidden is None and differing.forbidden:
            symbol = self._choose_symbol(differing.forbidden, node)
            if symbol is not None:
                self.forbidden = self.old.build_run([*self._rebuild_word(node), symbol])
                self.forbidden_end = symbol[1] if symbol[0] == "ended" else None
        if self.allowed is None and differing.allowed:
            symbol = self._choose_symbol(differing.allowed, node)
            if symbol is not None:
                self.allowed = self.new.build_run([*self._rebuild_word(node), symbol])
                self.allowed_end = symbol[1] if symbol[0] == "ended" else None
        for symbol, fewer, more in differing.actors:
            if self._count(symbol, node[1]) is None:
                continue
            if fewer and self.fewer is None:
                self.fewer = _restrict_last_actors(self.old.build_run([*self._rebuild_word(node), symbol]), fewer)
            if more and self.more is None:
                self.more = _restrict_last_actors(self.new.build_run([*self._rebuild_word(node), symbol]), more)

    def _choose_symbol(self, symbols: Iterable[Symbol], node: Node) -> Symbol | None:
        """Choose the first symbol that can follow as often as actions were done."""
        return next((symbol for symbol in symbols if self._count(symbol, node[1]) is not None), None)

    def _rebuild_word(self, node: Node) -> list[Symbol]:
        word: list[Symbol] = []
        while node[0] != BEGINNING:
            node, symbol = self.words[node]
            word.append(symbol)
        return word[::-1]

    def _record_reached_steps(self, node: Node) -> None:
        """Note what this history means for cases at the old steps where it can lead."""
        resting = self.pairs.find_resting_steps(node[0])
        for step in resting.steps:
            histories = self.reached.setdefault(step, ReachedSteps())
            if resting.targets:
                histories.allowed = True
                histories.targets |= resting.targets
                histories.dead_end = histories.dead_end or resting.has_dead_end
            elif histories.refused is None:
                histories.refused = tuple(self.old.build_run(self._rebuild_word(node)))
                self._refused.add(step)


def _restrict_last_actors(run: list[Edge], names: tuple[str, ...]) -> list[Edge]:
    """Give the run with its last event done by these actors alone."""
    last = run[-1]
    return [*run[:-1], last._replace(label=replace(last.label, by=names))]

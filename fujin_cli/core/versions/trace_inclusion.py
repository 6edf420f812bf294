"""Two versions read the same words side by side: pairs of what each may have come to, breadth first.

What is found first is shortest.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from fujin_cli.core.explore import graph
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.explore.state import Edge
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.versions.actor_changes import Who
from fujin_cli.core.versions.renames import Renames, renames_between
from fujin_cli.core.versions.trace_automaton import (
    Element,
    Limit,
    Machine,
    Symbol,
    Way,
    limits_of,
    overstepped,
    same_groups,
)

MOST_PAIRS = 20_000
Laws = Mapping[str, Procedure]


@dataclass(slots=True)
class Reached:
    """Where the new law stands after the histories that lead to one old step."""

    targets: dict[str, None] = field(default_factory=dict)
    refused: tuple[Edge, ...] | None = None
    allowed: bool = False
    dead_end: bool = False

    def add(self, other: Reached) -> None:
        """Take in what other settings lead to."""
        self.targets |= other.targets
        self.refused = self.refused if self.refused is not None else other.refused
        self.allowed = self.allowed or other.allowed
        self.dead_end = self.dead_end or other.dead_end


Side = tuple[Exploration, Laws]
Pair = tuple[frozenset[Element], frozenset[Element]]


def compared(old: Side, new: Side) -> Product:
    """The two versions side by side, with runs that respect every limit.

    First only the moves are counted whose limit differs; whenever what was found makes a move more often than it may,
    that move is counted too and everything is looked for again. Whatever really happens is found at every turn, so
    where counting becomes too much, a step that was safe before is safe.
    """
    renames = renames_between(old[0].model.version, new[0].model.version)
    before, after = limits_of(old[0]), limits_of(new[0])
    counted = {rule for rule in before if not _same_limit(rule, before, after, renames)}
    earlier: Product | None = None
    while True:
        product = Product(old, new, frozenset(counted))
        product.search()
        if not product.whole:
            product.reached = earlier.reached if earlier is not None else {}
            product.covered = earlier is not None
            return product
        more = product.overstepped() - counted
        if not more:
            return product
        counted |= more
        earlier = product


class Product:
    """The search over pairs. ``counted`` are moves of the old version, by rule, whose number is remembered."""

    def __init__(self, old_side: Side, new_side: Side, counted: frozenset[str]) -> None:
        (old, old_laws), (new, new_laws) = old_side, new_side
        self.renames = renames_between(old.model.version, new.model.version)
        before, after = limits_of(old), limits_of(new)
        alike = same_groups(old, new)
        tagged = {self.renames.action(rule) for rule in before if rule not in counted}
        self.old = Machine(old, old_laws, self.renames, counted, alike)
        self.new = Machine(new, new_laws, Renames(), set(after) - tagged, alike)
        self.limits = before, after
        self.reached: dict[str, Reached] = {}
        self.completable = _completable(new)
        self.words: dict[Pair, tuple[Pair | None, Symbol | None]] = {}
        self.allowed: list[Edge] | None = None
        self.forbidden: list[Edge] | None = None
        self.allowed_end: str | None = None
        self.forbidden_end: str | None = None
        self.who = Who(old.model.version, new.model.version, self.renames)
        self.fewer: list[Edge] | None = None
        self.more: list[Edge] | None = None
        self.whole = True
        self.covered = True  # every real history is among those that ``reached`` is about

    def search(self) -> None:
        """Everything, or until there are too many pairs."""
        todo: deque[Pair] = deque()
        self._next(None, self.old.start(), self.new.start(), todo)
        while todo:
            pair = todo.popleft()
            if len(self.words) > MOST_PAIRS:
                self.whole = False
                return
            self._next(pair, self.old.after(pair[0]), self.new.after(pair[1]), todo)

    def overstepped(self) -> set[str]:
        """The moves, by rules of the old version, that what was found makes more often than their limits allow."""
        before, after = self.limits
        refused = [list(entry.refused) for entry in self.reached.values() if entry.refused]
        found = {rule for run in (self.forbidden, self.fewer, *refused) for rule in overstepped(run or (), before)}
        back = {self.renames.action(rule): rule for rule in before}
        new = {rule for run in (self.allowed, self.more) for rule in overstepped(run or (), after)}
        return found | {back[rule] for rule in new if rule in back}

    def _next(
        self, pair: Pair | None, before: Mapping[Symbol, Way], after: Mapping[Symbol, Way], todo: deque[Pair]
    ) -> None:
        if pair is None or pair[1]:
            self._differences(pair, before, after)
        for symbol, way in before.items():
            if symbol[0] == "ended":
                continue
            target = frozenset(way), frozenset(after.get(symbol, {}))
            if target in self.words:
                continue
            self.words[target] = pair, symbol
            self._note(target)
            todo.append(target)

    def _differences(self, pair: Pair | None, before: Mapping[Symbol, Way], after: Mapping[Symbol, Way]) -> None:
        if self.forbidden is None:
            symbol = next((symbol for symbol in before if symbol not in after), None)
            if symbol is not None:
                self.forbidden = self.old.run([*self._word(pair), symbol])
                self.forbidden_end = symbol[1] if symbol[0] == "ended" else None
        if self.allowed is None:
            symbol = next((symbol for symbol in after if symbol not in before), None)
            if symbol is not None:
                self.allowed = self.new.run([*self._word(pair), symbol])
                self.allowed_end = symbol[1] if symbol[0] == "ended" else None

        if self.fewer is None or self.more is None:
            for symbol in (symbol for symbol in before if symbol in after):
                self._people(pair, symbol, before[symbol], after[symbol])

    def _people(self, pair: Pair | None, symbol: Symbol, before: Way, after: Way) -> None:
        """Whether somebody may no longer do what both versions allow, or may now."""
        if symbol[0] not in ("action", "opened"):
            return
        old, new = _by(before, self.old), _by(after, self.new)
        fewer, more = self.who.fewer(old, new), self.who.more(old, new)
        if fewer and self.fewer is None:
            self.fewer = _done_by(self.old.run([*self._word(pair), symbol]), fewer)
        if more and self.more is None:
            self.more = _done_by(self.new.run([*self._word(pair), symbol]), more)

    def _word(self, pair: Pair | None) -> list[Symbol]:
        found: list[Symbol] = []
        while pair is not None:
            pair, symbol = self.words[pair]
            if symbol is not None:
                found.append(symbol)
        return found[::-1]

    def _note(self, pair: Pair) -> None:
        """What this history means for cases at the old steps where it can stand."""
        old, new = self.old, self.new
        here = {old.found.step(e[0]) for e in pair[0] if not old.found.ended(e[0]) and old.rests(e)}
        there = [e for e in pair[1] if new.rests(e) and not new.found.ended(e[0])]
        for step in here:
            entry = self.reached.setdefault(step, Reached())
            if not there:
                if entry.refused is None:
                    entry.refused = tuple(old.run(self._word(pair)))
                continue
            entry.allowed = True
            entry.targets |= dict.fromkeys(new.found.step(element[0]) for element in there)
            entry.dead_end = entry.dead_end or any(element[0] not in self.completable for element in there)


def _by(way: Way, machine: Machine) -> tuple[str, ...]:
    """Everybody who may do what was read."""
    version = machine.found.model.version
    names = (
        version.opened_by if edge.label.kind == "opened" else edge.label.by for _, edge, read in way.values() if read
    )
    return tuple(dict.fromkeys(name for listed in names for name in listed))


def _done_by(run: list[Edge], names: tuple[str, ...]) -> list[Edge]:
    """The run, its last event done by these alone."""
    last = run[-1]
    return [*run[:-1], last._replace(label=replace(last.label, by=names))]


def _same_limit(rule: str, old: Mapping[str, Limit], new: Mapping[str, Limit], renames: Renames) -> bool:
    """Whether a word may say that the limit is used up: both versions have it, and the move is part of the word."""
    return new.get(renames.action(rule)) == old[rule] and not old[rule].silent


def _completable(found: Exploration) -> set[int]:
    """The states from which an end can be reached."""
    return graph.leading_to(found.edges, (number for number in range(len(found.states)) if found.ended(number)))

"""What two versions of a procedure allow: the shortest run that only one allows, and what became of each step.

Breadth first over pairs of what each version may have come to by the same word: what is found first is shortest.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from fujin_cli.core.compare_questions import joint_questions
from fujin_cli.core.compare_runs import Element, Limit, Machine, Symbol, Way, limits_of, possible, same_groups
from fujin_cli.core.explore import Exploration
from fujin_cli.core.explore_prover import Proved, prove
from fujin_cli.core.explore_state import Edge
from fujin_cli.core.procedure import Procedure
from fujin_cli.core.proving import judge
from fujin_cli.core.renames import Renames, renames_between

MOST_PAIRS = 20_000
_BREAKING = ("violated", "doomed", "owed", "conflicting", "undecided")
Verdict = Literal["safe", "depends", "stuck", "incomplete"]
Laws = Mapping[str, Procedure]


@dataclass(frozen=True, slots=True)
class StepVerdict:
    """What becomes of cases at a step of the old law.

    ``safe``: the new law allows every history that leads there, and they all stand at ``targets[0]``. ``depends``: it
    allows some, or they stand at several steps. ``stuck``: it allows none. ``incomplete``: it allows them, and from
    there no end can be reached. ``run`` is a shortest history that the new law does not allow.
    """

    step: str
    verdict: Verdict
    targets: tuple[str, ...] = ()
    run: tuple[Edge, ...] = ()


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How the runs of one procedure differ. ``whole`` is False where not everything could be compared.

    ``forbidden`` is a shortest run that only the old law allows (edges of the old one), ``allowed`` one that only the
    new law allows; each ends with what the other law does not allow, or with an end that it does not have
    (``forbidden_end``, ``allowed_end``).
    """

    allowed: tuple[Edge, ...] | None = None
    forbidden: tuple[Edge, ...] | None = None
    allowed_end: str | None = None
    forbidden_end: str | None = None
    steps: tuple[StepVerdict, ...] = ()
    broken_old: frozenset[str] = frozenset()  # guarantees that are declared and not kept
    broken_new: frozenset[str] = frozenset()
    whole: bool = True


def compare_behaviour(old: Laws, new: Laws, names: Iterable[str]) -> dict[str, Behaviour | None]:
    """The behaviour of each procedure in ``names``, which both have; None for one that cannot be explored."""
    asked = list(names)
    needed_old, needed_new = _needed(old, asked), _needed(new, asked)
    before, after = joint_questions(old, new)
    proved = prove(needed_old, before), prove(needed_new, after)
    return {name: _compare(name, old, new, *proved) for name in asked}


def openers(laws: Laws, names: Iterable[str]) -> set[str]:
    """The procedures that open one of those, however far up: what a child may do decides what they may."""
    found = set(names)
    while True:
        more = {name for name, law in laws.items() if name not in found and _children(law) & found}
        if not more:
            return found
        found |= more


def _needed(laws: Laws, names: Iterable[str]) -> dict[str, Procedure]:
    """Those procedures and every one that they open."""
    found: dict[str, Procedure] = {}
    todo = list(names)
    while todo:
        name = todo.pop()
        if name in laws and name not in found:
            found[name] = laws[name]
            todo += _children(laws[name])
    return {name: law for name, law in laws.items() if name in found}


def _children(law: Procedure) -> set[str]:
    return {opens.procedure for listed in law.groups().values() for opens in listed}


def _compare(name: str, laws: Laws, new_laws: Laws, old: Proved, new: Proved) -> Behaviour | None:
    if name not in old.explorations or name not in new.explorations:
        return None
    found = Behaviour()
    reached: dict[str, _Reached] = {}
    for before, after in _pairs(old.explorations[name], new.explorations[name]):
        product = _Product((before, laws), (after, new_laws), exact=False)
        product.search()
        if not product.real():
            product = _Product((before, laws), (after, new_laws), exact=True, steps=product.reached)
            product.search()
        found = _joined(found, product)
        for step, entry in product.reached.items():
            reached.setdefault(step, _Reached()).add(entry)
    law = old.explorations[name][0].model.law
    steps = [reached[step].verdict(step) for step in law.steps if step in reached]
    broken = [_broken(side.explorations[name]) for side in (old, new)]
    return replace(found, steps=tuple(steps), broken_old=broken[0], broken_new=broken[1])


def _broken(explorations: Sequence[Exploration]) -> frozenset[str]:
    """The guarantees that some run breaks; one that nothing triggers is kept."""
    found = judge(explorations[0].model.law, explorations)
    return frozenset(verdict.guarantee.name for verdict in found if verdict.way in _BREAKING)


def _pairs(old: Sequence[Exploration], new: Sequence[Exploration]) -> Iterator[tuple[Exploration, Exploration]]:
    """The two under the usual settings, then under each extreme that both explored."""
    yield old[0], new[0]
    for after in new[1:]:
        own = _moved(after, new[0])
        yield from ((before, after) for before in old[1:] if _moved(before, old[0]) == own)


def _moved(found: Exploration, usual: Exploration) -> dict[str, str]:
    default = usual.model.shape.settings
    return {name: value for name, value in found.model.shape.settings.items() if default[name] != value}


def _joined(found: Behaviour, product: _Product) -> Behaviour:
    """What was found so far, and what this pair of settings adds: the shorter runs."""
    found = replace(found, whole=found.whole and product.whole)
    if product.allowed and (found.allowed is None or len(product.allowed) < len(found.allowed)):
        found = replace(found, allowed=tuple(product.allowed), allowed_end=product.allowed_end)
    if product.forbidden and (found.forbidden is None or len(product.forbidden) < len(found.forbidden)):
        found = replace(found, forbidden=tuple(product.forbidden), forbidden_end=product.forbidden_end)
    return found


@dataclass(slots=True)
class _Reached:
    """Where the new law stands after the histories that lead to one old step."""

    targets: dict[str, None] = field(default_factory=dict)
    refused: tuple[Edge, ...] | None = None
    allowed: bool = False
    dead_end: bool = False

    def add(self, other: _Reached) -> None:
        self.targets |= other.targets
        self.refused = self.refused if self.refused is not None else other.refused
        self.allowed = self.allowed or other.allowed
        self.dead_end = self.dead_end or other.dead_end

    def verdict(self, step: str) -> StepVerdict:
        targets = tuple(self.targets)
        if not self.allowed:
            return StepVerdict(step, "stuck", (), self.refused or ())
        if self.refused is not None or len(targets) > 1:
            return StepVerdict(step, "depends", targets, self.refused or ())
        return StepVerdict(step, "incomplete" if self.dead_end else "safe", targets)


Side = tuple[Exploration, Laws]
Pair = tuple[frozenset[Element], frozenset[Element]]


class _Product:
    """The search over pairs. ``exact`` counts every limited move; else only those whose limit differs."""

    def __init__(
        self, old_side: Side, new_side: Side, exact: bool, steps: dict[str, _Reached] | None = None
    ) -> None:  # fmt: skip
        (old, old_laws), (new, new_laws) = old_side, new_side
        renames = renames_between(old.model.law, new.model.law)
        before, after = limits_of(old), limits_of(new)
        same = set() if exact else {rule for rule in before if _same_limit(rule, before, after, renames)}
        alike = same_groups(old, new)
        counted = set(after) - {renames.action(rule) for rule in same}
        self.old = Machine(old, old_laws, renames, set(before) - same, alike)
        self.new = Machine(new, new_laws, Renames(), counted, alike)
        self.limits = before, after
        self.known_steps = steps
        self.reached: dict[str, _Reached] = {} if steps is None else steps
        self.completable = _completable(new)
        self.words: dict[Pair, tuple[Pair | None, Symbol | None]] = {}
        self.allowed: list[Edge] | None = None
        self.forbidden: list[Edge] | None = None
        self.allowed_end: str | None = None
        self.forbidden_end: str | None = None
        self.whole = True

    def search(self) -> None:
        """Everything, or until nothing more is to be found or there are too many pairs."""
        todo: deque[Pair] = deque()
        self._next(None, self.old.start(), self.new.start(), todo)
        while todo:
            if self.known_steps is not None and self.allowed is not None and self.forbidden is not None:
                return
            pair = todo.popleft()
            if len(self.words) > MOST_PAIRS:
                self.whole = False
                return
            self._next(pair, self.old.after(pair[0]), self.new.after(pair[1]), todo)

    def real(self) -> bool:
        """Whether the runs that were found respect every limit; others have to be looked for again, counting all."""
        before, after = self.limits
        return possible(self.forbidden or [], before) and possible(self.allowed or [], after)

    def _next(
        self, pair: Pair | None, before: Mapping[Symbol, Way], after: Mapping[Symbol, Way], todo: deque[Pair]
    ) -> None:  # fmt: skip
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
            if target[1] or self.known_steps is None:
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

    def _word(self, pair: Pair | None) -> list[Symbol]:
        found: list[Symbol] = []
        while pair is not None:
            pair, symbol = self.words[pair]
            if symbol is not None:
                found.append(symbol)
        return found[::-1]

    def _note(self, pair: Pair) -> None:
        """What this history means for cases at the old steps where it can stand."""
        if self.known_steps is not None:
            return
        old, new = self.old, self.new
        here = {old.found.step(e[0]) for e in pair[0] if not old.found.ended(e[0]) and old.rests(e)}
        there = [e for e in pair[1] if new.rests(e) and not new.found.ended(e[0])]
        for step in here:
            entry = self.reached.setdefault(step, _Reached())
            if not there:
                if entry.refused is None:
                    entry.refused = tuple(old.run(self._word(pair)))
                continue
            entry.allowed = True
            entry.targets |= dict.fromkeys(new.found.step(element[0]) for element in there)
            entry.dead_end = entry.dead_end or any(element[0] not in self.completable for element in there)


def _same_limit(rule: str, old: Mapping[str, Limit], new: Mapping[str, Limit], renames: Renames) -> bool:
    """Whether a word may say that the limit is used up: both versions have it, and the move is part of the word."""
    return new.get(renames.action(rule)) == old[rule] and not old[rule].silent


def _completable(found: Exploration) -> set[int]:
    """The states from which an end can be reached."""
    backward: dict[int, list[int]] = {}
    for number, edges in enumerate(found.edges):
        for edge in edges:
            backward.setdefault(edge.target, []).append(number)
    todo = [number for number in range(len(found.states)) if found.ended(number)]
    seen = set(todo)
    while todo:
        for source in backward.get(todo.pop(), ()):
            if source not in seen:
                seen.add(source)
                todo.append(source)
    return seen

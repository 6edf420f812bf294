"""Small random procedures that are nothing but automata, and what all their short runs say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, product
from random import Random
from typing import Any

from fujin_cli.core.explore.explorer import explore_all
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.explore.state import Edge
from tests.support.ltlf_formulas import FORMULAS, Formula
from tests.support.small_town import procedure, town
from tests.support.yaml_trees import tree_of

ATOMS: Mapping[str, Any] = {  # the letters of the formulas → what they are in these procedures
    "a": "a",
    "b": {"tells": "clerk"},
    "c": {"publish": "notice"},
    "r": {"enter": "s1"},
    "x": {"tells": "street"},
}
LONGEST = 7


def automaton(chance: Random, promises: Sequence[str], limits: bool = True) -> dict[str, Any]:
    """A procedure of a few steps whose actions lead anywhere, making these promises (keys of ``FORMULAS``)."""
    steps = [f"s{number}" for number in range(chance.randint(1, 3))]
    ends = ["e0", "e1"]
    tree: dict[str, Any] = {}
    for step in steps:
        names = chance.sample(["a", "go", "do"], chance.randint(1, 2))
        tree[step] = {
            "owner": "clerk",
            "actions": {name: _action(chance, steps, ends, limits) for name in names},
        }
    tree |= {end: {"end": end} for end in ends}
    if limits and chance.random() < 0.3:
        tree["e0"]["reopen"] = {"within": "1 hour", "by": "clerk", "to": steps[-1], "limit": "1"}
    guarantees = {f"g{number}": _promise(yaml) for number, yaml in enumerate(promises)}
    return {**procedure("steps: {}"), "steps": tree, "guarantees": guarantees}


def _action(chance: Random, steps: list[str], ends: list[str], limits: bool) -> dict[str, Any]:
    action: dict[str, Any] = {"by": "clerk", "to": chance.choice([*steps, *ends])}
    if chance.random() < 0.4:
        action["tell"] = chance.choice([["clerk"], ["clerk", "street"], ["street"]])
    if chance.random() < 0.3:
        action["publish"] = "notice"
    if limits and chance.random() < 0.5:
        action["limit"] = chance.choice(["1", "2"])
        if chance.random() < 0.6:
            action["then"] = {"to": chance.choice([*steps, *ends])}
    return action


def _promise(yaml: str) -> Any:
    def put(tree: Any) -> Any:
        if isinstance(tree, dict):
            return tree if set(tree) == {"a"} else {key: put(value) for key, value in tree.items()}
        if isinstance(tree, list):
            return [put(item) for item in tree]
        return ATOMS.get(tree, tree)

    return put(tree_of(f"g: {yaml}")["g"])


def explored(tree: dict[str, Any]) -> Exploration:
    """The automaton, with every setting at its default."""
    return explore_all(town(tree).procedures).explorations["loop"][0]


def traced(found: Exploration, run: Sequence[Edge]) -> tuple[frozenset[str], ...]:
    """The letters of each event."""
    return tuple(_letters(found, edge) for edge in run)


def _letters(found: Exploration, edge: Edge) -> frozenset[str]:
    version, label = found.model.version, edge.label
    target = version.steps[label.to] if label.to else None
    move = found.model.watch.find_move(label.rule)
    effects = move.then.effects if label.overflow and move and move.then else move.effects if move else None
    told = {tell.to for tell in effects.tells} if effects else set()
    shown = {
        "a": label.kind == "action" and label.name == "a",
        "b": "clerk" in told,
        "x": "street" in told,
        "c": bool(effects and effects.publish),
        "r": target is not None and target.name == "s1",
    }
    return frozenset(letter for letter, there in shown.items() if there)


def runs(found: Exploration, longest: int = LONGEST) -> Iterator[list[Edge]]:
    """Every run that respects the limits, shorter ones first."""
    todo: list[list[Edge]] = [[edge] for edge in found.begins]
    while todo:
        yield from todo
        todo = [
            [*run, edge]
            for run in todo
            if len(run) < longest
            for edge in found.edges[run[-1].target]
            if fits(found, [*run, edge])
        ]


def fits(found: Exploration, run: Sequence[Edge]) -> bool:
    """Whether a run hangs together and keeps to every limit."""
    used: dict[str, int] = {}
    for edge in run:
        move = found.model.watch.find_move(edge.label.rule)
        if move is not None and move.limit is not None:
            count = used.get(move.rule, 0)
            if (count >= int(move.limit)) != edge.label.overflow:
                return False
            used[move.rule] = count + 1
    return run[0].source == -1 and all(one.target == other.source for one, other in pairwise(run))


class Judge:
    """One promise, over runs of one automaton, by its formula."""

    def __init__(self, found: Exploration, yaml: str) -> None:
        self.found = found
        alphabet, self.formula = FORMULAS[yaml]
        self.events = [
            frozenset(word for word, there in zip(alphabet, bits, strict=True) if there)
            for bits in product((False, True), repeat=len(alphabet))
        ]
        self._lost: dict[tuple[frozenset[str], ...], bool] = {}

    def keeps(self, run: Sequence[Edge]) -> bool:
        """Whether the promise would be kept if the run ended here."""
        return _holds(self.formula, traced(self.found, run))

    def lost(self, run: Sequence[Edge]) -> bool:
        """Whether no continuation whatever could keep it."""
        trace = tuple(letters & frozenset().union(*self.events) for letters in traced(self.found, run))
        if trace not in self._lost:
            futures = (future for length in (0, 1, 2) for future in product(self.events, repeat=length))
            self._lost[trace] = not any(_holds(self.formula, (*trace, *future)) for future in futures)
        return self._lost[trace]

    def breaks(self, run: Sequence[Edge]) -> bool:
        """Whether the run breaks it: lost, or not kept at an end."""
        return self.lost(run) or (self.found.is_ended(run[-1].target) and not self.keeps(run))


def _holds(formula: Formula, trace: Sequence[frozenset[str]]) -> bool:
    return formula(trace, 0)

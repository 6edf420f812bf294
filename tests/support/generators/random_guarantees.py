"""Random promises about the random procedures, and what they mean for the events of the engine.

Atoms and what their `where` asks are read here from the YAML and the events alone, not by ``event_patterns`` and
``conditions`` of ``core/cases``; what a template means is ``support_formulas.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.event import Event
from fujin_cli.core.cases.evolve import replay
from tests.support.abstract_cases import SEEN
from tests.support.generators.random_procedures import Tree
from tests.support.ltlf_formulas import FORMULAS, Formula, Trace
from tests.support.yaml_trees import tree_of

ATOMS: list[Any] = list(
    tree_of("""
atoms:
  - go0
  - go1
  - {enter: any end}
  - {enter: s1}
  - {tells: clerk}
  - {overdue: s0}
  - opened
  - reopen
  - {enter: e0}
  - {enter: s0}
  - {end: outcome-e1}
  - {tells: {street: reason}}
  - {publish: notice}
  - {time_up: s1}
  - {opens: g-order}
  - {answered: g-order}
""")["atoms"]
)
WHERES: list[Any] = list(
    tree_of("""
wheres:
  - {b: x}
  - {a: given}
  - {a: {not: x}, b: y}
  - [{a: missing}, {n: {at_least: 2}}]
  - {n: {under: 3}}
  - {times: {go0: {at_least: 2}}}
  - {times: {go0: {under: 2, since: {enter: s1}}}}
  - {g-order: {any: ended}}
  - {g-order: {all: outcome-e0}}
""")["wheres"]
)


class Promise:
    """One guarantee over random atoms: ``tree`` for the procedure, and whether the events of a case keep it."""

    def __init__(self, one: Any) -> None:
        self.yaml = one(*FORMULAS)
        self.alphabet, self.formula = FORMULAS[self.yaml]
        self.atoms = {letter: self._atom(one) for letter in self.alphabet}
        self.tree = self._put(tree_of(f"g: {self.yaml}")["g"])

    @staticmethod
    def _atom(one: Any) -> Any:
        atom = one(*ATOMS[: one(6, 6, len(ATOMS))])  # mostly what often happens
        if one(True, True, False):
            return atom
        named = {"publish": {"publish": "notice"}, "opened": {"action": "go0"}}.get(str(atom), {"action": atom})
        return {**(atom if isinstance(atom, dict) else named), "where": one(*WHERES)}

    def _put(self, tree: Any) -> Any:
        if isinstance(tree, list):
            return [self._put(item) for item in tree]
        if not isinstance(tree, dict):
            return self.atoms.get(tree, tree)
        found: Tree = {}
        for key, value in tree.items():
            if isinstance(value, dict):  # {at_least: {a: 2}} counts actions alone; any atom is counted with `times`
                ((letter, count),) = value.items()
                found |= {key: self.atoms[letter], "times": count}
            else:
                found[key] = self._put(value)
        return found

    # what it means

    def broken(self, steps: Tree, case: str, events: Sequence[Event]) -> int | None:
        """The number of events, records aside, after which the promise is broken for good or at an end."""
        trace: list[frozenset[str]] = []
        ended = False
        for length, event in enumerate(events, 1):
            if event.kind not in SEEN:
                continue
            stays = ended and event.to_step is None
            ended = stays or (event.to_step is not None and "end" in steps[event.to_step])
            after = replay(case, events[:length])
            letters = {letter for letter, atom in self.atoms.items() if shows(atom, event, steps, after)}
            trace.append(frozenset(letters | ({"stays"} if stays else set())))
            if (ended and not self.formula(trace, 0)) or lost(self.formula, self.alphabet, trace):
                return len(trace)
        return None


def lost(formula: Formula, alphabet: str, trace: Trace) -> bool:
    """Whether no continuation could keep the promise; two events more are enough for any of them."""
    if formula(trace, 0):
        return False
    choices = product((False, True), repeat=len(alphabet))
    every = [frozenset(word for word, there in zip(alphabet, bits, strict=True) if there) for bits in choices]
    futures = (future for length in (1, 2) for future in product(every, repeat=length))
    return not any(formula((*trace, *future), 0) for future in futures)


def shows(atom: Any, event: Event, steps: Tree, after: Case) -> bool:
    """Whether the event shows the atom, ``after`` being the case once it happened."""
    if isinstance(atom, dict) and "where" in atom:
        rest = {key: value for key, value in atom.items() if key != "where"}
        bare = rest.get("action", rest)
        return shows(bare, event, steps, after) and asked(atom["where"], after)
    if atom == "opened":
        return event.kind == "opened"
    if isinstance(atom, str):
        return event.action == atom
    ((kind, value),) = atom.items()
    if kind == "enter":
        there = steps.get(event.to_step, {})
        return "end" in there if value == "any end" else event.to_step == value
    if kind == "end":
        return steps.get(event.to_step, {}).get("end") == value
    if kind == "tells":
        name, about = next(iter(value.items())) if isinstance(value, dict) else (value, None)
        return any(tell["to"] == name and about in (None, tell["kind"]) for tell in event.tells)
    if kind == "overdue":
        return event.kind == "rung" and event.from_step == value and event.data["when"] != "before"
    if kind == "time_up":
        return event.kind == "time-up" and event.from_step == value
    return value in event.data.get(kind, ())  # publish, opens, answered


def asked(where: Any, case: Case) -> bool:
    """Whether the case is as `where` asks."""
    alternatives = where if isinstance(where, list) else [where]
    return any(all(_asked(name, wanted, case) for name, wanted in tests.items()) for tests in alternatives)


def _asked(name: str, wanted: Any, case: Case) -> bool:
    if name == "times":
        ((action, spec),) = wanted.items()
        events = list(case.events)
        if "since" in spec:
            starts = [place for place, event in enumerate(events) if event.to_step == spec["since"]["enter"]]
            events = events[starts[-1] + 1 :] if starts else events
        done = sum(event.kind == "action" and event.action == action for event in events)
        return done >= int(spec["at_least"]) if "at_least" in spec else done < int(spec["under"])
    if name == "g-order":
        outcomes = [child.outcome for child in case.children if not child.replaced]
        if "any" in wanted:
            return any(outcome is not None for outcome in outcomes)
        return bool(outcomes) and all(outcome == wanted["all"] for outcome in outcomes)
    value = case.values.get(name)
    if isinstance(wanted, dict) and "not" in wanted:
        return value != wanted["not"]  # a field without a value is `not` whatever is named
    if isinstance(wanted, dict):
        number = None if value is None else int(value)
        return number is not None and (number >= 2 if "at_least" in wanted else number < int(wanted["under"]))
    return {"given": value is not None, "missing": value is None}.get(wanted, value == wanted)

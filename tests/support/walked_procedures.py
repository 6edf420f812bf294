"""Random small procedures with guarantees, and every history of a case that people, proofs and time can make.

What a guarantee means for a history is read here from the YAML and the events alone. The procedures have one step of
time (an hour), so that everything that the explorer finds can happen on the clock, and one field that guards read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from fujin_cli.core.cases.event import Event
from fujin_cli.core.cases.evolve import replay
from fujin_cli.core.findings.refusals import Refusal
from fujin_cli.core.simulate.event_log import EventLog
from tests.support.abstract_cases import SEEN
from tests.support.case_sandbox import CaseSandbox
from tests.support.generators.random_guarantees import Promise, lost, shows
from tests.support.generators.random_procedures import Tree
from tests.support.ltlf_formulas import FORMULAS
from tests.support.small_town import town
from tests.support.yaml_trees import tree_of

VALUES: Mapping[str, tuple[str, ...]] = {"a": ("x", "y"), "b": ("x", "y"), "n": ("1", "2", "5")}
TESTS: Mapping[str, tuple[Any, ...]] = {
    "a": ("x", "given", "missing", {"not": "x"}),
    "b": ("x", "y"),
    "n": ({"at_least": "2"}, {"under": "3"}),
}
FIELDS = tree_of("""
a: {type: choice, of: [x, y], optional: yes}
b: {type: choice, of: [x, y], default: x}
n: {type: count, default: 0, at_most: 9}
hands: {type: list, of: person, optional: yes, computed: yes}
reporter: {type: contact, optional: yes, computed: yes}
""")
# Whoever enters something for a contact acts under no other name, so everybody can act under each of the names.
PEOPLE = """
people:
  reporter: {contact: reporter, proof: acceptance-code, through: [street]}
  caller: {contact: reporter, through: [city]}
  coordinator: {role: coordinator, of: community}
  inspector: {role: inspector, of: community}
  clerk: {role: clerk, of: community}
  community: {role: supervisor, of: community}
  street: {role: supervisor, of: street}
  city: {role: supervisor, of: city}
"""
NAMES = ("clerk", "coordinator", "inspector", "reporter", "caller")
ACTORS = ("clerk-1", "coordinator-1", "both-1", "inspector-1", "reporter", "supervisor-1", "street-1", "city-1")
LATER = timedelta(days=30)


def small_procedure(chance: Random) -> Tree:
    """One or two steps, two actions each, two ends; everybody may act somewhere."""
    asked = chance.choice(("a", "b", "n"))
    working = ["s0", "s1"][: chance.choice((1, 2, 2))]
    everywhere = [*working, "e0", "e1"]
    steps: Tree = {name: _step(chance, asked, everywhere, name) for name in working}
    steps["e0"] = {"end": "outcome-e0"}
    if chance.random() < 0.4:
        steps["e0"]["reopen"] = {"within": "1 hour", "limit": "1", "to": "s0", "by": chance.choice(NAMES)}
    steps["e1"] = {"end": "outcome-e1"}
    fields = {name: spec if name in (asked, "b") else {**spec, "computed": "yes"} for name, spec in FIELDS.items()}
    fields["b"] = fields["b"] if asked == "b" else {**fields["b"], "computed": "yes"}
    opened = {"by": ["clerk"], "gives": {"reporter": ["acceptance-code"]}}
    head = {"procedure": "loop", "case_of": "community", "opened": opened, **tree_of(PEOPLE), "fields": fields}
    return {**head, "steps": steps}


def _step(chance: Random, asked: str, everywhere: Sequence[str], name: str) -> Tree:
    ladder: list[Tree] = [{"at": "deadline", "tell": ["clerk"]}]
    if chance.random() < 0.5:
        ladder[0]["raise"] = "community"
    if chance.random() < 0.7:
        ladder.append({"after": "1 hour", "to": chance.choice(everywhere), "tell": ["street"]})
    step: Tree = {"owner": "clerk", "within": "1 hour", "ladder": ladder, "actions": {}}
    for action in ("go0", "go1"):
        step["actions"][action] = _action(chance, asked, everywhere)
    if chance.random() < 0.3:
        step["then"] = [{"when": {asked: chance.choice(TESTS[asked])}, "to": chance.choice(everywhere[-2:])}]
    return step


def _action(chance: Random, asked: str, everywhere: Sequence[str]) -> Tree:
    action: Tree = {"by": chance.sample(NAMES, chance.choice((1, 1, 2)))}
    options: Tree = {
        "to": chance.choice(everywhere),
        "when": {asked: chance.choice(TESTS[asked])},
        chance.choice(("needs", "may")): [asked],
        "tell": {chance.choice(("clerk", "street")): "reason"},
        "adds": {"hands": "actor"},
        "publish": ["notice"],
        "limit": chance.choice(("1", "2")),
    }
    often = {"to": 0.8, "limit": 0.4}
    return action | {key: value for key, value in options.items() if chance.random() < often.get(key, 0.25)}


# guarantees


class Guarded:
    """A guarantee whose meaning for the newest event of a history is known: ``tree`` is for the procedure."""

    tree: Tree

    def letters(self, event: Event, steps: Tree, after: Any) -> frozenset[str]:
        """What the event shows of the guarantee."""
        raise NotImplementedError

    def is_broken(self, trace: Sequence[frozenset[str]], ended: bool) -> bool:
        """Whether the history breaks it with its newest event."""
        raise NotImplementedError


class Formula(Guarded):
    """A DECLARE template over random atoms, some with ``where``."""

    def __init__(self, chance: Random) -> None:
        while True:
            self.promise = Promise(lambda *options: chance.choice(options))
            self.tree = self.promise.tree
            if not any(word in str(self.tree) for word in ("g-order", "time_up", "'b'", "'a'", "'n'")):
                break

    def read_field(self, chance: Random, asked: str) -> None:
        """Let one of its atoms ask for a value, too."""
        letter = chance.choice(sorted(self.promise.atoms))
        atom = self.promise.atoms[letter]
        if isinstance(atom, dict) and "where" in atom:
            return
        named = {"publish": {"publish": "notice"}, "opened": {"action": "go0"}}.get(str(atom), {"action": atom})
        where = {asked: chance.choice(TESTS[asked])}
        self.promise.atoms[letter] = {**(atom if isinstance(atom, dict) else named), "where": where}
        self.tree = self.promise._put(tree_of(f"g: {self.promise.yaml}")["g"])

    def letters(self, event: Event, steps: Tree, after: Any) -> frozenset[str]:
        shown = (letter for letter, atom in self.promise.atoms.items() if shows(atom, event, steps, after))
        return frozenset(shown)

    def is_broken(self, trace: Sequence[frozenset[str]], ended: bool) -> bool:
        return _is_formula_broken(self.promise.yaml, tuple(trace), ended)


@cache
def _is_formula_broken(yaml: str, trace: tuple[frozenset[str], ...], ended: bool) -> bool:
    alphabet, formula = FORMULAS[yaml]
    return (ended and not formula(trace, 0)) or lost(formula, alphabet, trace)


class Quorum(Guarded):
    """At an action, so much stands in the field."""

    def __init__(self, chance: Random, asked: str) -> None:
        self.action = chance.choice(("go0", "go1"))
        self.field = "n" if asked == "n" else "hands"
        self.tree = {"before": self.action, "quorum": {self.field: "2" if self.field == "n" else "1"}}

    def letters(self, event: Event, steps: Tree, after: Any) -> frozenset[str]:
        value = after.values.get(self.field) or 0
        enough = value >= 2 if self.field == "n" else bool(value)
        return frozenset({"short"} if event.action == self.action and not enough else ())

    def is_broken(self, trace: Sequence[frozenset[str]], ended: bool) -> bool:
        return "short" in trace[-1]


class Only(Guarded):
    """An action is done by these names alone: any names, or those of its ``by``, so that only levels are outside."""

    def __init__(self, chance: Random, tree: Tree) -> None:
        self.action = chance.choice(("go0", "go0", "go1", "e0.reopen"))
        self.allowed = chance.sample((*NAMES, "raised", "community"), chance.choice((1, 2, 3)))
        if chance.random() < 0.5 and self.action != "e0.reopen":
            steps = [step for step in tree["steps"].values() if "actions" in step]
            self.allowed = list(dict.fromkeys(name for step in steps for name in step["actions"][self.action]["by"]))
        self.tree = {"only": {self.action: self.allowed}}

    def letters(self, event: Event, steps: Tree, after: Any) -> frozenset[str]:
        done = event.action if event.action != "reopen" else f"{event.from_step}.reopen"
        if event.kind != "action" or done != self.action or self._is_allowed(event):
            return frozenset()
        return frozenset({"outsider"})

    def _is_allowed(self, event: Event) -> bool:
        name = event.data["as"]
        if name == "community":  # the supervisor, to whom the case was raised: no action names the community
            return "raised" in self.allowed or "community" in self.allowed
        return name in self.allowed and name != "caller"  # a caller without a proof is nobody in particular

    def is_broken(self, trace: Sequence[frozenset[str]], ended: bool) -> bool:
        return "outsider" in trace[-1]


class DifferentPeople(Guarded):
    """Nobody does both actions, neither acting nor entering."""

    def __init__(self) -> None:
        self.tree = {"different_people": ["go0", "go1"]}

    def letters(self, event: Event, steps: Tree, after: Any) -> frozenset[str]:
        doing = event.kind == "action" and event.action in ("go0", "go1")
        return frozenset(f"{event.action} {who}" for who in (event.by, event.entered_by) if doing)

    def is_broken(self, trace: Sequence[frozenset[str]], ended: bool) -> bool:
        done = frozenset().union(*trace)
        return any(f"go1 {act.split()[1]}" in done for act in done if act.startswith("go0 "))


def guarantees_of(chance: Random, tree: Tree) -> dict[str, Guarded]:
    """Random guarantees about a small procedure, of every kind."""
    asked = next(name for name in VALUES if tree["fields"][name].get("computed") is None)
    formulas = [Formula(chance) for _ in range(4)]
    for formula in formulas[::2]:
        formula.read_field(chance, asked)
    every: list[Guarded] = [*formulas, Quorum(chance, asked), Only(chance, tree), Only(chance, tree), DifferentPeople()]
    return {f"g{number}": guarantee for number, guarantee in enumerate(every)}


# histories


@dataclass(frozen=True, slots=True)
class Moment:
    """A case at the end of one history, with what each guarantee has been shown so far."""

    events: tuple[Event, ...]
    now: datetime
    codes: tuple[str, ...]
    traces: Mapping[str, tuple[frozenset[str], ...]]


@dataclass
class Histories:
    """Every history of one case of a procedure; ``broken`` has a shortest one that breaks each guarantee."""

    tree: Tree
    guarantees: Mapping[str, Guarded]
    enforced: bool  # whether the engine knows of the guarantees about people
    most: int  # histories
    broken: dict[str, tuple[Event, ...]] = field(default_factory=dict)
    depth: int = 0  # of which every history was made: so many moves of people or time after the opening
    count: int = 0

    def __post_init__(self) -> None:
        names = self.guarantees if self.enforced else ()
        declared = {name: self.guarantees[name].tree for name in names}
        self.sandbox = CaseSandbox(town({**self.tree, "guarantees": declared}), community="C1")
        self.asked = next(name for name in VALUES if self.tree["fields"][name].get("computed") is None)
        self.start = self.sandbox.now
        self.case = ""

    def walk(self, deepest: int) -> None:
        """Make every history of at most so many moves, as long as there are not too many."""
        level = list(self._openings())
        for depth in range(1, deepest + 1):
            following = []
            for moment in level:
                following += self._next(moment)
                if self.count > self.most:
                    return
            level, self.depth = following, depth

    def _openings(self) -> Iterator[Moment]:
        for value in (None, *VALUES[self.asked]):
            begin = Moment((), self.start, (), dict.fromkeys(self.guarantees, ()))
            inputs = {} if value is None else {self.asked: value}
            moment = self._do(
                begin, lambda inputs=inputs: setattr(self, "case", self.sandbox.open("loop", "clerk-1", **inputs))
            )
            if moment is not None:
                yield moment

    def _next(self, moment: Moment) -> Iterator[Moment]:
        self._restore(moment)
        moves = self.sandbox.moves(self.case)
        different: set[object] = set()
        for name, move in moves.items():
            for actor in ACTORS if move.is_open else ():
                for inputs in self._inputs(move.action):
                    code = self.sandbox.code(self.case) if self._restore(moment) else None
                    after = self._do(
                        moment,
                        lambda: self.sandbox.do(self.case, name, actor, code=code, **inputs),  # noqa: B023
                    )
                    if after is None:
                        continue
                    act = after.events[len(moment.events)]
                    who = (act.by, act.entered_by) if self.enforced else (act.data["as"], act.by == act.entered_by)
                    if (name, who, str(act.set)) not in different:
                        different.add((name, who, str(act.set)))
                        yield after
        after = self._do(moment, self._let_time_pass)
        if after is not None:
            yield after

    def _inputs(self, action: Any) -> list[dict[str, str]]:
        needed = any(entry.field == self.asked for entry in action.needs)
        offered = needed or any(entry.field == self.asked for entry in action.may)
        chosen: list[dict[str, str]] = [{self.asked: value} for value in VALUES[self.asked]] if offered else []
        return chosen if needed else [{}, *chosen]

    def _let_time_pass(self) -> None:
        timer = self.sandbox._next_timer(self.case, self.sandbox.now + LATER)
        if timer is not None:
            self.sandbox.now = max(self.sandbox.now, timer[0])
            self.sandbox.tick(self.case)

    def _restore(self, moment: Moment) -> bool:
        self.sandbox.ledger = EventLog()
        if moment.events:
            self.sandbox.ledger._events[self.case] = moment.events
        self.sandbox.now, self.sandbox.codes = moment.now, {self.case: list(moment.codes)}
        return True

    def _do(self, moment: Moment, move: Any) -> Moment | None:
        """The history after one more move; None where the engine refuses it or nothing happens."""
        self._restore(moment)
        try:
            move()
        except Refusal:
            return None
        events = self.sandbox.ledger.read(self.case)
        if len(events) == len(moment.events):
            return None
        self.count += 1
        traces = dict(moment.traces)
        for length in range(len(moment.events) + 1, len(events) + 1):
            self._judge(events[:length], traces)
        return Moment(events, self.sandbox.now, tuple(self.sandbox.codes.get(self.case, ())), traces)

    def _judge(self, events: tuple[Event, ...], traces: dict[str, tuple[frozenset[str], ...]]) -> None:
        event = events[-1]
        if event.kind not in SEEN:
            return
        case = replay(self.case, events)
        steps = self.tree["steps"]
        for name, guarantee in self.guarantees.items():
            letters = guarantee.letters(event, steps, case)
            if case.has_ended and event.to_step is None:
                letters |= {"stays"}
            traces[name] = (*traces[name], letters)
            if name not in self.broken and guarantee.is_broken(traces[name], case.has_ended):
                self.broken[name] = events

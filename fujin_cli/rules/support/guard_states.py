"""Evaluate guards in all the abstract states in which they are checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from fujin_cli.core.cases.conditions import single_test_holds
from fujin_cli.core.cases.moves import is_available_at
from fujin_cli.core.explore.domains import tests_of
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.explore.state import AbstractFacts, State
from fujin_cli.core.model.procedure import Action, Step, Test
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.rules.support.procedure_source import ProcedureSource

MOST_VALUES = 5  # values that a finding lists


class StateRef(NamedTuple):
    """One state of one exploration."""

    exploration: Exploration
    number: int

    @property
    def state(self) -> State:
        """Return the state itself."""
        return self.exploration.states[self.number]

    @property
    def facts(self) -> AbstractFacts:
        """Return what tests can look up in the state."""
        model = self.exploration.model
        return AbstractFacts(model.shape, model.places, self.state)

    def satisfies(self, action: Action) -> bool:
        """Whether the action's guard holds in the state."""
        return self.exploration.model.guards.guard_holds(action.when, self.state)


@dataclass(frozen=True, slots=True)
class StatesByStep:
    """Index the states of a procedure by step, under every choice of settings."""

    explorations: Sequence[Exploration]
    numbers: Sequence[Mapping[str, Sequence[int]]]

    def at(self, name: str) -> Iterator[StateRef]:
        """List every state at a step."""
        for exploration, numbers in zip(self.explorations, self.numbers, strict=True):
            for number in numbers.get(name, ()):
                yield StateRef(exploration, number)


def states_by_step(explorations: Sequence[Exploration]) -> StatesByStep:
    """Index the states of explorations by step."""
    numbers: list[dict[str, list[int]]] = []
    for exploration in explorations:
        numbers.append({})
        for number in range(len(exploration.states)):
            numbers[-1].setdefault(exploration.step_of(number), []).append(number)
    return StatesByStep(explorations, numbers)


def states_checking(
    source: ProcedureSource, states: StatesByStep, step: Step | None, action: Action
) -> Iterator[StateRef]:
    """List every state in which the action's guard is checked; ``step`` is None for an action of ``anytime``."""
    all_steps = source.procedure.steps.values()
    for place in [step] if step else [candidate for candidate in all_steps if is_available_at(action, candidate)]:
        for ref in states.at(place.name):
            if not (step and action.by and ref.state.time_up):
                yield ref


def tests_never_true(source: ProcedureSource, states: StatesByStep, step: Step | None, action: Action) -> list[Test]:
    """List the tests of a guard that hold in none of the states where it is checked.

    A guard with alternatives gives an empty list: no single test is to blame.
    """
    alternatives = action.when.alternatives if action.when else ()
    never_true = list(alternatives[0]) if len(alternatives) == 1 else []
    for ref in states_checking(source, states, step, action) if never_true else ():
        facts = ref.facts
        never_true = [test for test in never_true if not single_test_holds(test, facts)]
        if not never_true:
            break
    return never_true


def failing_tests(ref: StateRef, action: Action) -> Iterator[list[Test]]:
    """List, for each alternative of the guard, the tests that do not hold in a state."""
    facts = ref.facts
    for tests in action.when.alternatives if action.when else ():
        yield [test for test in tests if not single_test_holds(test, facts)]


def fields_of(action: Action, *verbs: str) -> list[str]:
    """List the fields that a guard tests, in its order; with ``verbs``, only those tested with one of them."""
    tests = [test for test in tests_of(action.when) if test.kind == "field"]
    return list(dict.fromkeys(test.name for test in tests if not verbs or test.verb in verbs))


def value_words(states: Iterable[StateRef], fields: Iterable[str]) -> list[LocalizedText]:
    """Put into words which values the fields have in these states."""
    all_facts = [ref.facts for ref in states]
    sentences = []
    for name in fields:
        values = list(dict.fromkeys(_value_word(facts.field_value(name)) for facts in all_facts))
        listed = [*values[:MOST_VALUES], *(["…"] if len(values) > MOST_VALUES else [])]
        present = [value for value in listed if value is not None]
        if present:
            sentences.append(say("{name} is {values}", name=name, values=present))
        if None in listed:
            sentences.append(say("{name} is not given", name=name))
    return sentences


def _value_word(value: object) -> str | None:
    return None if value is None else ",".join(map(str, value)) if isinstance(value, list) else str(value)


def find_shadowed_moves(states: StatesByStep, step: Step) -> dict[str, Action]:
    """Find the moves of ``then`` whose guard holds in some state and that an earlier move always preempts.

    The result maps the rule of such a move to the first of the moves that preempt it.
    """
    taken_rules = {edge.label.rule for ref in states.at(step.name) for edge in ref.exploration.edges[ref.number]}
    shadowed: dict[str, Action] = {}
    for index, action in enumerate(step.then):
        if action.rule not in taken_rules:
            earlier = _find_preempting_move(states, step, action, step.then[:index])
            if earlier is not None:
                shadowed[action.rule] = earlier
    return shadowed


def _find_preempting_move(states: StatesByStep, step: Step, action: Action, earlier: Sequence[Action]) -> Action | None:
    """Find the first earlier move that happens in place of ``action``; None where it is not always preempted."""
    by_rule: dict[str, Action] = {move.rule: move for move in earlier}
    first: Action | None = None
    for ref in states.at(step.name):
        if ref.satisfies(action):
            rules = (edge.label.rule for edge in ref.exploration.edges[ref.number])
            rule = next((rule for rule in rules if rule in by_rule), None)
            if rule is None:
                return None
            first = first or by_rule[rule]
    return first

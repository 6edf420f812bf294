"""What guards say over all the cases that can come to their step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from fujin_cli.core.cases.conditions import holds_test
from fujin_cli.core.cases.moves import available
from fujin_cli.core.explore.domains import tests_of
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.explore.state import AbstractFacts, State
from fujin_cli.core.model.procedure import Action, Step, Test
from fujin_cli.core.text.message import LocalizedText, say
from fujin_cli.rules.support.procedure_source import ProcedureSource

MOST_VALUES = 5  # values that a finding lists

StateRef = tuple[Exploration, int]  # a state of one of the explorations


@dataclass(frozen=True, slots=True)
class StatesByStep:
    """The states of a procedure by step, under every choice of settings."""

    entries: Sequence[Exploration]
    numbers: Sequence[Mapping[str, Sequence[int]]]

    def at(self, name: str) -> Iterator[StateRef]:
        """Every state at a step."""
        for entry, numbers in zip(self.entries, self.numbers, strict=True):
            for number in numbers.get(name, ()):
                yield entry, number


def states_by_step(entries: Sequence[Exploration]) -> StatesByStep:
    """The explorations' states by step."""
    numbers: list[dict[str, list[int]]] = []
    for entry in entries:
        numbers.append({})
        for number in range(len(entry.states)):
            numbers[-1].setdefault(entry.step(number), []).append(number)
    return StatesByStep(entries, numbers)


def states_checking(
    reading: ProcedureSource, steps: StatesByStep, step: Step | None, action: Action
) -> Iterator[StateRef]:
    """Every state in which the action's guard is asked; ``step`` is None for one of ``anytime``."""
    every = reading.procedure.steps.values()
    for place in [step] if step else [other for other in every if available(action, other)]:
        for entry, number in steps.at(place.name):
            if not (step and action.by and entry.states[number].time_up):
                yield entry, number


def state_of(here: StateRef) -> State:
    """The state itself."""
    return here[0].states[here[1]]


def holds(here: StateRef, action: Action) -> bool:
    """Whether the action's guard holds in a state."""
    return here[0].model.guards.holds(action.when, state_of(here))


def tests_never_true(reading: ProcedureSource, steps: StatesByStep, step: Step | None, action: Action) -> list[Test]:
    """The tests of a guard without alternatives that hold in no case where it is asked."""
    alternatives = action.when.alternatives if action.when else ()
    left = list(alternatives[0]) if len(alternatives) == 1 else []
    for here in states_checking(reading, steps, step, action) if left else ():
        facts = facts_of(here)
        left = [test for test in left if not holds_test(test, facts)]
        if not left:
            break
    return left


def facts_of(here: StateRef) -> AbstractFacts:
    """What tests may ask about a state."""
    model = here[0].model
    return AbstractFacts(model.shape, model.places, state_of(here))


def failing_tests(here: StateRef, action: Action) -> Iterator[list[Test]]:
    """For each alternative of the guard the tests that do not hold."""
    facts = facts_of(here)
    for tests in action.when.alternatives if action.when else ():
        yield [test for test in tests if not holds_test(test, facts)]


def fields_of(action: Action, *verbs: str) -> list[str]:
    """The fields that a guard tests (with one of these verbs, where given), in its order."""
    tests = [test for test in tests_of(action.when) if test.kind == "field"]
    return list(dict.fromkeys(test.name for test in tests if not verbs or test.verb in verbs))


def value_words(places: Iterable[StateRef], fields: Iterable[str]) -> list[LocalizedText]:
    """The values that fields have in these states, in words."""
    facts = [facts_of(here) for here in places]
    found = []
    for name in fields:
        values = list(dict.fromkeys(_word(entry.value(name)) for entry in facts))
        listed = [*values[:MOST_VALUES], *(["…"] if len(values) > MOST_VALUES else [])]
        given = [value for value in listed if value is not None]
        if given:
            found.append(say("{name} is {values}", name=name, values=given))
        if None in listed:
            found.append(say("no {name}", name=name))
    return found


def _word(value: object) -> str | None:
    return None if value is None else ",".join(map(str, value)) if isinstance(value, list) else str(value)


def find_shadowed_moves(steps: StatesByStep, step: Step) -> dict[str, Action]:
    """Moves of ``then`` that never happen though they could, and the earlier one that happens in their place."""
    found: dict[str, Action] = {}
    taken = {edge.label.rule for entry, number in steps.at(step.name) for edge in entry.edges[number]}
    for place, action in enumerate(step.then):
        if action.rule in taken:
            continue
        earlier = {other.rule: other for other in step.then[:place]}
        before: dict[str, Action] = {}
        for here in steps.at(step.name):
            if holds(here, action):
                first = next((e.label.rule for e in here[0].edges[here[1]] if e.label.rule in earlier), None)
                if first is None:
                    break
                before.setdefault(first, earlier[first])
        else:
            if before:
                found[action.rule] = next(iter(before.values()))
    return found

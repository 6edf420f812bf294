"""Monitors against the formula of each template, over every short trace with any letters at once."""

from __future__ import annotations

from itertools import product

import pytest

from fujin_cli.core.model.compile_conditions import Conditions
from fujin_cli.core.model.guarantee_templates import TEMPLATES
from fujin_cli.core.verify.automata import LOST, SETTLED, State
from fujin_cli.core.verify.monitors import Monitor, build_monitor
from tests.support.ltlf_formulas import FORMULAS, Formula
from tests.support.yaml_trees import tree_of

LENGTH = 5
QUORUM = "{before: a, quorum: {present: 3}}"


def monitor(yaml: str) -> Monitor:
    guarantee = Conditions({"present": "list"}, set()).compile_guarantee("g", tree_of(f"g: {yaml}")["g"], ())
    made = build_monitor(guarantee)
    assert made is not None
    return made


def letters(alphabet: str) -> list[frozenset[str]]:
    words = [*alphabet, "stays"] if alphabet in ("a", "ax") else [*alphabet]
    return [
        frozenset(word for word, there in zip(words, bits, strict=True) if there)
        for bits in product((False, True), repeat=len(words))
    ]


def letter(made: Monitor, event: frozenset[str]) -> int:
    bits = sum(1 << place for place, role in enumerate(made.roles) if any(atom.name in event for atom in role))
    return bits | (1 << len(made.roles) if "stays" in event else 0)


def run(made: Monitor, trace: tuple[frozenset[str], ...]) -> State:
    state = made.start
    for event in trace:
        state = made.step(state, letter(made, event))
    return state


@pytest.mark.parametrize("yaml", FORMULAS)
def test_a_monitor_keeps_just_the_traces_of_its_formula(yaml: str) -> None:
    alphabet, formula = FORMULAS[yaml]
    made, events = monitor(yaml), letters(alphabet)
    todo: list[tuple[tuple[frozenset[str], ...], State]] = [((), made.start)]
    compared = 0
    while todo:
        trace, state = todo.pop()
        if trace:
            assert made.is_fulfilled(state) == formula(trace, 0), (trace, state)
            compared += 1
        if len(trace) < LENGTH:
            todo += [((*trace, event), made.step(state, letter(made, event))) for event in events]
    assert compared == sum(len(events) ** length for length in range(1, LENGTH + 1))


@pytest.mark.parametrize("yaml", FORMULAS)
def test_what_is_lost_is_lost_for_good_and_what_is_settled_is_settled(yaml: str) -> None:
    """Lost just where no continuation is kept; settled only where every one is."""
    alphabet, formula = FORMULAS[yaml]
    made, events = monitor(yaml), letters(alphabet)
    futures = [future for length in range(4) for future in product(events, repeat=length)]
    futures = [future for future in futures if len(future) < 3 or len(events) < 8]
    for length in (1, 2):
        for trace in product(events, repeat=length):
            state = run(made, trace)
            answers = {formula((*trace, *future), 0) for future in futures}
            assert (state == LOST) == (answers == {False}), trace
            assert state != SETTLED or answers == {True}, trace


def test_every_template_has_a_monitor_and_a_formula() -> None:
    said = {
        tuple(key for key in tree_of(f"g: {yaml}")["g"] if key not in ("since", "times", "except"))
        for yaml in (*FORMULAS, QUORUM)
    }
    assert said == {template.keys for template in TEMPLATES} - {("different_people",), ("only",)}


def test_a_quorum_is_asked_of_the_same_event() -> None:
    made = monitor(QUORUM)
    (plain,), (enough,), _ = made.roles
    assert plain.where is None and enough.where is not None
    assert [(test.name, test.verb, test.values) for test in enough.where.alternatives[0]] == [
        ("present", "at_least", ("3",))
    ]
    assert made.step(made.start, 1) == LOST
    assert made.is_fulfilled(made.step(made.start, 3)) and made.is_fulfilled(made.step(made.start, 0))


def test_a_condition_of_the_event_stays_beside_the_quorum() -> None:
    made = monitor("{before: {action: a, where: [{present: given}, {present: missing}]}, quorum: {present: 3}}")
    where = made.roles[1][0].where
    assert where is not None
    assert [[test.verb for test in tests] for tests in where.alternatives] == [
        ["given", "at_least"],
        ["missing", "at_least"],
    ]


def test_different_people_is_no_matter_of_one_run() -> None:
    guarantee = Conditions({}, set()).compile_guarantee("g", {"different_people": ["a", "b"]}, ())
    assert build_monitor(guarantee) is None


@pytest.mark.slow
def test_the_evaluator_can_tell_formulas_apart() -> None:
    """An oracle that says the same of everything would agree with anything."""
    traces = [trace for length in (1, 2, 3) for trace in product(letters("abcr"), repeat=length)]
    said: dict[str, Formula] = {yaml: formula for yaml, (alphabet, formula) in FORMULAS.items() if "x" not in alphabet}
    table = {yaml: tuple(formula(trace, 0) for trace in traces) for yaml, formula in said.items()}
    assert len(set(table.values())) == len(table)

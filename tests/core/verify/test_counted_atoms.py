"""Promises that ask how often something was done: counted beside the case, against counting in every short trace."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from fujin_cli.core.explore.counted_atoms import has_fixed_count_tests, list_atoms_to_watch
from fujin_cli.core.explore.explorer import explore_all
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.model.compile_conditions import Conditions
from fujin_cli.core.model.procedure import Guarantee
from fujin_cli.core.verify.guarantees import judge_guarantees
from fujin_cli.core.verify.monitors import Monitor, build_monitor
from tests.support.small_town import procedure, town
from tests.support.yaml_trees import tree_of

Event = frozenset[str]  # the actions and facts that the event shows
EVENTS = [frozenset(event) for size in range(4) for event in product("abs", repeat=size) if len(set(event)) == size]
LENGTH = 4


def guarantee(yaml: str) -> Guarantee:
    return Conditions({"x": "choice"}, set()).compile_guarantee("g", tree_of(f"g: {yaml}")["g"], ())


def monitor(yaml: str) -> Monitor:
    made = build_monitor(guarantee(yaml))
    assert made is not None
    return made


def kept(made: Monitor, trace: tuple[Event, ...]) -> bool:
    state = made.start
    for event in trace:
        roles = enumerate(made.roles)
        state = made.step(state, sum(1 << n for n, role in roles if any(atom.name in event for atom in role)))
    return made.is_fulfilled(state)


def counts(trace: tuple[Event, ...], since: str = "") -> list[int]:
    """How often ``a`` was done, after each event."""
    found = [0]
    for event in trace:
        found.append((0 if since in event else found[-1]) + ("a" in event))
    return found[1:]


def every_trace() -> list[tuple[Event, ...]]:
    events = list(dict.fromkeys(EVENTS))
    return [trace for length in range(1, LENGTH + 1) for trace in product(events, repeat=length)]


@pytest.mark.parametrize(("test", "since"), [("{at_least: 2}", ""), ("{at_least: 2, since: s}", "s")])
def test_what_is_forbidden_from_a_number_on_is_lost_at_that_number(test: str, since: str) -> None:
    made = monitor(f"{{never: {{action: a, where: {{times: {{a: {test}}}}}}}}}")
    for trace in every_trace():
        broken = any("a" in event and count >= 2 for event, count in zip(trace, counts(trace, since), strict=True))
        assert kept(made, trace) == (not broken), trace


def test_under_a_number_is_asked_after_counting() -> None:
    made = monitor("{eventually: {action: b, where: {times: {a: {under: 2}}}}}")
    for trace in every_trace():
        shown = any("b" in event and count < 2 for event, count in zip(trace, counts(trace), strict=True))
        assert kept(made, trace) == shown, trace


def test_one_atom_of_a_promise_counts_and_the_other_does_not() -> None:
    made = monitor("{before_each: {action: a, where: {times: {a: {at_least: 2}}}}, require: b}")
    for trace in every_trace():
        fresh = fine = True
        fresh = False
        for event, count in zip(trace, counts(trace), strict=True):
            fresh = fresh or "b" in event
            if "a" in event and count >= 2:
                fine, fresh = fine and fresh, False
        assert kept(made, trace) == fine, trace


def test_what_a_setting_bounds_is_left_to_the_case() -> None:
    (atom,) = guarantee("{never: {action: a, where: {times: {a: {at_least: tries}}}}}").atoms["never"]
    assert not has_fixed_count_tests(atom)
    assert list_atoms_to_watch((atom,)) == (atom,)


REWORK = """
steps:
  one: {owner: clerk, within: 1 hour, actions: {hand-in: {to: two, by: clerk}}}
  two:
    owner: clerk
    within: 1 hour
    actions:
      back: {to: one, by: clerk%s}
      out: {to: done, by: clerk}
  done: {end: done}
guarantees:
  g: {never: {action: back, where: {times: {back: {at_least: 3}}}}}
"""


def found_of(text: str) -> Exploration:
    return explore_all(town(procedure(text)).procedures).explorations["loop"][0]


def verdict_of(text: str) -> Any:
    found = found_of(text)
    return next(iter(judge_guarantees(found.model.version, [found])), None)


def test_states_keep_no_count_for_a_promise_and_the_verdict_counts_all_the_same() -> None:
    found = found_of(REWORK % "")
    assert not found.model.shape.counted
    assert len(found.states) == 3
    verdict = verdict_of(REWORK % "")
    assert verdict.kind == "violated"
    assert [edge.label.name for edge in verdict.run].count("back") == 3


def test_a_number_that_limits_never_let_come_about_breaks_nothing() -> None:
    assert verdict_of(REWORK % ", limit: 2") is None
    assert verdict_of(REWORK % ", limit: 3").kind == "violated"


def test_a_trigger_that_is_counted_further_than_it_can_happen_promises_nothing() -> None:
    once = REWORK.replace("back: {to: one", "back: {to: three") % ""
    once = once.replace(
        "  done: {end", "  three: {owner: clerk, within: 1 hour, actions: {on: {to: done, by: clerk}}}\n  done: {end"
    )
    promise = "  g: {after: {action: back, where: {times: {back: {at_least: 2}}}}, eventually: out}\n"
    text = once[: once.index("  g:")] + promise
    assert verdict_of(text).kind == "vacuous"
    assert verdict_of(text.replace("at_least: 2", "at_least: 1")).kind != "vacuous"

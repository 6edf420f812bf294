"""How long what is owed can take, against trying every way by hand."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from fujin_cli.core.calendar.duration import parse_duration
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.verify.monitors import build_monitor
from fujin_cli.core.verify.product import build_product
from fujin_cli.core.verify.worst_case_time import Measure, SlowestPath, find_longest_wall_time, find_slowest_path
from tests.support.generators.random_automata import automaton, explored, runs, traced
from tests.support.small_town import procedure, town
from tests.support.yaml_trees import tree_of

STEPS = """
steps:
  one:
    owner: clerk
    within: {one}
    ladder: [{rungs}]
    actions: {{go: {{to: two, by: clerk}}}}
  two:
    owner: clerk
    within: 1 working day
    ladder: [{{after: 1 working day, raise: street}}]
    actions: {{back: {{to: one, by: clerk{limit}}}, end: {{to: done, by: clerk}}}}
  done: {{end: done}}
guarantees: {{soon: {{after: {{enter: one}}, eventually: {{enter: done}}, within: {within}}}}}
"""


def way(
    within: str, one: str = "2 working days", limit: str = ", limit: 1", rungs: str = "", settings: str = ""
) -> SlowestPath:
    tree = {**procedure(STEPS.format(one=one, limit=limit, within=within, rungs=rungs)), **tree_of(settings or "x: {}")}
    (found,) = explored_of(tree)
    (guarantee,) = found.model.version.guarantees.values()
    monitor = build_monitor(guarantee)
    assert monitor is not None
    answer = find_slowest_path(build_product(found, [monitor]), measure_of(found, within))
    assert answer is not None
    return answer


def explored_of(tree: dict[str, Any]) -> list[Exploration]:
    tree.pop("x", None)
    return [explored(tree)]


def measure_of(found: Exploration, within: str) -> Measure:
    return Measure(found.model.version, parse_duration(within), town().build_calendar())


def test_deadlines_on_the_way_are_added_and_limits_counted() -> None:
    assert way("6 working days") == SlowestPath(("one", "two", "one", "two"), late=False)  # 2 + 1 + 2 + 1
    assert way("5 working days").late
    assert way("8 working days", limit=", limit: 2").late
    assert not way("9 working days", limit=", limit: 2").late


def test_a_way_round_without_a_limit_has_no_longest_time() -> None:
    found = way("100 working days", limit="")
    assert found.endless and found.late
    assert set(found.steps) == {"one", "two"}


def test_settings_and_limits_are_taken_at_their_longest() -> None:
    settings = "settings: {time: {type: duration, default: 1 working day, up_to: 4 working days}, n: {type: count, default: 1, up_to: 3}}"  # fmt: skip  # noqa: E501
    assert way("20 working days", one="time", limit=", limit: n", settings=settings) == SlowestPath(
        ("one", "two") * 4, late=False
    )
    assert way("19 working days", one="time", limit=", limit: n", settings=settings).late


def test_a_rung_that_moves_the_case_is_waited_for() -> None:
    rungs = "{after: 3 working days, to: done}, {after: 1 working day, raise: street}"
    assert not way("12 working days", rungs=rungs).late  # (2 + 3) + 1, twice
    assert way("11 working days", rungs=rungs).late
    with_limit = "{after: 3 working days, to: done, limit: 1}"
    assert not way("6 working days", rungs=with_limit).late


@pytest.mark.parametrize(
    ("one", "within", "late"),
    [
        ("6 working hours", "4 working days", False),  # an office day has six hours and a half
        ("7 working hours", "5 working days", True),
        ("7 working hours", "6 working days", False),
        ("30 minutes", "4 working days", False),
        ("17 hours", "4 working days", False),
        ("18 hours", "4 working days", True),
        ("1 week", "18 working days", False),
        ("2 working days", "65 working hours", False),  # (3 + 2) days of six hours and a half, twice
        ("2 working days", "64 working hours", True),
    ],
)
def test_other_units_are_rounded_to_the_safe_side(one: str, within: str, late: bool) -> None:
    assert way(within, one=one).late == late


@pytest.mark.parametrize(
    ("one", "within", "late"),
    [
        ("2 working days", "400 days", False),
        ("2 working days", "1 week", True),  # two weekends on the way
        ("2 working days", "3 weeks", False),
        ("2 working days", "1 month", False),
        ("2 working days", "1 year", False),
        ("40 working days", "1 month", True),
        ("40 working days", "5 months", False),
        ("5 working hours", "3 weeks", False),
    ],
)
def test_working_time_is_bounded_in_wall_time_by_the_calendar(one: str, within: str, late: bool) -> None:
    found = way(within, one=one)
    assert (found.late, found.endless) == (late, False)


@pytest.mark.parametrize(
    ("stay", "within", "late"),
    [
        ("3 months", "3 months", False),  # never longer than the same number of months
        ("2 years", "24 months", False),
        ("12 months", "1 year", False),
        ("31 days", "1 month", True),
        ("11 months", "1 year", False),
        ("1 month", "30 days", True),
    ],
)
def test_months_and_years_are_those_of_the_calendar(stay: str, within: str, late: bool) -> None:
    tree = procedure(
        "steps: {one: {owner: clerk, within: 1 day, actions: {go: {to: done, by: clerk}}}, done: {end: done}}"
    )
    tree["steps"]["one"]["within"] = stay
    measure = measure_of(explored(tree), within)
    step = measure.version.steps["one"]
    assert (measure.compute_longest_stay(step) > measure.allowed) == late


def test_holidays_lengthen_working_days() -> None:
    """Two working days from the eve of the longest holiday, in the calendar that is published."""
    longest = find_longest_wall_time(town(country="CN").build_calendar(), 2)
    assert longest is not None
    assert 12 * 24 * 60 < longest < 13 * 24 * 60
    assert find_longest_wall_time(town(country="CN").build_calendar(), 100_000) is None


@pytest.mark.slow
def test_the_longest_way_is_the_one_that_trying_finds() -> None:
    """Small automata without limits: the longest sum over all ways from an a to a b, or a way round."""
    compared = 0
    for seed in range(200):
        chance = Random(seed)
        tree = automaton(chance, ["{after: a, eventually: b}"], limits=False)
        days = {name: chance.randint(1, 5) for name, step in tree["steps"].items() if "end" not in step}
        for name, number in days.items():
            tree["steps"][name]["within"] = f"{number} working days"
        found = explored(tree)
        monitor = build_monitor(found.model.version.guarantees["g0"])
        assert monitor is not None
        longest, endless = tried(found, days)
        for bound in (longest, longest - 1) if longest > 1 else (1,):
            answer = find_slowest_path(build_product(found, [monitor]), measure_of(found, f"{bound} working days"))
            assert (answer is not None and answer.endless) == endless, seed
            if not endless:
                assert (answer is not None and answer.late) == (bound < longest), seed
                compared += 1
    assert compared > 50


def tried(found: Exploration, days: dict[str, int]) -> tuple[int, bool]:
    """The longest time that something is owed, and whether it can be owed round and round."""
    longest, endless = 0, False
    for run in runs(found):
        owed: list[str] = []
        for edge, letters in zip(run, traced(found, run), strict=True):
            if "b" in letters:
                owed = []
            elif owed or "a" in letters:
                owed.append(found.step_of(edge.target))
        longest = max(longest, sum(days.get(name, 0) for name in owed))
        endless = endless or any(owed.count(name) > 1 for name in owed)
    return longest, endless

"""Conditions: every verb against fields, groups of cases, periods and how often something was done."""

from __future__ import annotations

from typing import Any

import pytest

from fujin_cli.core.cases.case import Case, Child
from fujin_cli.core.cases.conditions import CaseFacts, condition_holds, list_failing_tests
from fujin_cli.core.cases.event import Event
from fujin_cli.core.model.compile_procedure import compile_procedure
from fujin_cli.core.model.procedure import Condition, Procedure
from fujin_cli.core.wording.conditions import describe_test
from tests.support.case_sandbox import moment
from tests.support.small_town import procedure
from tests.support.yaml_trees import tree_of

FIELDS = """
fields:
  scope: {type: choice, of: [small, large]}
  text: {type: text}
  many: {type: list, of: partner}
  number: {type: count}
  cost: {type: money}
  part: {type: share}
  span: {type: duration}
  day: {type: date}
  sure: {type: yes_no}
  other: {type: case}
settings: {least: {type: count, default: 3}, majority: {type: share, default: 2/3}}
steps:
  one: {owner: clerk, actions: {ask: {by: clerk, opens: {orders: {procedure: loop}}, when: WHEN}, try: {by: clerk}}}
"""


def version(when: str) -> Procedure:
    return compile_procedure(procedure(FIELDS.replace("WHEN", when)))


def condition(when: str) -> tuple[Procedure, Condition | None]:
    compiled = version(when)
    return compiled, compiled.steps["one"].actions["ask"].when


def true(when: str, case: Case) -> bool:
    compiled, tests = condition(when)
    answer = condition_holds(tests, CaseFacts(case, compiled))
    missed = list_failing_tests(tests, CaseFacts(case, compiled))
    assert answer == (not missed)  # what is said to be missing is missing
    assert all(str(describe_test(test, compiled)) for test in missed)
    return answer


def carrying(**values: Any) -> Case:
    return Case("C1-202606a-0001", values=values, settings={"least": "3", "majority": "2/3"})


def group(*outcomes: str | None, **more: Any) -> Case:
    children = tuple(Child(str(index), "orders", outcome=outcome) for index, outcome in enumerate(outcomes))
    return Case("C1-202606a-0001", children=children, settings={"least": "3"}, **more)


@pytest.mark.parametrize(
    ("when", "fits", "fails"),
    [
        ("{scope: small}", [{"scope": "small"}], [{"scope": "large"}, {}]),
        ("{scope: [small, large]}", [{"scope": "small"}, {"scope": "large"}], [{}]),
        ("{scope: {not: small}}", [{"scope": "large"}, {}], [{"scope": "small"}]),
        ("{text: given}", [{"text": "a"}], [{}, {"text": ""}]),
        ("{text: missing}", [{}, {"text": ""}], [{"text": "a"}]),
        ("{many: given}", [{"many": ["a"]}], [{}, {"many": []}]),
        ("{many: missing}", [{}, {"many": []}], [{"many": ["a"]}]),
        ("{many: {at_least: 2}}", [{"many": ["a", "b"]}], [{"many": ["a"]}, {}]),
        ("{many: {at_least: least}}", [{"many": ["a", "b", "c"]}], [{"many": ["a", "b"]}]),
        ("{number: {at_least: 3}}", [{"number": 3}, {"number": 10}], [{"number": 2}, {}]),
        ("{number: {at_most: 3}}", [{"number": 3}, {"number": 0}], [{"number": 4}, {}]),
        ("{number: {over: 3}}", [{"number": 4}], [{"number": 3}, {}]),
        ("{number: {under: least}}", [{"number": 2}], [{"number": 3}, {}]),
        ("{number: 3}", [{"number": 3}], [{"number": 33}]),
        ("{number: {at_least: 2, under: 5}}", [{"number": 2}, {"number": 4}], [{"number": 1}, {"number": 5}]),
        ("{cost: {over: 99.5}}", [{"cost": "100.00"}], [{"cost": "99.50"}]),
        ("{cost: 120}", [{"cost": "120.00"}], [{"cost": "12.00"}, {}]),
        ("{part: {at_least: majority}}", [{"part": "2/3"}, {"part": "3/4"}], [{"part": "13/20"}]),
        ("{part: 60%}", [{"part": "3/5"}], [{"part": "2/3"}]),
        ("{span: {over: 8 working hours}}", [{"span": "1 working day"}], [{"span": "2 hours"}]),
        ("{day: {at_least: 2026-06-01}}", [{"day": "2026-06-01"}, {"day": "2026-10-01"}], [{"day": "2026-05-31"}]),
        ("{sure: true}", [{"sure": "yes"}], [{"sure": "no"}, {}]),
        ("{scope: small, text: given}", [{"scope": "small", "text": "a"}], [{"scope": "small"}, {"text": "a"}]),
        ("[{scope: small}, {text: given}]", [{"scope": "small"}, {"text": "a"}], [{"scope": "large"}, {}]),
    ],
)
def test_fields(when: str, fits: list[dict[str, Any]], fails: list[dict[str, Any]]) -> None:
    for values in fits:
        assert true(when, carrying(**values)), values
    for values in fails:
        assert not true(when, carrying(**values)), values


def test_no_condition_always_holds() -> None:
    assert true("{}", carrying())


@pytest.mark.parametrize(
    ("when", "fits", "fails"),
    [
        ("{orders: {all: done}}", [("done",), ("done", "done")], [(), (None,), ("done", None), ("done", "lost")]),
        ("{orders: {all: ended}}", [("done", "lost")], [(), ("done", None)]),
        ("{orders: {all: open}}", [(None, None)], [(), ("done", None)]),
        ("{orders: {all: [done, lost]}}", [("done", "lost")], [("done", "late")]),
        ("{orders: {any: lost}}", [("done", "lost"), ("lost", None)], [(), ("done",), (None,)]),
        ("{orders: {any: open}}", [(None,), ("done", None)], [(), ("done",)]),
        ("{orders: {none: open}}", [(), ("done",)], [(None,), ("done", None)]),
        ("{orders: {none: [done, open]}}", [(), ("lost",)], [("done",), (None,)]),
        ("{orders: {at_least: 2}}", [("done", "lost"), ("a", "b", None)], [(), ("done",), (None, None)]),
        ("{orders: {at_least: least}}", [("done", "lost", "late")], [("done", "lost")]),
        ("{orders: {none: open, any: lost}}", [("done", "lost")], [("done",), ("lost", None)]),
    ],
)
def test_groups(when: str, fits: list[tuple[str | None, ...]], fails: list[tuple[str | None, ...]]) -> None:
    for outcomes in fits:
        assert true(when, group(*outcomes)), outcomes
    for outcomes in fails:
        assert not true(when, group(*outcomes)), outcomes


def test_what_was_replaced_and_other_groups_do_not_count() -> None:
    children = (
        Child("1", "orders", outcome="lost", replaced=True),
        Child("2", "orders", outcome="done"),
        Child("3", "meetings", outcome=None),
    )
    assert true("{orders: {all: done}}", Case("C1-202606a-0001", children=children))


def test_a_joined_case_answers_for_its_field() -> None:
    joined = Case("C1-202606a-0001", joined_to=("other", "C1-202606a-0002"))
    assert not true("{other: {all: ended}}", joined)
    assert true("{other: {all: open}}", joined)
    ended = Case("C1-202606a-0001", joined_to=("other", "C1-202606a-0002"), joined_outcome="done")
    assert true("{other: {all: ended}}", ended)
    assert true("{other: {any: done}}", ended)
    assert not true("{other: {all: ended}}", carrying(other="C1-202606a-0002"))  # named, not joined
    assert true("{other: given}", carrying(other="C1-202606a-0002"))


def test_the_time_of_a_period() -> None:
    assert true("{time: up}", Case("C1-202606a-0001", time_up=True))
    assert not true("{time: up}", carrying())


def tried(*actions: str) -> Case:
    events = tuple(
        Event(
            n=index,
            at=moment("2026-06-01T01:00"),
            kind="action",
            by="a",
            entered_by="a",
            action=name,
            to_step="one" if name == "back" else None,
        )
        for index, name in enumerate(actions, 1)
    )
    return Case("C1-202606a-0001", events=events, settings={"least": "3"})


def test_how_often_something_was_done() -> None:
    assert true("{times: {try: {at_least: 2}}}", tried("try", "x", "try"))
    assert not true("{times: {try: {at_least: 2}}}", tried("try", "x"))
    assert true("{times: {try: {under: least}}}", tried("try", "try"))
    assert not true("{times: {try: {under: least}}}", tried("try", "try", "try"))
    assert true("{times: {try: {at_least: 1, under: 3}}}", tried("try"))


def test_since_counts_from_the_newest_time() -> None:
    since = "{times: {try: {at_least: 2, since: {enter: one}}}}"
    assert true(since, tried("try", "back", "try", "try"))
    assert not true(since, tried("try", "try", "back", "try"))


def test_when_one_event_is_required_and_resets_the_requirement_wins() -> None:
    assert true("{times: {back: {at_least: 1, since: {enter: one}}}}", tried("back"))


def test_what_is_missing_is_that_of_the_nearest_alternative() -> None:
    compiled, tests = condition("[{scope: small, text: given}, {scope: large, number: {over: 1}, cost: given}]")
    missed = list_failing_tests(tests, CaseFacts(carrying(scope="small"), compiled))
    assert [str(describe_test(test, compiled)) for test in missed] == ["text is given"]


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("{time: up}", "the time of this step is up"),
        ("{times: {try: {at_least: least}}}", "“try” was done at least least times"),
        ("{orders: {at_least: 2}}", "at least 2 of orders answered"),
        ("{orders: {all: done}}", "all of orders are done"),
        ("{orders: {any: [done, lost]}}", "at least one of orders is done, lost"),
        ("{other: {none: open}}", "none of other is open"),
        ("{text: given}", "text is given"),
        ("{text: missing}", "text is not given"),
        ("{scope: small}", "scope is small"),
        ("{scope: {not: small}}", "scope is not small"),
        ("{number: {over: 3}}", "number is over 3"),
        ("{number: {at_most: 3}}", "number is at most 3"),
    ],
)
def test_tests_in_words(when: str, words: str) -> None:
    compiled, tests = condition(when)
    assert tests is not None
    [[test]] = tests.alternatives
    assert str(describe_test(test, compiled)) == words


def test_a_field_that_nobody_declared_is_a_text() -> None:
    compiled = version("{}")
    assert CaseFacts(carrying(), compiled).type_of("nothing") == "text"
    assert compiled.steps["one"].actions["ask"].when is None
    assert tree_of("a: ''") == {"a": None}

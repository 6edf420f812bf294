"""Append to lists: what is appended is added to the list as the case has it when the action takes effect."""

from __future__ import annotations

from fujin_cli.core.cases.operation import Advance
from fujin_cli.core.findings.refusals import INPUT_MISSING, INPUT_UNFIT
from tests.support.case_sandbox import CaseSandbox
from tests.support.small_town import sandbox

LOOP = """
fields:
  partners: {type: list, of: partner, optional: yes, at_most: 2}
  rows: {type: list, of: visit, optional: yes}
  lead: {type: partner, optional: yes}
forms: {visit: {where: {type: text}, times: {type: count}}}
steps:
  one:
    owner: clerk
    actions:
      add: {by: clerk, may: [partners, rows, lead]}
      call: {by: clerk, needs: [partners]}
      close: {by: clerk, to: two}
  two: {end: done}
"""


def opened() -> tuple[CaseSandbox, str]:
    d = sandbox(LOOP)
    return d, d.open("loop", "clerk-1")


def test_values_are_appended_to_a_list_or_begin_it() -> None:
    d, case = opened()
    d.do(case, "add", "clerk-1", appends={"partners": "works"})
    assert d.value(case, "partners") == ["works"]
    [(_, event)] = d.do(case, "add", "clerk-1", appends={"partners": ["power"]})
    assert d.value(case, "partners") == ["works", "power"]
    assert event.set == {"partners": ["works", "power"]}  # an event says what the case has then


def test_rows_of_a_form_are_appended_behind_those_of_any_type() -> None:
    d, case = opened()
    for times in ("1", "2"):
        d.do(case, "add", "clerk-1", appends={"rows": [{"where": "hall", "times": times}]})
    assert d.value(case, "rows") == [{"where": "hall", "times": 1}, {"where": "hall", "times": 2}]


def test_a_list_that_is_set_and_appended_to_is_set_first() -> None:
    d, case = opened()
    d.do(case, "add", "clerk-1", partners=["works"])
    d.do(case, "add", "clerk-1", partners=["power"], appends={"partners": "school"})
    assert d.value(case, "partners") == ["power", "school"]


def test_an_appended_value_is_one_that_an_action_needs() -> None:
    d, case = opened()
    assert d.refused(case, "call", "clerk-1").code == INPUT_MISSING
    d.do(case, "call", "clerk-1", appends={"partners": "works"})
    assert d.value(case, "partners") == ["works"]


def test_what_does_not_fit_the_whole_list_is_refused() -> None:
    d, case = opened()
    d.do(case, "add", "clerk-1", partners=["works", "power"])
    more = {
        "school": "partners takes at most 2 values",
        "nobody": "nobody is not a value of partners; choose one of works, power, school",
    }
    for partner, message in more.items():
        refusal = d.refused(case, "add", "clerk-1", appends={"partners": partner})
        assert (refusal.code, str(refusal.message)) == (INPUT_UNFIT, message)
    d.do(case, "add", "clerk-1", partners=["works"])
    refusal = d.refused(case, "add", "clerk-1", appends={"partners": "works"})
    assert str(refusal.message) == "partners contains the same value twice"
    assert d.value(case, "partners") == ["works"]


def test_nothing_is_appended_to_what_is_no_list_or_no_field() -> None:
    d, case = opened()
    refusal = d.refused(case, "add", "clerk-1", appends={"lead": "works"})
    assert str(refusal.message) == "lead is no list, so nothing can be appended to it"
    assert str(refusal.help) == "replace its value with --set lead=VALUE"
    refusal = d.refused(case, "add", "clerk-1", appends={"partner": "works"})
    assert str(refusal.help) == "did you mean partners?"
    assert d.refused(case, "close", "clerk-1", appends={"partners": "works"}).code == INPUT_UNFIT


def test_an_appended_value_tells_requests_apart() -> None:
    plain = Advance("c", "add", "clerk-1", {"partners": ["works"]})
    appended = Advance("c", "add", "clerk-1", appends={"partners": ["works"]})
    assert len({plain.fingerprint(), appended.fingerprint(), Advance("c", "add", "clerk-1").fingerprint()}) == 3

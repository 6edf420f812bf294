"""Why nobody is left who can act on an open case, by what was taken out of the organisation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from fujin_cli.core.cases.outline import case_from_outline, outline_of
from fujin_cli.core.cases.vacancies import Vacancy, find_vacancy
from fujin_cli.core.findings.refusals import Refusal
from fujin_cli.core.model.organisation import Organisation
from tests.support.case_sandbox import CaseSandbox
from tests.support.small_town import sandbox

DAY = date(2026, 6, 1)
ORDER = """
people:
  clerk: {role: clerk, of: community}
  helper: {partner: to, through: [clerk]}
  head: {seat: head, of: committee}
  all: {members: committee}
fields:
  to: {type: partner, optional: yes}
  where: {type: venue, optional: yes}
steps:
  asked: {owner: clerk, within: 1 working day, actions: {give: {to: given, by: clerk, needs: [to], may: [where]},
    ask: {to: chaired, by: clerk}, meet: {to: met, by: clerk}}}
  given: {owner: helper, within: 1 working day, actions: {finish: {to: done, by: helper}}}
  chaired: {owner: head, within: 1 working day, actions: {finish: {to: done, by: head}}}
  met: {owner: all, within: 1 working day, actions: {finish: {to: done, by: all}}}
  done: {end: done}
"""


def without(organisation: Organisation, shelf: str, name: str) -> Organisation:
    """The organisation without one part."""
    own = {key: value for key, value in getattr(organisation, shelf).items() if key != name}
    changes: dict[str, Any] = {shelf: own}
    return replace(organisation, **changes)


def begun(action: str = "", **inputs: str) -> tuple[CaseSandbox, str]:
    on = sandbox(ORDER)
    case = on.open("loop", "clerk-1", committee="C1-pipes")
    if action:
        on.do(case, action, "clerk-1", **inputs)
    return on, case


def vacancy(on: CaseSandbox, case: str, organisation: Organisation) -> Vacancy | None:
    outlined = case_from_outline(outline_of(on.replay_case(case)))
    return find_vacancy(outlined, on.version_of(case), organisation, DAY)


@pytest.mark.parametrize(
    "action, inputs, shelf, name, expected",
    [
        ("give", {"to": "works"}, "partners", "works", Vacancy("partner", "works")),
        ("give", {"to": "works"}, "partners", "power", None),
        ("give", {"to": "works", "where": "hall"}, "venues", "hall", Vacancy("venue", "hall")),
        ("", {}, "rosters", "C1", Vacancy("role", "clerk", "C1")),
        ("", {}, "roles", "clerk", Vacancy("role", "clerk", "C1")),
        ("", {}, "committees", "C1-pipes", Vacancy("committee", "C1-pipes")),
        ("", {}, "communities", "C1", Vacancy("community", "C1")),
        ("ask", {}, "rosters", "C1-pipes", Vacancy("seat", "head", "C1-pipes")),
        ("meet", {}, "rosters", "C1-pipes", Vacancy("members", "committee", "C1-pipes")),
    ],
)
def test_what_is_gone_is_named(
    action: str, inputs: dict[str, str], shelf: str, name: str, expected: Vacancy | None
) -> None:
    on, case = begun(action, **inputs)
    organisation = on.workspace.organisation
    assert vacancy(on, case, organisation) is None
    assert vacancy(on, case, without(organisation, shelf, name)) == expected


@pytest.mark.parametrize("actor", ["works", "clerk-1"])
def test_a_removed_partner_acts_no_more_and_nobody_acts_for_it(actor: str) -> None:
    on, case = begun("give", to="works")
    assert on.can(case, "finish")
    on.workspace = replace(on.workspace, organisation=without(on.workspace.organisation, "partners", "works"))
    with pytest.raises(Refusal):
        on.do(case, "finish", actor)

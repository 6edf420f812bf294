"""What a move does, worked out apart from any operation."""

from __future__ import annotations

from datetime import UTC, datetime

from fujin_cli.core.cases.case import Case, Child
from fujin_cli.core.cases.transition import branch_of, is_limit_used_up, opening_branch, plan_transition
from fujin_cli.core.model.procedure import Procedure
from tests.support.small_town import town

LOOP = """
procedure: loop
case_of: community
opened: {by: [clerk], from: [visit]}
settings: {tries: {type: count, default: 2}}
people: {clerk: {role: clerk, of: community}}
fields:
  summary: {type: text}
  helpers: {type: list, of: person, optional: yes}
  partners: {type: list, of: partner, optional: yes}
steps:
  work:
    owner: clerk
    actions:
      ask:
        by: clerk
        may: [partners]
        to: work
        adds: {helpers: actor}
        opens: {order: {procedure: order, one_each: partners, instead_of: [ended]}}
        limit: tries
        then: {to: stopped, tell: {clerk: reminder}}
  done: {end: done}
  stopped: {end: cannot-be-fixed, counts_as: [answered]}
"""
ORDER = """
procedure: order
case_of: community
opened: {by: procedure}
people: {clerk: {role: clerk, of: community}}
fields: {summary: {type: text, optional: yes}}
steps:
  work: {owner: clerk, actions: {finish: {by: clerk, to: done}}}
  done: {end: done}
"""


def loop() -> tuple[Procedure, Case]:
    version = town(LOOP, ORDER).procedures["loop"]
    at = datetime(2026, 6, 1, tzinfo=UTC)
    case = Case(
        "XF01-202606a-0001", "loop", step="work", since=at, settings={"tries": "2"}, values={"helpers": ["p-1"]}
    )
    return version, case


def test_a_move_writes_orders_and_replaces() -> None:
    version, case = loop()
    action = version.steps["work"].actions["ask"]
    case = Case(
        case.id,
        step="work",
        values=case.values,
        children=(
            Child("A", "order", "partners", "done"),
            Child("B", "order", "partners"),
            Child("C", "other", "", "done"),
        ),
    )
    transition = plan_transition(version, case, branch_of(version, action, False), {"partners": ["x", "y"]}, "p-2")
    assert transition.branch.target == "work"
    assert transition.values == {"partners": ["x", "y"], "helpers": ["p-1", "p-2"]}
    assert transition.after.values["partners"] == ["x", "y"]
    assert transition.replaced == ("A",)
    assert [(order.opens.group, order.each) for order in transition.children] == [
        ("order", (("partners", "x"), ("partners", "y")))
    ]
    assert transition.opened_payload(iter(["D", "E"])) == {
        "replaces": ["A"],
        "opens": {"order": [{"case": "D", "each": "partners"}, {"case": "E", "each": "partners"}]},
    }
    assert transition.ending_payload() == {}


def test_a_limit_that_is_used_up_leads_elsewhere() -> None:
    version, case = loop()
    action = version.steps["work"].actions["ask"]
    counted = Case(case.id, step="work", settings=case.settings, counts={"work.ask": 2})
    assert not is_limit_used_up(case, action)
    assert is_limit_used_up(counted, action)
    transition = plan_transition(version, counted, branch_of(version, action, True), {}, "p-2")
    assert transition.branch.overflow
    assert transition.ending_payload() == {"outcome": "cannot-be-fixed", "counts_as": ["answered"]}
    assert [(tell.to, tell.kind) for tell in transition.notifications] == [("clerk", "reminder")]
    assert transition.children == ()


def test_an_opening_arrives_at_the_first_step() -> None:
    version, _ = loop()
    transition = plan_transition(
        version, Case("new", values={"summary": "wet"}), opening_branch(version), {"summary": "wet"}, "p-1"
    )
    assert (transition.branch.target, transition.values) == ("work", {"summary": "wet"})

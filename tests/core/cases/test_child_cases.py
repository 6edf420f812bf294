"""Child cases: what a case opens, what it gives and gets back, and what it waits for."""

from __future__ import annotations

from typing import Any

import pytest

from fujin_cli.core.findings.refusals import CHILDREN_OPEN, NOT_NOW, Refusal
from tests.support.case_sandbox import CaseSandbox
from tests.support.small_town import procedure, sandbox, with_procedures_used

ORDER = procedure(
    """
    opened: {by: procedure}
    people: {unit: {partner: to}, clerk: {role: clerk, of: community}}
    fields:
      task: {type: text, required: yes}
      to: {type: partner, required: yes}
      helper: {type: partner, optional: yes}
      is_lead: {type: yes_no, default: no, lead: yes}
      who: {type: person, optional: yes}
      parent: {type: case, optional: yes}
      result: {type: text, optional: yes}
    steps:
      sent:
        owner: unit
        on_enter: {tell: {unit: dispatched}}
        actions:
          done: {to: verified, by: unit, needs: [result]}
          bounce: {to: bounced, by: unit}
      verified: {end: verified, reopen: {within: 5 days, by: clerk, to: sent, limit: 1}}
      bounced: {end: bounced}
    """,
    "order",
)
LOOP = """
people: {clerk: {role: clerk, of: community}, lead: {partner: lead}}
fields:
  summary: {type: text, default: dig}
  lead: {type: partner, optional: yes}
  partners: {type: list, of: partner, optional: yes}
  result: {type: text, optional: yes}
steps:
  one:
    owner: clerk
    actions:
      dispatch:
        to: handling
        by: clerk
        needs: [lead]
        may: [partners]
        tell: {lead: progress}
        opens:
          orders:
            procedure: order
            one_each: [lead, partners]
            give: {task: summary, who: actor, parent: this case}
            bring: [result]
  handling:
    owner: clerk
    actions:
      finish: {to: closed, by: clerk, when: {orders: {all: verified}}}
      give-up: {to: closed, by: clerk}
      again:
        to: handling
        by: clerk
        needs: [lead]
        opens: {orders: {procedure: order, one_each: lead, give: {task: summary}, instead_of: INSTEAD}}
    then: [{when: {orders: {none: open, any: bounced}}, to: rerouting}]
  rerouting: {owner: clerk, actions: {back: {to: handling, by: clerk}}}
  closed: {end: done}
"""


def opened(instead: str = "bounced") -> tuple[CaseSandbox, str]:
    d = sandbox(LOOP.replace("INSTEAD", instead), ORDER)
    return d, d.open("loop", "clerk-1")


def dispatched(instead: str = "bounced") -> tuple[CaseSandbox, str, list[str]]:
    d, case = opened(instead)
    d.do(case, "dispatch", "clerk-1", lead="works", partners=["power", "school"])
    return d, case, d.children(case, "orders")


def outcomes(d: CaseSandbox, case: str) -> dict[str, Any]:
    return {child.case: child.outcome for child in d.replay_case(case).children}


def test_one_order_for_each_partner_the_first_is_the_leads() -> None:
    d, case = opened()
    d.do(case, "dispatch", "clerk-1", lead="works", partners=["power", "school"])
    orders = d.children(case, "orders")
    assert [(d.value(order, "to"), d.value(order, "is_lead")) for order in orders] == [
        ("works", "yes"),
        ("power", "no"),
        ("school", "no"),
    ]
    assert [child.each for child in d.replay_case(case).children] == ["lead", "partners", "partners"]
    assert [id for id, _ in d.happened] == [case, *orders]
    assert d.tells(case) == [("lead", "works", "progress")]  # named by this very move
    assert d.tells(orders[1]) == [("unit", "power", "dispatched")]


def test_what_an_order_is_given() -> None:
    d, case, orders = dispatched()
    order = d.replay_case(orders[0])
    assert order.values == {"task": "dig", "to": "works", "is_lead": "yes", "who": "clerk-1", "parent": case}
    assert (order.parent, order.parent_group, order.community, order.opened_by) == (case, "orders", "C1", "clerk-1")
    assert (order.committee, order.procedure, order.step) == (None, "order", "sent")


def test_without_partners_there_is_one_order() -> None:
    d, case = opened()
    d.do(case, "dispatch", "clerk-1", lead="works")
    assert len(d.children(case, "orders")) == 1


def test_all_have_to_answer_and_well() -> None:
    d, case, orders = dispatched()
    for order, unit in zip(orders, ("works", "power", "school"), strict=True):
        refusal = d.refused(case, "finish", "clerk-1")
        assert (refusal.code, str(refusal.message)) == (NOT_NOW, "this requires: all of orders are verified")
        d.do(order, "done", unit, result=f"dug by {unit}")
    assert d.value(case, "result") == "dug by school"  # brought by the last one
    d.do(case, "finish", "clerk-1")
    assert d.replay_case(case).outcome == "done"
    for id in (case, *orders):
        d.check_replay(id)


def test_the_last_answer_is_the_groups() -> None:
    d, case, orders = dispatched()
    answered = []
    for order, unit in zip(orders, ("works", "power", "school"), strict=True):
        d.do(order, "done", unit, result="x")
        answered += [event.data.get("answered") for id, event in d.happened if id == case]
    assert answered == [None, None, ["orders"]]


def test_no_end_while_own_children_are_open() -> None:
    d, case, orders = dispatched()
    refusal = d.refused(case, "give-up", "clerk-1")
    assert refusal.code == CHILDREN_OPEN
    assert refusal.who == tuple(orders)
    for order, unit in zip(orders, ("works", "power", "school"), strict=True):
        assert not d.can(case, "give-up")
        d.do(order, "done", unit, result="x")
    assert d.can(case, "give-up")


def test_a_bounce_takes_the_case_back_once_nobody_works_any_more() -> None:
    d, case, orders = dispatched()
    d.do(orders[1], "bounce", "power")
    assert d.step(case) == "handling"
    d.do(orders[0], "done", "works", result="x")
    d.do(orders[2], "done", "school", result="x")
    assert d.step(case) == "rerouting"
    assert [(id, event.kind) for id, event in d.happened] == [(orders[2], "action"), (case, "child"), (case, "move")]


def test_a_new_order_takes_the_place_of_those_with_that_outcome() -> None:
    d, case, orders = dispatched()
    d.do(orders[1], "bounce", "power")
    d.do(case, "again", "clerk-1", lead="power")
    new = d.children(case, "orders")[-1]
    assert d.children(case, "orders") == [orders[0], orders[2], new]
    assert d.replay_case(case).events[-1].data["replaces"] == [orders[1]]
    assert outcomes(d, case) == {orders[0]: None, orders[1]: "bounced", orders[2]: None, new: None}


def test_a_new_order_may_take_the_place_of_all_that_ended_but_never_of_an_open_one() -> None:
    d, case, orders = dispatched("ended")
    d.do(orders[0], "done", "works", result="x")
    d.do(case, "again", "clerk-1", lead="school")
    new = d.children(case, "orders")[-1]
    assert d.children(case, "orders") == [orders[1], orders[2], new]
    assert not d.can(case, "finish")


def test_a_new_order_beside_the_others() -> None:
    d, case, orders = dispatched("[]")
    d.do(orders[1], "bounce", "power")
    d.do(case, "again", "clerk-1", lead="school")
    assert d.children(case, "orders") == [*orders, d.children(case, "orders")[-1]]
    assert "replaces" not in d.replay_case(case).events[-1].data


def test_a_child_that_is_reopened_is_open_again_for_its_parent() -> None:
    d, case, orders = dispatched()
    for order, unit in zip(orders, ("works", "power", "school"), strict=True):
        d.do(order, "done", unit, result="x")
    assert d.can(case, "finish")
    d.do(orders[0], "reopen", "clerk-1")
    assert outcomes(d, case)[orders[0]] is None
    assert not d.can(case, "finish")
    assert not d.can(case, "give-up")
    d.do(orders[0], "done", "works", result="y")
    d.do(case, "finish", "clerk-1")


def test_a_child_of_an_ended_case_is_not_reopened() -> None:
    d, case, orders = dispatched()
    for order, unit in zip(orders, ("works", "power", "school"), strict=True):
        d.do(order, "done", unit, result="x")
    d.do(case, "finish", "clerk-1")
    refusal = d.refused(orders[0], "reopen", "clerk-1")
    assert refusal.code == NOT_NOW
    assert "no longer waits for this case" in str(refusal.message)
    assert d.replay_case(orders[0]).outcome == "verified"


def test_children_that_leave_go_their_own_way() -> None:
    d = sandbox(
        """
        steps:
          one: {owner: clerk, actions: {go: {to: end, by: clerk, opens: {after: {procedure: free, leaves: yes}}}}}
          end: {end: done}
        """,
        procedure("steps: {one: {owner: clerk, actions: {go: {to: end, by: clerk}}}, end: {end: done}}", "free"),
    )
    case = d.open("loop", "clerk-1")
    d.do(case, "go", "clerk-1")
    assert d.replay_case(case).outcome == "done"
    [child] = d.children(case, "after")
    assert d.replay_case(case).own_children() == ()
    d.do(child, "go", "clerk-1")
    assert outcomes(d, case) == {child: "done"}
    assert d.replay_case(case).events[-1].kind == "child"


def test_one_order_for_each_row_of_a_form() -> None:
    d = sandbox(
        """
        forms: {row: {unit: {type: partner, required: yes}, job: {type: text, required: yes}}}
        fields: {plan: {type: list, of: row}, summary: {type: text, default: dig}}
        steps:
          one:
            owner: clerk
            actions:
              go:
                to: one
                by: clerk
                needs: [plan]
                opens: {orders: {procedure: order, one_each: plan, to: unit, give: {task: job, result: summary}}}
        """,
        ORDER,
    )
    case = d.open("loop", "clerk-1")
    d.do(case, "go", "clerk-1", plan=[{"unit": "power", "job": "wire"}, {"unit": "works", "job": "dig"}])
    assert [
        (d.value(order, "to"), d.value(order, "task"), d.value(order, "result"), d.value(order, "is_lead"))
        for order in d.children(case, "orders")
    ] == [("power", "wire", "dig", "no"), ("works", "dig", "dig", "no")]


def test_children_opened_on_arrival_or_by_a_move_that_nobody_makes() -> None:
    d = sandbox(
        """
        steps:
          one:
            owner: clerk
            on_enter: {opens: {first: {procedure: free}}}
            then: [{when: {first: {all: done}}, to: two, opens: {second: {procedure: free}}}]
          two:
            owner: clerk
            then: [{when: {second: {all: ended}}, to: end}]
          end: {end: done}
        """,
        procedure("steps: {one: {owner: clerk, actions: {go: {to: end, by: clerk}}}, end: {end: done}}", "free"),
    )
    case = d.open("loop", "clerk-1")
    assert [(id == case, event.kind) for id, event in d.happened] == [(True, "opened"), (False, "opened")]
    [first] = d.children(case, "first")
    assert first == "C1-202606a-0002"
    d.do(first, "go", "clerk-1")
    assert d.step(case) == "two"
    [second] = d.children(case, "second")
    assert d.replay_case(second).opened_by == "system"
    d.do(second, "go", "clerk-1")
    assert d.replay_case(case).outcome == "done"


def test_grandchildren_answer_upwards_through_everything() -> None:
    top = """
        steps:
          one:
            owner: clerk
            on_enter: {opens: {below: {procedure: middle}}}
            then: [{when: {below: {all: done}}, to: end}]
          end: {end: done}
        """
    middle = procedure(top.replace("middle", "bottom"), "middle")
    bottom = procedure("steps: {one: {owner: clerk, actions: {go: {to: end, by: clerk}}}, end: {end: done}}", "bottom")
    d = sandbox(top, middle, bottom)
    d.open("loop", "clerk-1")
    assert len(d.happened) == 3
    d.do("C1-202606a-0003", "go", "clerk-1")
    assert [d.replay_case(f"C1-202606a-000{number}").outcome for number in (1, 2, 3)] == ["done", "done", "done"]


def test_a_childs_settings_come_from_its_community_and_committee() -> None:
    d = sandbox(
        "settings: {answer-time: {type: duration, default: 1 hour}}\n"
        "steps: {one: {owner: clerk, within: answer-time, on_enter: {opens: {below: {procedure: free}}}}}",
        procedure("settings: {answer-time: {type: duration, default: 2 hours}}\nsteps: {one: {owner: clerk}}", "free"),
    )
    d.workspace = with_procedures_used(d.workspace, {"C1-pipes": ["loop", "free"]})
    case = d.open("loop", "clerk-1", committee="C1-pipes")
    [child] = d.children(case, "below")
    assert d.replay_case(child).committee == "C1-pipes"
    assert (d.replay_case(case).settings["answer-time"], d.replay_case(child).settings["answer-time"]) == (
        "1 working day",
        "2 hours",
    )


def test_a_procedure_that_is_not_there_is_refused_and_changes_nothing() -> None:
    d = sandbox("steps: {one: {owner: clerk, actions: {go: {by: clerk, opens: {below: {procedure: nothing}}}}}}")
    case = d.open("loop", "clerk-1")
    with pytest.raises(Refusal) as caught:
        d.do(case, "go", "clerk-1")
    assert caught.value.code == "FJ815"
    assert len(d.ledger.read(case)) == 1


def test_a_child_without_a_partner_of_its_own_is_given_none() -> None:
    d = sandbox(
        """
        fields: {lead: {type: partner, default: works}}
        steps:
          one: {owner: clerk, on_enter: {opens: {below: {procedure: free, one_each: lead}}}}
        """,
        procedure("fields: {is_lead: {type: yes_no, lead: yes}}\nsteps: {one: {owner: clerk}}", "free"),
    )
    [child] = d.children(d.open("loop", "clerk-1"), "below")
    assert d.replay_case(child).values == {"is_lead": "yes"}


def test_a_field_that_was_not_brought_keeps_what_the_parent_had() -> None:
    d, case, orders = dispatched()
    d.do(orders[0], "done", "works", result="dug")
    d.do(orders[1], "bounce", "power")
    assert d.value(case, "result") == "dug"

"""Outcomes and groups that got new names: parents and children may follow different versions, and none gets stuck."""

from __future__ import annotations

import pytest

from fujin_cli.core.model.compile_procedure import compile_procedure
from fujin_cli.core.versions.migrate import migrate_case, undo_migration
from fujin_cli.core.versions.renames import find_renames
from tests.support.case_sandbox import CaseSandbox
from tests.support.small_town import procedure, sandbox, town

PARENT = """
fields: {summary: {type: text, optional: yes}}
steps:
  asked:
    owner: clerk
    within: 1 working day
    actions: {send: {to: waiting, by: clerk, opens: {orders: {procedure: order}}}}
  waiting:
    owner: clerk
    within: 5 working days
    actions: {note: {by: clerk}, check: {to: checking, by: clerk}}
  checking:
    owner: clerk
    within: 5 working days
    then:
      - {when: {orders: {all: verified}}, to: finished}
      - {when: {orders: {none: open, any: bounced}}, to: failed}
  finished: {end: done}
  failed: {end: failed}
"""
CHILD = """
steps:
  sent:
    owner: clerk
    within: 1 working day
    actions: {verify: {to: fine, by: clerk}, bounce: {to: back, by: clerk}}
  fine: {end: verified}
  back: {end: bounced}
"""
NEW_PARENT = PARENT.replace("verified", "accepted").replace("bounced", "returned")
NEW_CHILD = CHILD.replace("end: verified", "end: accepted, was: verified").replace(
    "end: bounced", "end: returned, was: [bounced]"
)
RENAMED_GROUP = NEW_PARENT.replace("orders", "jobs") + "groups: {jobs: {title: work orders, was: orders}}\n"


def laid(parent: str = PARENT, child: str = CHILD) -> CaseSandbox:
    return sandbox(procedure(parent), procedure(child, "order"))


def reformed(on: CaseSandbox, parent: str = NEW_PARENT, child: str = NEW_CHILD) -> None:
    """Publish other versions."""
    on.workspace = town(procedure(parent), procedure(child, "order"))
    on.versions |= {version.digest: version for version in on.workspace.procedures.values()}


def sent(on: CaseSandbox) -> tuple[str, str]:
    """A parent that waits for one child."""
    case = on.open("loop", "clerk-1")
    on.do(case, "send", "clerk-1")
    return case, on.children(case, "orders")[0]


def migrated(on: CaseSandbox, case: str) -> None:
    on.run_operation(lambda p: migrate_case(p, case, (), "coordinator-1", None))


@pytest.mark.parametrize("action, step", [("verify", "finished"), ("bounce", "failed")])
@pytest.mark.parametrize("moved", ["neither", "parent", "child", "both"])
def test_a_child_from_before_answers_whoever_was_migrated(action: str, step: str, moved: str) -> None:
    on = laid()
    case, child = sent(on)
    reformed(on)
    for id in {"neither": (), "parent": (case,), "child": (child,), "both": (case, child)}[moved]:
        migrated(on, id)
    on.do(case, "check", "clerk-1")
    on.do(child, action, "clerk-1")
    assert on.step(case) == step
    on.check_replay(case)


@pytest.mark.parametrize("action, step", [("verify", "finished"), ("bounce", "failed")])
@pytest.mark.parametrize("migrate", [False, True])
def test_a_child_that_follows_the_current_version_answers_a_parent_that_follows_its_own(
    action: str, step: str, migrate: bool
) -> None:
    on = laid()
    case = on.open("loop", "clerk-1")
    reformed(on)
    on.do(case, "send", "clerk-1")
    child = on.children(case, "orders")[0]
    on.do(child, action, "clerk-1")
    answer = on.replay_case(case).events[-1].data
    assert answer["ended_as"] in ("accepted", "returned") and answer["child_outcome"] in ("verified", "bounced")
    if migrate:
        migrated(on, case)
    on.do(case, "check", "clerk-1")
    assert on.step(case) == step


@pytest.mark.parametrize("action, outcome", [("verify", "accepted"), ("bounce", "returned")])
def test_a_migration_renames_the_outcomes_that_a_case_has_heard_of(action: str, outcome: str) -> None:
    on = laid()
    case, child = sent(on)
    on.do(child, action, "clerk-1")
    reformed(on)
    migrated(on, case)
    assert on.replay_case(case).children[0].outcome == outcome
    on.check_replay(case)
    on.run_operation(lambda p: undo_migration(p, case, "coordinator-1", None))
    assert on.replay_case(case).children[0].outcome == {"accepted": "verified", "returned": "bounced"}[outcome]


@pytest.mark.parametrize("answered", [False, True])
def test_a_group_keeps_its_cases_under_a_new_name(answered: bool) -> None:
    on = laid()
    case, child = sent(on)
    if answered:
        on.do(child, "verify", "clerk-1")
    reformed(on, RENAMED_GROUP)
    migrated(on, case)
    assert on.children(case, "jobs") == [child]
    if not answered:
        on.do(child, "verify", "clerk-1")
    on.do(case, "check", "clerk-1")
    assert on.step(case) == "finished"
    on.check_replay(case)


def test_a_merged_case_hears_of_the_other_one_in_its_own_words() -> None:
    merged = """
    fields: {same_as: {type: case, of: order, optional: yes}}
    steps:
      asked:
        owner: clerk
        within: 1 working day
        actions: {merge: {to: merged, by: clerk, needs: [same_as], does: {link: {join: same_as}}}}
      merged:
        owner: clerk
        within: 9 working days
        then: [{when: {same_as: {all: verified}}, to: finished}]
      finished: {end: done}
    """
    on = laid(merged)
    other, case = on.open("order", "clerk-1"), on.open("loop", "clerk-1")
    on.do(case, "merge", "clerk-1", same_as=other)
    reformed(on, merged.replace("verified", "accepted"))
    migrated(on, other)
    on.do(other, "verify", "clerk-1")
    assert on.step(case) == "finished"
    migrated_back = on.replay_case(case)
    assert migrated_back.joined_outcome == "verified"


def test_was_names_what_an_outcome_or_a_group_was_called() -> None:
    old, new = (compile_procedure(procedure(text)) for text in (PARENT, RENAMED_GROUP))
    before, after = (compile_procedure(procedure(text, "order")) for text in (CHILD, NEW_CHILD))
    renames = find_renames(old, new, {"order": after})
    assert renames.groups == {"orders": "jobs"}
    assert renames.child_outcomes == {"jobs": {"verified": "accepted", "bounced": "returned"}}
    assert find_renames(before, after).outcomes == {"verified": "accepted", "bounced": "returned"}


def test_was_may_name_the_step_and_its_outcome() -> None:
    old = compile_procedure(procedure(CHILD, "order"))
    new = compile_procedure(
        procedure(
            CHILD.replace("fine: {end: verified}", "good: {end: accepted, was: [fine, verified]}").replace(
                "to: fine", "to: good"
            ),
            "order",
        )
    )
    renames = find_renames(old, new)
    assert (renames.steps, renames.outcomes) == ({"fine": "good"}, {"verified": "accepted"})


def test_an_outcome_that_still_exists_was_not_renamed() -> None:
    old = compile_procedure(procedure(CHILD, "order"))
    new = compile_procedure(procedure(CHILD.replace("end: bounced", "end: returned, was: verified"), "order"))
    assert find_renames(old, new).outcomes == {}

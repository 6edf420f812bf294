"""Moving cases to another law and back: what is replayed is what was decided, and nothing else changes."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.evolve import version_digest_after
from fujin_cli.core.findings.refusals import CANNOT_MIGRATE, MIGRATE_ENDED, MIGRATION_UNFIT, NOTHING_TO_UNDO, Refusal
from fujin_cli.core.model.migration_file import Migration
from fujin_cli.core.versions.migrate import migrate_case, undo_migration
from fujin_cli.core.versions.migration_plan import MigrationPlan
from tests.core.versions.test_replay import Driver
from tests.support.case_sandbox import CaseSandbox
from tests.support.generators.random_edits import Tree, versions
from tests.support.small_town import procedure, sandbox, town

OLD = """
fields: {reason: {type: text, optional: yes}}
steps:
  asked:
    owner: clerk
    within: 1 working day
    actions: {take: {to: doing, by: clerk}}
  doing:
    owner: clerk
    within: 5 working days
    ladder: [{before: 1 working day, tell: [clerk]}, {at: deadline, tell: [clerk]}]
    actions: {finish: {to: done, by: clerk}, wait: {by: clerk, limit: 2}}
  done: {end: done}
"""
RENAMED = OLD.replace("doing", "working").replace("    within: 5", "    was: doing\n    within: 3")
ASKING = OLD.replace("take: {to: doing, by: clerk}", "take: {to: doing, by: clerk, needs: [reason]}")


def moved_to(on: CaseSandbox, case: str, text: str, *migrations: Migration) -> MigrationPlan:
    """Migrate a case to a new version of its procedure."""
    on.workspace = town(procedure(text))
    on.versions |= {version.digest: version for version in on.workspace.procedures.values()}
    plan: MigrationPlan = on.run_operation(lambda p: migrate_case(p, case, migrations, "coordinator-1", None))
    return plan


def taken(text: str = OLD) -> tuple[CaseSandbox, str]:
    on = sandbox(text)
    case = on.open("loop", "clerk-1")
    on.do(case, "take", "clerk-1")
    return on, case


def test_a_case_moves_where_the_new_law_allows_its_history() -> None:
    on, case = taken()
    on.do(case, "wait", "clerk-1")
    on.later(days=1)
    plan = moved_to(on, case, RENAMED)
    assert (plan.way, on.step(case)) == ("replay", "working")
    assert on.replay_case(case).counts["working.wait"] == 1
    assert on.due(case) == "2026-06-04T17:00"  # three working days from when it arrived, not from now
    on.check_replay(case)
    on.do(case, "wait", "clerk-1")
    assert not on.can(case, "wait")  # the limit counts what was done under the old name of the step
    on.do(case, "finish", "clerk-1")
    assert on.replay_case(case).outcome == "done"


def test_nothing_else_migrates_a_case() -> None:
    on, case = taken()
    version = on.replay_case(case).version_digest
    on.workspace = town(procedure(RENAMED))
    on.versions |= {entry.digest: entry for entry in on.workspace.procedures.values()}
    on.later(days=9)
    on.tick(case)
    on.do(case, "finish", "clerk-1")
    assert on.replay_case(case).version_digest == version


def test_what_cannot_move_is_refused_and_says_why() -> None:
    on, case = taken()
    with pytest.raises(Refusal, match="reason") as caught:
        moved_to(on, case, ASKING)
    assert caught.value.code == CANNOT_MIGRATE
    assert len(on.ledger.read(case)) == 2


def test_a_migration_file_says_where_it_goes() -> None:
    on, case = taken()
    version = on.replay_case(case).version_digest
    due = on.due(case)
    on.later(days=1)
    file = Migration("again", "loop", version[:12], "", {"doing": "asked"}, True, "because", "city-1", "m.yaml")
    plan = moved_to(on, case, ASKING, file)
    assert (plan.way, on.step(case), on.due(case)) == ("mapped", "asked", due)
    event = on.replay_case(case).events[-1]
    assert (event.note, event.data["approver"], event.data["from_law"]) == ("because", "city-1", version)
    on.do(case, "take", "clerk-1", reason="x")
    assert on.due(case) == "2026-06-09T17:00"  # the kept deadline was that of the visit alone


def test_a_migration_file_may_begin_the_time_anew() -> None:
    on, case = taken()
    on.later(days=2)
    file = Migration(
        "again", "loop", on.replay_case(case).version_digest[:12], "", {"doing": "asked"}, False, "because", "city-1"
    )
    moved_to(on, case, ASKING, file)
    assert on.due(case) == "2026-06-04T17:00"


def test_a_migration_file_that_leaves_the_step_out_moves_nothing() -> None:
    on, case = taken()
    file = Migration(
        "again", "loop", on.replay_case(case).version_digest[:12], "", {"asked": "asked"}, True, "because", "city-1"
    )
    with pytest.raises(Refusal) as caught:
        moved_to(on, case, ASKING, file)
    assert caught.value.code == MIGRATION_UNFIT


def test_an_ended_case_keeps_its_law() -> None:
    on, case = taken()
    on.do(case, "finish", "clerk-1")
    with pytest.raises(Refusal) as caught:
        moved_to(on, case, RENAMED)
    assert caught.value.code == MIGRATE_ENDED


def test_a_migration_is_taken_back_while_nothing_new_happened() -> None:
    on, case = taken()
    before = on.replay_case(case)
    moved_to(on, case, RENAMED)
    on.run_operation(lambda p: undo_migration(p, case, "coordinator-1", None))
    after = on.replay_case(case)
    assert without_history(after) == without_history(before)
    assert [version_digest_after(after, n) == before.version_digest for n in (2, 3, 4)] == [True, False, True]
    with pytest.raises(Refusal) as caught:
        on.run_operation(lambda p: undo_migration(p, case, "coordinator-1", None))
    assert caught.value.code == NOTHING_TO_UNDO
    moved_to(on, case, RENAMED)
    on.do(case, "wait", "clerk-1")
    with pytest.raises(Refusal):
        on.run_operation(lambda p: undo_migration(p, case, "coordinator-1", None))


def without_history(case: Case) -> dict[str, Any]:
    """Everything that a case is but for its events."""
    return {entry.name: getattr(case, entry.name) for entry in fields(case) if entry.name != "events"}


@pytest.mark.slow
@given(st.data(), versions())
@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
def test_migrating_and_taking_back_leave_a_case_as_it_was(
    data: st.DataObject, pair: tuple[list[Tree], list[Tree]]
) -> None:
    old, new = pair
    driver = Driver(data.draw, old)
    on, case = driver.sandbox, driver.cases[0]
    before = on.replay_case(case)
    on.workspace = town(*new)
    on.versions |= {version.digest: version for version in on.workspace.procedures.values()}
    try:
        plan: MigrationPlan = on.run_operation(lambda p: migrate_case(p, case, (), "coordinator-1", None))
    except Refusal as refusal:
        assert refusal.code in (CANNOT_MIGRATE, MIGRATE_ENDED)
        assert on.replay_case(case) == before
        return
    if plan.way == "same":
        return
    after = on.replay_case(case)
    assert replace(after, events=(), renamed=()) == replace(on.touched[case], events=(), renamed=())
    assert after.version_digest == on.workspace.procedures["loop"].digest
    on.moves(case)  # every guard can be judged under the new names
    on.deadlines(case).clock_states()
    if after.events[-1].kind == "migrated":
        on.run_operation(lambda p: undo_migration(p, case, "coordinator-1", None))
        assert without_history(on.replay_case(case)) == without_history(before)


def test_guarantees_about_who_acts_hold_for_the_history() -> None:
    """`different_people` and `only` of the new version are checked against who did what."""
    text = OLD.replace("finish: {to: done, by: clerk}", "finish: {by: clerk, limit: 2}, stop: {to: done, by: clerk}")
    on, case = taken(text)
    on.do(case, "finish", "clerk-1")
    with pytest.raises(Refusal) as refused:
        moved_to(on, case, text + "guarantees: {eyes: {different_people: [take, finish]}}\n")
    assert refused.value.code == CANNOT_MIGRATE and "clerk-1" in str(refused.value.message)


@pytest.mark.parametrize(
    ("opener", "allowed", "moves"),
    [
        ("clerk-1", "[clerk, resident]", True),
        ("clerk-1", "[resident]", True),  # under which of the two names the clerk did it is not recorded
        ("clerk-1", "[procedure]", False),
        ("clerk-1", "[coordinator]", False),
        ("resident", "[clerk]", False),
        ("resident", "[resident, clerk]", True),
    ],
)
def test_only_those_whom_the_new_law_allows_opened_the_case(opener: str, allowed: str, moves: bool) -> None:
    on = sandbox(OLD)
    case = on.open("loop", opener)
    changed = f"{OLD}guarantees: {{who: {{only: {{opened: {allowed}}}}}}}\n"
    if moves:
        assert moved_to(on, case, changed).way == "replay"
    else:
        with pytest.raises(Refusal, match="whom a guarantee does not allow"):
            moved_to(on, case, changed)


@pytest.mark.parametrize("allowed, moves", [("clerk", True), ("inspector", False)])
def test_only_holds_for_the_history(allowed: str, moves: bool) -> None:
    on, case = taken()
    on.do(case, "wait", "clerk-1")
    changed = f"{RENAMED}guarantees: {{who: {{only: {{wait: {allowed}}}}}}}\n"
    if moves:
        assert moved_to(on, case, changed).way == "replay"
        return
    with pytest.raises(Refusal) as refused:
        moved_to(on, case, changed)
    assert "wait was done by clerk" in str(refused.value.message)

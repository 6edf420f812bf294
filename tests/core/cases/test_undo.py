"""Undo: one's own last action is taken back; but for the history the case is as it was before it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.corrections import undo_action
from fujin_cli.core.cases.deadlines import Deadlines
from fujin_cli.core.cases.event import Event, EventKind
from fujin_cli.core.cases.evolve import evolve
from fujin_cli.core.cases.notifications import record_delivery
from fujin_cli.core.findings.refusals import HAS_CONSEQUENCES, NO_OWN_ACTION, UNDO_TOO_LATE, Refusal
from fujin_cli.core.verify.event_verdicts import find_violations
from fujin_cli.core.versions.replay import replay_under
from tests.core.cases.test_random_operations import Walk
from tests.support.case_sandbox import CaseSandbox
from tests.support.generators.random_procedures import procedure_pairs
from tests.support.small_town import procedure, sandbox

LOOP = """
people:
  reporter: {contact: reporter, proof: acceptance-code, through: [inspector]}
  clerk: {role: clerk, of: community}
  inspector: {role: inspector, of: community}
  street: {role: supervisor, of: street}
opened: {by: [clerk, procedure], gives: {reporter: [acceptance-code]}}
fields: {words: {type: text, optional: yes}, reporter: {type: contact, optional: yes}}
clocks: {answer: {from: opened, until: {tells: reporter}, within: 1 working day}}
steps:
  asked:
    owner: clerk
    within: 1 working day
    ladder: [{at: deadline, tell: [clerk]}]
    actions:
      go: {to: passed, by: clerk, may: [words], tell: {reporter: answer}, limit: 1}
      hand-out: {by: clerk, opens: {tasks: {procedure: task}}}
      end: {to: over, by: clerk}
      approve: {to: over, by: reporter}
  passed: {then: [{to: working}]}
  working: {owner: clerk, within: 2 working days, actions: {end: {to: over, by: clerk}}}
  over: {end: done, reopen: {within: 5 days, to: asked, by: clerk, limit: 1}}
anytime:
  pause: {by: clerk, in: [working], stops_clock_until: day, needs: [day], limit: 1}
  note: {by: [clerk, inspector], may: [words]}
guarantees: {answered: {before: {enter: working}, require: {tells: reporter}}}
"""
LOOP = LOOP.replace("{words:", "{day: {type: date, optional: yes}, words:")
TASK = procedure("steps: {doing: {owner: clerk, actions: {finish: {to: over, by: clerk}}}, over: {end: done}}", "task")


@pytest.fixture
def opened() -> tuple[CaseSandbox, str]:
    d = sandbox(LOOP, TASK)
    return d, d.open("loop", "clerk-1", reporter="vault:c-0000000000000001")


def undo(d: CaseSandbox, case: str, actor: str = "clerk-1", within: str = "10 minutes") -> int:
    return int(d.run_operation(lambda operation: undo_action(operation, case, actor, None, within)))


def refused(d: CaseSandbox, case: str, actor: str = "clerk-1") -> Refusal:
    before = d.ledger.read(case)
    with pytest.raises(Refusal) as refusal:
        undo(d, case, actor)
    assert d.ledger.read(case) == before
    return refusal.value


def state(case: Case) -> Case:
    """The case without its history."""
    return replace(case, events=(), undone=frozenset())


def test_the_case_is_as_before_and_both_events_stay(opened: tuple[CaseSandbox, str]) -> None:
    d, case = opened
    before = d.replay_case(case)
    d.later(minutes=1)
    d.do(case, "go", "clerk-1", words="soon")
    assert d.step(case) == "working"
    assert undo(d, case) == 2
    after = d.replay_case(case)
    assert state(after) == state(before)
    assert [entry.kind for entry in after.events] == ["opened", "action", "move", "undone"]
    assert after.events[-1].data["undoes"] == [2, 3]
    assert after.events_in_effect == before.events
    assert list(after.notifications()) == list(before.notifications())  # its message is withdrawn


def test_clocks_limits_deadlines_and_guarantees_do_not_see_it(opened: tuple[CaseSandbox, str]) -> None:
    d, case = opened
    d.later(minutes=1)
    d.do(case, "go", "clerk-1")
    undo(d, case)
    version, after = d.version_of_case(d.replay_case(case)), d.replay_case(case)
    (clock,) = Deadlines(after, version, d.calendar).clock_states()
    assert clock.end is None  # nobody was told
    assert after.counts == {}
    d.later(minutes=1)
    d.do(case, "go", "clerk-1")  # the limit of one is not used up
    after = d.replay_case(case)
    assert find_violations(after, version) == ()
    same = replay_under(after, version, replace(version, digest="later"), {}, d.calendar).case
    assert same is not None and same.step == "working"


def test_an_undone_end_is_open_again_and_can_be_undone_no_further(opened: tuple[CaseSandbox, str]) -> None:
    d, case = opened
    d.do(case, "end", "clerk-1")
    undo(d, case)
    assert not d.replay_case(case).has_ended
    assert refused(d, case).code == NO_OWN_ACTION  # what is left is the opening


def test_a_remark_before_it_can_be_taken_back_next(opened: tuple[CaseSandbox, str]) -> None:
    d, case = opened
    d.do(case, "note", "clerk-1", words="one")
    d.do(case, "note", "clerk-1", words="two")
    undo(d, case)
    assert d.replay_case(case).values["words"] == "one"
    undo(d, case)
    assert "words" not in d.replay_case(case).values
    assert d.replay_case(case).undone == {2, 3, 4, 5}


def test_only_one_s_own_last_action_and_only_for_a_while(opened: tuple[CaseSandbox, str]) -> None:
    d, case = opened
    d.do(case, "note", "clerk-1", words="one")
    assert refused(d, case, "inspector-1").code == NO_OWN_ACTION
    assert refused(d, case, "inspector-1").who == ("clerk-1",)
    d.later(minutes=11)
    assert refused(d, case).code == UNDO_TOO_LATE
    assert undo(d, case, within="1 hour") == 2


def test_what_time_did_since_stands_in_the_way(opened: tuple[CaseSandbox, str]) -> None:
    d, case = opened
    d.at("2026-06-02T16:59").do(case, "note", "clerk-1", words="one")
    d.at("2026-06-02T17:01").tick(case)
    assert refused(d, case).code == NO_OWN_ACTION


def test_what_reached_others_is_not_taken_back(opened: tuple[CaseSandbox, str]) -> None:
    d, case = opened
    d.do(case, "hand-out", "clerk-1")
    assert refused(d, case).code == HAS_CONSEQUENCES
    child = d.replay_case(case).children[0].case
    d.do(child, "finish", "clerk-1")
    assert refused(d, child).code == HAS_CONSEQUENCES  # its parent was told


def test_what_was_delivered_or_proved_is_not_taken_back(opened: tuple[CaseSandbox, str]) -> None:
    d, case = opened
    d.do(case, "go", "clerk-1")
    d.run_operation(lambda operation: record_delivery(operation, case, [f"{case}.2.1"], "clerk-1"))
    assert "waiting" in str(refused(d, case).message)
    other = d.open("loop", "clerk-1", reporter="vault:c-0000000000000001")
    d.do(other, "approve", "inspector-1", code=d.code(other))
    assert "code" in str(refused(d, other, "inspector-1").message)


def test_a_pause_is_taken_back(opened: tuple[CaseSandbox, str]) -> None:
    d, case = opened
    d.do(case, "go", "clerk-1")
    due = d.due(case)
    d.later(minutes=1)
    d.do(case, "pause", "clerk-1", day="2026-06-08")
    undo(d, case)
    assert (d.replay_case(case).running_pause, d.due(case)) == (None, due)


@pytest.mark.slow
@given(st.data())
@settings(deadline=None, max_examples=30, suppress_health_check=list(HealthCheck))
def test_the_state_after_undo_is_the_state_before_the_action(data: st.DataObject) -> None:
    walk = Walk(data.draw, data.draw(procedure_pairs()))
    d = walk.sandbox
    for _ in range(10):
        walk.one(walk.act, walk.act, walk.wait, walk.resume)()
        walk.check()
        before = {case: d.replay_case(case) for case in walk.cases}
        walk.act()
        for case, earlier in before.items():
            new = d.ledger.read(case)[len(earlier.events) :]
            if not new or new[0].kind not in ("action", "amended"):
                continue
            try:
                undo(d, case, new[0].entered_by)
            except Refusal as refusal:
                assert refusal.code == HAS_CONSEQUENCES
                event(str(refusal.message))
                continue
            event("taken back")
            after = d.replay_case(case)
            assert state(after) == state(earlier)
            assert after.events_in_effect == earlier.events_in_effect
            assert after.waiting_notifications() == earlier.waiting_notifications()
            d.check_replay(case)


def test_a_migration_afterwards_keeps_the_history_in_step(opened: tuple[CaseSandbox, str]) -> None:
    d, case = opened
    d.do(case, "note", "clerk-1", words="one")
    undo(d, case)
    d.do(case, "note", "clerk-1", words="two")
    before = d.replay_case(case)
    moved = {"step": "begun", "since": before.since.isoformat(), "counts": {}, "fired": [], "time_up": False}
    moved |= {"raised": [], "raised_at": None, "pauses": [], "replaced": [], "leaves": []}
    names: dict[str, dict[str, str]] = {"steps": {"asked": "begun"}, "actions": {}, "fields": {}, "people": {}}
    data = {"law": "later", "from_law": before.version_digest, "settings": {}, "state": moved, "names": names}
    migrated = Event(n=5, at=d.now, kind=EventKind.MIGRATED, by="clerk-1", entered_by="clerk-1", data=data)
    after = evolve(before, migrated)
    assert [entry.n for entry in after.events_in_current_names] == [1, 4, 5]
    assert [entry.to_step for entry in after.events_in_current_names] == ["begun", None, None]
    back = replace(migrated, n=6, kind=EventKind.MIGRATION_UNDONE, data={"undoes": 5, "law": before.version_digest})
    again = evolve(after, back)
    assert state(again) == state(before)
    assert [entry.n for entry in again.events_in_current_names] == [1, 4, 5, 6]

"""Joining a request to another one, and splitting it off again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fujin_cli.core.findings.refusals import INPUT_UNFIT, MERGE_REFUSED
from tests.support.case_sandbox import CaseSandbox
from tests.support.request_cases import (
    COORDINATOR,
    INSPECTOR,
    LEAD,
    OTHERS,
    REPORTER,
    STREET,
    closed,
    dispatched,
    finished,
    fujin,
    reported,
)
from tests.support.small_town import sandbox


@pytest.fixture
def d() -> CaseSandbox:
    return fujin()


def joined(d: CaseSandbox, other: str, contact: str = OTHERS[0]) -> str:
    case = reported(d, contact)
    d.do(case, "merge", COORDINATOR, duplicate_of=other)
    return case


def test_a_joined_request_waits_and_everybody_hears(d: CaseSandbox) -> None:
    first = dispatched(d)
    case = joined(d, first)
    assert d.step(case) == "joined"
    assert d.tells(case) == [("reporters", OTHERS[0], "merged")]
    assert d.tells(first) == [("coordinator", COORDINATOR, "joined")]
    assert d.replay_case(first).joined == (case,)
    assert d.replay_case(case).joined_to == ("duplicate_of", first)
    assert d.value(first, "joined") == [OTHERS[0]]
    assert d.step(first) == "handling"
    d.check_replay(first)
    d.check_replay(case)


def test_every_complainant_is_told_from_then_on_and_the_first_accepts(d: CaseSandbox) -> None:
    first = dispatched(d)
    second, third = joined(d, first, OTHERS[0]), joined(d, first, OTHERS[1])
    finished(d, first)
    assert {who for to, who, _ in d.tells() if to == "reporters"} == {REPORTER, OTHERS[0], OTHERS[1]}
    d.do(first, "approve", INSPECTOR, code=d.code(first))
    assert [tell for tell in d.tells() if tell[2] == "answer"] == [  # each from their own request, and once
        ("reporter", REPORTER, "answer"),
        ("reporter", OTHERS[0], "answer"),
        ("reporter", OTHERS[1], "answer"),
    ]
    assert [d.replay_case(case).outcome for case in (first, second, third)] == ["done", "merged", "merged"]
    assert d.replay_case(second).counts_as == ("answered",)
    for case in (first, second, third):
        d.check_replay(case)


def test_a_joined_request_has_no_say_of_its_own(d: CaseSandbox) -> None:
    first = dispatched(d)
    second = joined(d, first)
    assert set(d.moves(second)) == {"split", "note", "correct"}
    finished(d, first)
    assert d.refused(first, "approve", INSPECTOR, code=d.code(second)).code == "FJ806"


def test_a_request_ends_with_one_that_was_found_unfixable(d: CaseSandbox) -> None:
    first = dispatched(d)
    second = joined(d, first)
    d.do(finished(d, first), "refuse", INSPECTOR, code=d.code(first), reason="still there")
    for _ in range(2):
        d.do(finished(d, first), "refuse", INSPECTOR, code=d.code(first), reason="still there")
    d.do(first, "explain", STREET, explanation="no money")
    assert (d.replay_case(first).outcome, d.replay_case(second).outcome) == ("cannot-be-fixed", "merged")
    assert d.tells(second) == [("reporter", OTHERS[0], "answer")]


def decline(d: CaseSandbox, first: str) -> None:
    d.do(first, "decline", COORDINATOR, reason="not ours")


def withdraw(d: CaseSandbox, first: str) -> None:
    d.do(first, "withdraw", INSPECTOR, code=d.code(first))


def give_up(d: CaseSandbox, first: str) -> None:
    d.do(first, "accept", COORDINATOR)
    d.do(first, "dispatch", COORDINATOR, lead=LEAD)
    finished(d, first)
    for _ in range(3):
        d.later(days=1).do(first, "try", INSPECTOR)
    d.do(first, "give-up", INSPECTOR)


@pytest.mark.parametrize(("end", "outcome"), [(decline, "declined"), (withdraw, "withdrawn"), (give_up, "unreachable")])
def test_a_request_is_on_its_own_again_where_nobody_handled_the_other(
    d: CaseSandbox, end: Callable[[CaseSandbox, str], None], outcome: str
) -> None:
    # given two requests that were merged, when the first one ends without being handled
    first = reported(d)
    second = joined(d, first)
    end(d, first)
    # then the second one is deliberated, and its complainant alone hears of it, once
    assert (d.replay_case(first).outcome, d.step(second)) == (outcome, "deliberating")
    assert d.tells(second) == [("reporters", OTHERS[0], "progress"), ("coordinator", COORDINATOR, "progress")]
    assert [tell for tell in d.tells() if tell[1] in (REPORTER, *OTHERS)] == [
        ("reporter", REPORTER, "answer"),
        ("reporters", OTHERS[0], "progress"),
    ]
    # with a clock of its own
    case = d.replay_case(second)
    clocks = {state.clock.name: state for state in d.deadlines(second).clock_states()}
    assert (clocks["on-its-own"].start, clocks["on-its-own"].reached) == (d.now, False)
    # and it no longer hangs on the first one, whatever becomes of that
    assert (case.joined_to, d.replay_case(first).joined, d.value(first, "joined")) == (None, (), [])
    d.check_replay(first)
    d.check_replay(second)


def test_the_second_complainant_closes_her_own_request(d: CaseSandbox) -> None:
    first = reported(d)
    second = joined(d, first)
    withdraw(d, first)
    d.do(second, "dispatch", COORDINATOR, lead=LEAD)
    d.do(finished(d, second), "approve", INSPECTOR, code=d.code(second))
    assert d.replay_case(second).outcome == "done"


def test_a_reopened_request_leaves_alone_the_one_that_parted_from_it(d: CaseSandbox) -> None:
    first = reported(d)
    second = joined(d, first)
    decline(d, first)
    before = len(d.replay_case(second).events)
    d.do(first, "reopen", INSPECTOR, code=d.code(first), reason="it is yours")
    d.do(first, "explain", STREET, explanation="no money")
    assert len(d.replay_case(second).events) == before
    assert OTHERS[0] not in [who for _, who, _ in d.tells(first)]


def test_splitting_takes_it_back_with_its_complainant(d: CaseSandbox) -> None:
    first = dispatched(d)
    second, third = joined(d, first, OTHERS[0]), joined(d, first, OTHERS[1])
    d.do(second, "split", COORDINATOR, reason="another gate")
    assert d.step(second) == "deliberating"
    assert d.tells(first) == [("coordinator", COORDINATOR, "parted")]
    assert (d.replay_case(first).joined, d.value(first, "joined")) == ((third,), [OTHERS[1]])
    assert d.replay_case(second).joined_to is None
    finished(d, first)
    d.do(first, "approve", INSPECTOR, code=d.code(first))
    assert d.step(second) == "deliberating"
    assert d.replay_case(third).outcome == "merged"
    d.check_replay(second)


def test_one_complainant_with_two_joined_requests_stays_told_when_one_parts(d: CaseSandbox) -> None:
    first = reported(d)
    second, third = joined(d, first), joined(d, first)
    d.do(first, "accept", COORDINATOR)
    assert [who for _, who, _ in d.tells(first)] == [REPORTER, OTHERS[0]]  # told once
    d.do(second, "split", COORDINATOR, reason="another gate")
    assert d.value(first, "joined") == [OTHERS[0]]
    d.do(first, "cannot", COORDINATOR, explanation="no money")
    assert d.tells(first)[:2] == [("reporters", REPORTER, "progress"), ("reporters", OTHERS[0], "progress")]
    d.do(third, "split", COORDINATOR, reason="another gate")
    assert d.value(first, "joined") == []


def test_a_request_is_not_joined_to_itself(d: CaseSandbox) -> None:
    case = reported(d)
    assert d.refused(case, "merge", COORDINATOR, duplicate_of=case).code == MERGE_REFUSED


def test_a_request_is_not_joined_to_one_that_has_ended(d: CaseSandbox) -> None:
    ended = closed(d)
    case = reported(d)
    assert d.refused(case, "merge", COORDINATOR, duplicate_of=ended).code == INPUT_UNFIT


def test_a_request_is_not_joined_to_one_that_waits_itself(d: CaseSandbox) -> None:
    first = dispatched(d)
    second = joined(d, first)
    third = reported(d)
    refusal = d.refused(third, "merge", COORDINATOR, duplicate_of=second)
    assert refusal.code == MERGE_REFUSED
    assert str(refusal.help) == f"merge into {first} instead"


def test_a_request_that_others_joined_is_not_joined(d: CaseSandbox) -> None:
    first, other = reported(d), reported(d)
    second = joined(d, first)
    refusal = d.refused(first, "merge", COORDINATOR, duplicate_of=other)
    assert refusal.code == MERGE_REFUSED
    assert second in str(refusal.message)


def test_a_request_is_only_joined_to_a_request(d: CaseSandbox) -> None:
    first = dispatched(d)
    [order] = d.children(first, "orders")
    case = reported(d)
    assert d.refused(case, "merge", COORDINATOR, duplicate_of=order).code == INPUT_UNFIT


def test_what_follows_a_reopened_request_leaves_the_merged_one_alone(d: CaseSandbox) -> None:
    first = dispatched(d)
    second = joined(d, first)
    finished(d, first)
    d.do(first, "approve", INSPECTOR, code=d.code(first))
    before = len(d.replay_case(second).events)
    d.do(first, "reopen", INSPECTOR, code=d.code(first), reason="back again")
    d.do(first, "cannot", COORDINATOR, explanation="no money")
    d.do(first, "explain", "p-2101", explanation="no money")
    assert d.replay_case(second).outcome == "merged"
    assert len(d.replay_case(second).events) == before


def test_requests_of_other_communities_join_too(d: CaseSandbox) -> None:
    first = dispatched(d)
    case = d.open("resident-request", "p-0205", community="XF02", summary="rubbish", reporter=OTHERS[0])
    assert d.replay_case(case).committee is not None
    [coordinator, *_] = d.moves(case)["merge"].action.by
    assert coordinator == "coordinator"
    committee, today = d.replay_case(case).committee, d.calendar.to_local(d.now).date()
    [actor, *_] = d.workspace.organisation.role_holders(committee, "coordinator", today)
    d.do(case, "merge", actor, duplicate_of=first)
    assert d.replay_case(first).joined == (case,)
    assert d.value(first, "joined") == [OTHERS[0]]


JOINING = """
people: {clerk: {role: clerk, of: community}}
fields: {other: {type: case, optional: yes}}
steps:
  one:
    owner: clerk
    actions:
      join: {to: two, by: clerk, may: [other], does: {joining: {join: other}}}
      end: {to: end, by: clerk}
  two: {owner: clerk, actions: {part: {to: one, by: clerk, does: {parting: {part: other}}}}}
  end: {end: done}
"""


def test_joining_is_refused_without_a_case_that_is_worked_at() -> None:
    d = sandbox(JOINING)
    case, ended = d.open("loop", "clerk-1"), d.open("loop", "clerk-1")
    d.do(ended, "end", "clerk-1")
    assert (
        str(d.refused(case, "join", "clerk-1", other=ended).message)
        == f"{ended} has ended; no case can be merged into it"
    )
    assert "other" in str(d.refused(case, "join", "clerk-1").message)  # none was named


def test_without_complainants_only_the_cases_are_joined() -> None:
    d = sandbox(JOINING)
    case, other = d.open("loop", "clerk-1"), d.open("loop", "clerk-1")
    d.do(case, "join", "clerk-1", other=other)
    assert (d.replay_case(other).joined, d.replay_case(other).values) == ((case,), {})
    d.do(case, "part", "clerk-1")
    assert d.replay_case(other).joined == ()
    d.do(case, "join", "clerk-1", other=other)  # and once more
    assert d.replay_case(other).joined == (case,)

"""The acceptance code: the reporter's word, bound to the round, locked after wrong tries, handed out again."""

from __future__ import annotations

import pytest

from fujin_cli.core.findings.refusals import CODE_LOCKED, NOT_ENTITLED, NOT_NOW, WRONG_CODE, Refusal
from tests.support.case_sandbox import CaseSandbox
from tests.support.request_cases import (
    COORDINATOR,
    INSPECTOR,
    OTHER_INSPECTOR,
    REPORTER,
    STREET,
    closed,
    finished,
    fujin,
    refuse,
    reported,
    worked,
)
from tests.support.small_town import sandbox


@pytest.fixture
def d() -> CaseSandbox:
    return fujin()


def test_the_opening_hands_out_a_code_and_keeps_none_of_it(d: CaseSandbox) -> None:
    case = reported(d)
    code = d.replay_case(case).code
    assert code is not None
    assert (d.code(case), code.round, code.wrong) == ("CODE1", 1, 0)
    assert "CODE1" not in str(d.replay_case(case).events[0].to_record()).replace("hash of CODE1", "")


def test_the_right_code_closes(d: CaseSandbox) -> None:
    case = finished(d)
    assert d.refused(case, "approve", INSPECTOR).code == WRONG_CODE  # none given
    assert d.replay_case(case).code == d.replay_case(case).code
    d.do(case, "approve", INSPECTOR, code="CODE1")
    assert d.replay_case(case).outcome == "done"


def test_no_code_given_is_no_wrong_try(d: CaseSandbox) -> None:
    case = finished(d)
    before = d.replay_case(case)
    assert "--code" in str(d.refused(case, "approve", INSPECTOR).message)
    assert d.replay_case(case) == before


def test_wrong_tries_are_recorded_and_lock_the_code(d: CaseSandbox) -> None:
    case = finished(d)
    for left in (4, 3, 2, 1, 0):
        refusal = d.refused(case, "approve", INSPECTOR, code="WRONG")
        assert refusal.code == WRONG_CODE
        assert f"{left} {'try' if left == 1 else 'tries'} left" in str(refusal.message)
        [(_, event)] = d.happened
        assert (event.kind, event.by, event.entered_by) == ("wrong-code", "reporter", INSPECTOR)
    assert d.step(case) == "acceptance"
    refusal = d.refused(case, "approve", INSPECTOR, code="CODE1")
    assert refusal.code == CODE_LOCKED
    assert str(refusal.help) == f"give the reporter a new one with `fujin case reissue-code {case}`"
    assert len(d.happened) == 0
    d.check_replay(case)


def test_wrong_tries_of_anybody_count_together(d: CaseSandbox) -> None:
    case = finished(d)
    for actor in (INSPECTOR, OTHER_INSPECTOR, "reporter", INSPECTOR, "reporter"):
        d.refused(case, "approve", actor, code="WRONG")
    assert d.refused(case, "approve", OTHER_INSPECTOR, code="CODE1").code == CODE_LOCKED


def test_a_code_given_out_again_replaces_the_old_one_and_is_told(d: CaseSandbox) -> None:
    case = finished(d)
    for _ in range(5):
        d.refused(case, "approve", INSPECTOR, code="WRONG")
    fresh = d.reissue(case, INSPECTOR)
    assert d.tells() == [("reporter", REPORTER, "new-code")]
    code = d.replay_case(case).code
    assert code is not None
    assert (code.round, code.wrong) == (1, 0)
    assert d.refused(case, "approve", INSPECTOR, code="CODE1").code == WRONG_CODE
    d.do(case, "approve", INSPECTOR, code=fresh)


def test_only_who_enters_the_reporters_word_gives_a_new_code(d: CaseSandbox) -> None:
    case = finished(d)
    with pytest.raises(Refusal) as caught:
        d.reissue(case, COORDINATOR)
    assert caught.value.code == NOT_ENTITLED
    [order] = d.children(case, "orders")
    with pytest.raises(Refusal) as caught:
        d.reissue(order, INSPECTOR)
    assert caught.value.code == NOT_NOW


def test_the_code_is_bound_to_the_round(d: CaseSandbox) -> None:
    case = finished(d)
    refuse(d, case)
    assert d.step(case) == "handling"
    assert d.code(case) == "CODE2"
    finished(d, case)
    assert d.refused(case, "approve", INSPECTOR, code="CODE1").code == WRONG_CODE
    assert d.step(case) == "acceptance"
    d.do(case, "approve", INSPECTOR, code="CODE2")


def test_wrong_tries_start_again_with_the_round(d: CaseSandbox) -> None:
    case = finished(d)
    for _ in range(4):
        d.refused(case, "approve", INSPECTOR, code="WRONG")
    refuse(d, case)
    finished(d, case)
    for _ in range(4):
        d.refused(case, "approve", INSPECTOR, code="WRONG")
    d.do(case, "approve", INSPECTOR, code=d.code(case))


def test_reopening_begins_a_new_round(d: CaseSandbox) -> None:
    case = closed(d)
    assert d.refused(case, "reopen", INSPECTOR, code="WRONG", reason="again").code == WRONG_CODE
    assert d.replay_case(case).outcome == "done"
    d.do(case, "reopen", INSPECTOR, code="CODE1", reason="again")
    assert d.code(case) == "CODE2"
    code = d.replay_case(case).code
    assert code is not None
    assert code.round == 2


def test_a_refusal_too_many_goes_up_with_a_new_code_for_what_follows(d: CaseSandbox) -> None:
    case = finished(d)
    for _ in range(2):
        refuse(d, case)
        finished(d, case)
    old = d.code(case)
    refuse(d, case)
    assert d.step(case) == "ruling"
    assert d.children(case, "orders")  # nothing new was opened
    d.do(case, "handle-again", STREET, lead="police", reason="do it")
    worked(d, d.children(case, "orders")[-1])
    finished(d, case)
    assert d.refused(case, "approve", INSPECTOR, code=old).code == WRONG_CODE
    d.do(case, "approve", INSPECTOR, code=d.code(case))


def test_a_handler_may_not_enter_the_approval_even_with_the_code(d: CaseSandbox) -> None:
    case = finished(d)
    assert d.refused(case, "approve", COORDINATOR, code="CODE1").code == NOT_ENTITLED
    assert d.refused(case, "approve", "p-0102", code="CODE1").code == NOT_ENTITLED
    assert d.refused(case, "approve", STREET, code="CODE1").code == NOT_ENTITLED


# the receipt


RECEIPT = """
opened: {by: [clerk], gives: {reporter: [receipt]}}
people: {reporter: {contact: reporter, proof: PROOF, through: [inspector]}, inspector: {role: inspector, of: community},
         clerk: {role: clerk, of: community}}
fields: {reporter: {type: contact, required: yes}}
steps: {one: {owner: clerk, actions: {withdraw: {to: two, by: reporter}}}, two: {end: withdrawn}}
"""


@pytest.mark.parametrize("proof", ["receipt", "acceptance-code"])
def test_where_no_code_was_given_the_number_on_the_receipt_proves(proof: str) -> None:
    d = sandbox(RECEIPT.replace("PROOF", proof))
    case = d.open("loop", "clerk-1", reporter=REPORTER)
    receipt = d.replay_case(case).events[0].hash[:12]
    assert d.replay_case(case).code is None
    refusal = d.refused(case, "withdraw", "inspector-1", code="0" * 12)
    assert (refusal.code, str(refusal.message)) == (WRONG_CODE, "this is not the number on the receipt")
    assert len(d.replay_case(case).events) == 1
    d.do(case, "withdraw", "inspector-1", code=receipt)
    assert d.replay_case(case).outcome == "withdrawn"


def test_without_a_code_there_is_none_to_reissue() -> None:
    d = sandbox(RECEIPT.replace("PROOF", "receipt"))
    case = d.open("loop", "clerk-1", reporter=REPORTER)
    with pytest.raises(Refusal) as caught:
        d.reissue(case, "inspector-1")
    assert caught.value.code == NOT_NOW

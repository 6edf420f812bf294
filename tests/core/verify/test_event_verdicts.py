"""Which guarantee the events of a real case violate, at which event, and what is pending."""

from __future__ import annotations

from fujin_cli.core.verify.event_verdicts import find_open_obligations, find_violations
from tests.support.case_sandbox import CaseSandbox
from tests.support.small_town import sandbox

TEXT = """
steps:
  one:
    owner: clerk
    actions:
      ask: {by: clerk, tell: [clerk]}
      answer: {by: clerk}
      close: {to: done, by: clerk}
  done: {end: done, reopen: {to: one, by: clerk, within: 10 days}}
guarantees:
  answered: {after: ask, eventually: answer}
  at-once: {after: ask, next: answer}
  once: {at_most: {ask: 1}}
  who: {only: {close: clerk}}
"""


def did(*actions: str) -> tuple[CaseSandbox, str]:
    on = sandbox(TEXT)
    case = on.open("loop", "clerk-1")
    for action in actions:
        on.do(case, action, "clerk-1")
    return on, case


def violated(*actions: str) -> dict[str, int]:
    on, case = did(*actions)
    found = find_violations(on.replay_case(case), on.version_of(case))
    return {violation.guarantee.name: violation.event.n for violation in found}


def test_each_guarantee_is_violated_at_its_first_event() -> None:
    assert violated("ask", "answer", "close") == {}
    assert violated("ask", "close") == {"at-once": 3, "answered": 3}
    assert violated("ask", "ask", "ask", "close", "reopen", "close") == {"at-once": 3, "once": 3, "answered": 5}


def test_only_the_guarantees_that_are_named_are_judged() -> None:
    on, case = did("ask", "close")
    assert [v.guarantee.name for v in find_violations(on.replay_case(case), on.version_of(case), ["answered"])] == [
        "answered"
    ]


def test_a_delivered_message_comes_between_no_two_events() -> None:
    on, case = did("ask")
    notification = next(on.replay_case(case).notifications())
    on.told(case, "clerk-1", notification.id)
    on.do(case, "answer", "clerk-1")
    on.do(case, "close", "clerk-1")
    assert len(on.ledger.read(case)) == 5
    assert find_violations(on.replay_case(case), on.version_of(case)) == ()


def test_what_is_asked_for_is_pending_until_it_comes() -> None:
    on, case = did("ask")
    assert find_open_obligations(on.replay_case(case), on.version_of(case)) == ("answered", "at-once")
    on.do(case, "answer", "clerk-1")
    assert find_open_obligations(on.replay_case(case), on.version_of(case)) == ()

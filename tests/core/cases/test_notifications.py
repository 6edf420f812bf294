"""Messages: queued by events, delivered or not, each once."""

from __future__ import annotations

import pytest

from fujin_cli.core.findings.refusals import NOT_ENTITLED, NOT_NOW, Refusal
from tests.support.case_sandbox import CaseSandbox
from tests.support.request_cases import COORDINATOR, LEAD, REPORTER, fujin, reported


@pytest.fixture
def told() -> tuple[CaseSandbox, str]:
    d = fujin()
    case = reported(d)
    d.do(case, "accept", COORDINATOR)
    return d, case


def waiting(d: CaseSandbox, case: str) -> list[str]:
    return [message for message, _, _ in d.replay_case(case).waiting_notifications()]


def test_a_message_has_an_id_of_its_event_and_place(told: tuple[CaseSandbox, str]) -> None:
    d, case = told
    [(message, event, tell)] = d.replay_case(case).notifications()
    assert message == f"{case}.2.1"
    assert (event.n, tell) == (2, {"to": "reporters", "who": REPORTER, "kind": "accepted"})
    assert waiting(d, case) == [message]


def test_what_was_delivered_waits_no_more(told: tuple[CaseSandbox, str]) -> None:
    d, case = told
    message = f"{case}.2.1"
    assert d.told(case, COORDINATOR, message)
    assert waiting(d, case) == []
    [(_, event)] = d.happened
    assert (event.kind, event.by, event.data["messages"]) == ("told", COORDINATOR, [message])
    assert not d.told(case, COORDINATOR, message)  # at least once: saying so again is nothing new
    assert d.happened == []
    d.check_replay(case)


def test_what_could_not_be_delivered_is_an_event_and_waits_on(told: tuple[CaseSandbox, str]) -> None:
    d, case = told
    message = f"{case}.2.1"
    assert d.told(case, LEAD, message, undelivered="no answer")
    [(_, event)] = d.happened
    assert (event.kind, event.note) == ("undelivered", "no answer")
    assert waiting(d, case) == [message]
    assert d.told(case, COORDINATOR, message)
    assert waiting(d, case) == []
    assert not d.told(case, COORDINATOR, message, undelivered="too late")


def test_only_known_messages_by_known_people(told: tuple[CaseSandbox, str]) -> None:
    d, case = told
    for actor, message, code in (
        ("nobody", f"{case}.2.1", NOT_ENTITLED),
        (COORDINATOR, f"{case}.2.9", NOT_NOW),
        (COORDINATOR, f"{case}.1.1", NOT_NOW),
    ):
        with pytest.raises(Refusal) as caught:
            d.told(case, actor, message)
        assert caught.value.code == code
    assert waiting(d, case) == [f"{case}.2.1"]

"""What complainants are told whose requests were merged: their own news, and no right that they do not have."""

from __future__ import annotations

from fujin_cli.render.notifications.notification_text import notification_text
from tests.support.case_sandbox import CaseSandbox
from tests.support.request_cases import COORDINATOR, OTHERS, REPORTER, dispatched, finished, fujin, reported


def text_told(d: CaseSandbox, id: str, who: str, kind: str) -> str:
    """The text of the newest message of that kind to a contact."""
    case = d.replay_case(id)
    event, message = [(e, tell) for e in case.events for tell in e.tells if (tell["who"], tell["kind"]) == (who, kind)][
        -1
    ]
    return notification_text(case, d.version_of_case(case), d.workspace.organisation, d.calendar, event, message)


def test_the_first_complainant_alone_is_asked_to_accept() -> None:
    d = fujin()
    first, second = dispatched(d), reported(d, OTHERS[0])
    d.do(second, "merge", COORDINATOR, duplicate_of=first)
    finished(d, first)
    assert "acceptance code" in text_told(d, first, REPORTER, "result")
    assert "acceptance code" not in text_told(d, first, OTHERS[0], "result")


def test_a_complainant_on_her_own_again_is_told_why_and_of_no_reopening() -> None:
    d = fujin()
    first, second = reported(d), reported(d, OTHERS[0])
    d.do(second, "merge", COORDINATOR, duplicate_of=first)
    d.do(first, "decline", COORDINATOR, reason="not ours")
    text = text_told(d, second, OTHERS[0], "progress")
    assert f"{first}, into which it had been merged, ended: declined." in text
    assert "It is at the step Deliberating, due by" in text
    assert "reopened" not in text
    assert "reopened until" in text_told(d, first, REPORTER, "answer")

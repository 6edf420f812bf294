from __future__ import annotations

import json
from typing import Any

import pytest

from fujin_cli import language
from fujin_cli.render.basics.tables import format_for_terminal, format_tsv
from fujin_cli.render.notifications.notification_text import notification_text
from fujin_cli.render.notifications.outbox import messages_json, messages_table
from fujin_cli.render.notifications.outbox_entries import list_outbox_entries
from tests.support.town_hall import CODE, REPORTER, SECRET, Hall


def told(hall: Hall, case: str) -> dict[tuple[str, str], str]:
    """(to, kind) → the newest such message of the case, in words."""
    state = hall.replay_case(case)
    return {
        (message["to"], message["kind"]): notification_text(
            state, hall.version_of_case(state), hall.organisation, hall.calendar, event, message
        )
        for _, event, message in state.notifications()
    }


def everything(hall: Hall) -> dict[tuple[str, str], str]:
    return {key: text for case in hall.ledger.cases() for key, text in told(hall, case).items()}


def busy_day(hall: Hall) -> Hall:
    """A day on which every kind of message is queued."""
    handled = hall.handled()
    hall.do(handled, "refuse", "p-4", reason="还是不亮")
    hall.do(handled, "pause", "p-1", reason="等材料", resume_on="2026-06-10")
    one, two, three = hall.request(), hall.request(), hall.request(topic="water")
    hall.do(two, "merge", "p-1", duplicate_of=one)
    hall.do(three, "meet", "p-1", agenda="路灯", meets_at="2026-06-05T19:00", venue="hall")
    hall.do(three, "record", "p-1", minutes="同意")
    hall.do(three, "cannot", "p-1", explanation="超出权限")
    hall.reissue(one, "p-4")
    hall.do(two, "split", "p-1")
    recalled = hall.request()
    hall.do(recalled, "accept", "p-1", lead="pipes")
    hall.do(hall.replay_case(recalled).children[0].case, "recall", "p-4")
    hall.do(hall.handled(), "approve", "p-4")
    return hall


def test_every_kind_is_said_in_words(hall: Hall) -> None:
    case = hall.request()
    hall.at("2026-06-01T09:05").tick()
    hall.at("2026-06-01T09:10").do(case, "accept", "p-1", lead="power")
    assert told(hall, case) == {
        ("reporter", "accepted"): "C1-202606a-0001 (Resident request) was accepted. "
        "It is at the step Handling, due by 2026-06-08 17:00 +08:00.",
    }
    assert told(hall, hall.replay_case(case).children[0].case) == {
        ("partner", "dispatched"): f"A new order: C1-202606a-0002 (Work order). task: {SECRET}. "
        "partner: Power Company (power). It is at the step Sent, due by 2026-06-02 17:00 +08:00."
    }


def test_the_result_asks_the_reporter_for_a_verdict(hall: Hall) -> None:
    case = hall.handled()
    assert told(hall, case)["reporter", "result"] == (
        "The result of C1-202606a-0001 (Resident request) is available. result: 换了灯. "
        "It is at the step Acceptance on the spot, due by 2026-06-03 17:00 +08:00. "
        "Please inspect the work on site and have your acceptance code ready."
    )
    order = hall.replay_case(case).children[0].case
    assert told(hall, order)["inspector", "result"] == (
        "The result of C1-202606a-0002 (Work order) is available. result: 灯已修好. It has ended: Verified."
    )


def test_a_deadline_reminds_demands_and_is_raised(hall: Hall) -> None:
    case = hall.request()
    hall.at("2026-06-01T09:10:01").tick()
    hall.at("2026-06-01T16:00").tick()
    texts = told(hall, case)
    late = "C1-202606a-0001 (Resident request) is overdue at the step Reported: it was due by 2026-06-01 09:10 +08:00."
    assert texts["coordinator", "demand"] == late
    assert texts["coordinator", "overdue"] == late
    assert texts["community", "raised"] == (
        f"{late} It was raised to the level community, which may act too. The new due time is 2026-06-01 16:10 +08:00."
    )


def test_a_reminder_names_the_time(hall: Hall) -> None:
    hall.organisation.committees["C1-light"].details["settings"]["request"]["answer-time"] = "30 minutes"
    case = hall.request()
    hall.at("2026-06-01T09:21").tick()
    assert told(hall, case) == {
        ("coordinator", "reminder"): "C1-202606a-0001 (Resident request) at the step Reported is due by "
        "2026-06-01 09:30 +08:00."
    }


@pytest.mark.parametrize(
    ("action", "actor", "inputs", "words"),
    [
        ("decline", "p-1", {"reason": "不属本社区"}, "C (Resident request) was declined. reason: 不属本社区."),
        (
            "cannot",
            "p-1",
            {"explanation": "超出权限。"},
            "C (Resident request) cannot be fixed. explanation: 超出权限.",
        ),
        ("withdraw", "p-4", {}, "C (Resident request) was withdrawn."),
    ],
)
def test_an_answer_says_how_it_ended(hall: Hall, action: str, actor: str, inputs: dict[str, str], words: str) -> None:
    if actor == "p-4":
        actor = "reporter"
    case = hall.request()
    hall.do(case, action, actor, **inputs)
    assert told(hall, case)["reporter", "answer"] == words.replace("C ", f"{case} ", 1)


def test_done_is_done_and_silence_is_not(hall: Hall) -> None:
    done, silent = hall.handled(), hall.handled()
    hall.do(done, "approve", "reporter")
    hall.do(silent, "give-up", "p-4")
    assert told(hall, done)["reporter", "answer"] == (
        f"{done} (Resident request) is done. It can be reopened until 2026-06-15 17:00 +08:00."
    )
    assert told(hall, silent)["reporter", "answer"] == (
        f"{silent} (Resident request) was ended because the reporter could not be reached; "
        "it does not count as satisfied."
    )


def test_merging_tells_both_sides_and_the_end(hall: Hall) -> None:
    one, two = hall.request(), hall.request()
    hall.do(two, "merge", "p-1", duplicate_of=one)
    assert told(hall, one)["coordinator", "joined"].startswith(f"{two} was merged into {one} (Resident request). ")
    assert told(hall, two)["reporter", "merged"] == (
        f"{two} (Resident request) was merged into {one}, which is about the same matter. "
        "You will be told the result of that case."
    )
    hall.do(one, "decline", "p-1", reason="不属本社区")
    assert told(hall, two)["reporter", "answer"] == (
        f"{two} (Resident request) has ended with the case into which it had been merged. "
        f"{one}, into which it had been merged, ended: declined."
    )


def test_what_is_told_is_what_was_so_at_the_event(hall: Hall) -> None:
    case = hall.handled()
    before = told(hall, case)["reporter", "accepted"]
    hall.at("2026-06-02T09:00").do(case, "refuse", "reporter", reason="还是不亮")
    assert told(hall, case)["reporter", "accepted"] == before
    assert told(hall, case)["coordinator", "reason"] == (
        f"News of {case} (Resident request). reason: 还是不亮. "
        "It is at the step Handling, due by 2026-06-09 17:00 +08:00."
    )


def test_every_kind_of_a_busy_day(hall: Hall) -> None:
    texts = everything(busy_day(hall))
    kinds = {kind for _, kind in texts}
    assert kinds >= {
        "accepted",
        "answer",
        "progress",
        "result",
        "merged",
        "dispatched",
        "withdrawn",
        "agenda",
        "minutes",
        "results",
        "new-code",
        "joined",
        "parted",
        "reason",
        "explanation",
        "notice",
    }
    assert texts["lead", "agenda"].endswith("agenda: 路灯. venue: Hall (hall). meets at: 2026-06-05 19:00 +08:00.")
    assert "minutes: 同意." in texts["community", "minutes"]
    assert texts["reporter", "progress"].endswith("The clock is paused until 2026-06-10.")
    assert texts["partner", "withdrawn"].endswith("(Work order) was withdrawn.")
    assert all("{" not in text and "None" not in text for text in texts.values())


@pytest.mark.parametrize("tongue", ["en", "zh"])
def test_a_notice_says_only_what_is_public(hall: Hall, tongue: str) -> None:
    language.set_language(tongue)
    notices = {text for (to, _), text in everything(busy_day(hall)).items() if to == "notice-board"}
    case = hall.handled()
    hall.do(case, "approve", "p-4")
    notices.add(told(hall, case)["notice-board", "notice"])
    for private in (SECRET, "换了灯", "还是不亮", "超出权限", "同意", REPORTER, "sha256"):
        assert not any(private in text for text in notices)
    assert any(("Power Company" if tongue == "en" else "供电单位") in text for text in notices)


@pytest.mark.parametrize("tongue", ["en", "zh"])
def test_no_message_holds_contact_data_or_a_code(hall: Hall, tongue: str) -> None:
    language.set_language(tongue)
    texts = everything(busy_day(hall)).values()
    for secret in (REPORTER, "vault:", CODE, "salt"):
        assert not any(secret in text for text in texts)


def waiting(hall: Hall) -> list[Any]:
    cases = map(hall.replay_case, hall.ledger.cases())
    return [
        entry
        for case in cases
        for entry in list_outbox_entries(
            case, lambda _, of=case: hall.version_of_case(of), hall.organisation, hall.calendar
        )
    ]


def test_the_outbox_as_json(hall: Hall) -> None:
    case = hall.request()
    hall.do(case, "decline", "p-1", reason="重复")
    assert messages_json(waiting(hall), hall.calendar) == {
        "version": 1,
        "messages": [
            {
                "id": f"{case}.2.1",
                "case": case,
                "to": "reporter",
                "who": REPORTER,
                "kind": "answer",
                "text": f"{case} (Resident request) was declined. reason: 重复.",
                "since": "2026-06-01T09:00:00+08:00",
            }
        ],
    }
    assert json.dumps(messages_json([], hall.calendar)) == '{"version": 1, "messages": []}'


def test_the_outbox_for_people(hall: Hall) -> None:
    case = hall.handled()
    hall.do(case, "approve", "p-4")
    table = messages_table(waiting(hall), hall.workspace, hall.calendar, hall.now)
    recipients = [str(row[1].shown) for row in table.rows]  # type: ignore[attr-defined]
    assert recipients == [
        f"reporter ({REPORTER})",
        f"reporter ({REPORTER})",
        f"reporter ({REPORTER})",
        "notice board of Front Community",
        "Power Company (power)",
        "钱四 (p-4)",
    ]
    rows = [line.split("\t") for line in format_tsv(table).splitlines()[1:]]
    assert rows[4][:4] == ["C1-202606a-0002.1.1", "power", "dispatched", "2026-06-01T09:00:00+08:00"]
    assert "Power Company" in format_for_terminal(table, 60, False)
    entry = waiting(hall)[0].with_contact("王某 555-0100")
    assert "王某 555-0100" in format_for_terminal(
        messages_table([entry], hall.workspace, hall.calendar, hall.now), 120, False
    )
    assert messages_json([entry], hall.calendar)["messages"][0]["contact"] == "王某 555-0100"

"""``fujin case amend``: which action corrects which fields, the answer with old and new values, what follows them."""

from __future__ import annotations

import pytest

from tests.support.command_line import COLLECTOR, COORDINATOR, City

SOON = "2026-06-01T09:05"


@pytest.fixture
def case(city: City) -> str:
    return str(city.open(topic="sanitation", place="东门")["case"])


def test_the_answer_has_old_and_new_values(city: City, case: str) -> None:
    typed = ("case", "amend", case, "--set", "topic=suggestions", "--set", "place=西门", "--as", COORDINATOR)
    rehearsed = city.run(*typed, "--dry-run", now=SOON)
    assert "Dry run" in rehearsed.out or "dry run" in rehearsed.out
    assert city.ask("case", "show", case)["fields"]["place"] == "东门"
    answer = city.ask(*typed, "--note", "taken down wrongly", "--request-id", "r-9", now=SOON)
    assert answer["amended"] == {
        "topic": {"old": "sanitation", "new": "suggestions"},
        "place": {"old": "东门", "new": "西门"},
        "committee": {"old": "XF01-environment", "new": "XF01-opinion"},
    }
    shown = city.ask("case", "show", case)
    assert (shown["fields"]["topic"], shown["committee"]) == ("suggestions", "XF01-opinion")
    event = shown["events"][-1]
    assert (event["kind"], event["note"], event["amended"]) == ("amended", "taken down wrongly", answer["amended"])
    assert city.ask(*typed, "--note", "taken down wrongly", "--request-id", "r-9", now=SOON)["repeated"] is True
    page = " ".join(city.run("case", "show", case, now=SOON).out.split())
    assert "place: 东门 → 西门" in page
    assert "committee: Fuqian Environment Committee (XF01-environment) → Fuqian Opinion Gathering Committee" in page


def test_lists_follow_the_new_values(city: City, case: str) -> None:
    city.ask("case", "amend", case, "--set", "committee=XF01-opinion", "--as", COORDINATOR, now=SOON)
    listed = city.ask("case", "list", "--committee", "XF01-opinion")["cases"]
    assert [entry["case"] for entry in listed] == [case]
    assert city.ask("case", "list", "--committee", "XF01-environment")["cases"] == []
    # whoever coordinated the old committee does not handle it any more
    assert city.refusal("case", "advance", case, "accept", "--as", COORDINATOR, now=SOON)["code"] == "FJ803"


@pytest.mark.parametrize(
    ("typed", "code", "words"),
    [
        (("--set", "scope=building"), "FJ805", "scope"),
        (("--set", "nothing=1"), "FJ805", "nothing"),
        (("--set", "place=东门"), "FJ805", "already"),
        (("--set", "topic=gardening"), "FJ805", "topic"),
        (("--set", "committee=XF02-utilities"), "FJ805", "XF01"),
        (("--set", "place=西门", "--action", "note"), "FJ801", "note"),
    ],
)
def test_what_cannot_be_corrected_is_refused(
    city: City, case: str, typed: tuple[str, ...], code: str, words: str
) -> None:
    refused = city.refusal("case", "amend", case, *typed, "--as", COORDINATOR, now=SOON)
    assert refused["code"] == code, refused
    assert words in str(refused), refused


def test_who_may_not_correct_is_told_who_may(city: City, case: str) -> None:
    refused = city.refusal("case", "amend", case, "--set", "place=西门", "--as", COLLECTOR, now=SOON)
    assert (refused["code"], refused["who"]) == ("FJ803", [COORDINATOR])


def test_what_has_ended_is_not_corrected(city: City, case: str) -> None:
    city.do(case, "decline", "--set", "reason=no", now=SOON)
    refused = city.refusal("case", "amend", case, "--set", "place=西门", "--as", COORDINATOR, now=SOON)
    assert refused["code"] == "FJ801"


def test_only_what_differs_is_recorded(city: City, case: str) -> None:
    typed = ("case", "amend", case, "--set", "place=东门", "--set", "summary=路灯坏了", "--as", COORDINATOR)
    assert list(city.ask(*typed, now=SOON)["amended"]) == ["summary"]

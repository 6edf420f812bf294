"""One command for several cases: each its own operation; one bad case does not stop the others."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.command_line import COORDINATOR, City

AS = ("--as", COORDINATOR)
NOW = ("--now", "2026-06-01T09:05")


@pytest.fixture
def three(city: City) -> list[str]:
    """Fills ``city``: three reported cases."""
    return [city.open()["case"] for _ in range(3)]


def results(city: City, *typed: str, code: int = 0, stdin: str = "") -> list[Any]:
    ran = city.run("case", *typed, *AS, *NOW, "--json", stdin=stdin)
    assert ran.code == code and set(ran.json) == {"version", "results"}, ran
    answers: list[Any] = ran.json["results"]
    return answers


def test_each_case_is_its_own_operation(city: City, three: list[str]) -> None:
    answers = results(city, "advance", *three, "accept")
    assert [(answer["case"], answer["step"], answer["event"]) for answer in answers] == [
        (case, "deliberating", 2) for case in three
    ]
    assert len({answer["request_id"] for answer in answers}) == 3


def test_a_case_that_is_named_alone_is_answered_as_before(city: City, three: list[str]) -> None:
    for typed in ((three[0],), (three[0], "0001"), ("-",)):
        ran = city.run("case", "advance", *typed, "accept", "--dry-run", *AS, *NOW, "--json", stdin="0001\n")
        assert ran.code == 0 and ran.json["case"] == three[0]


def test_one_bad_case_does_not_stop_the_others(city: City, three: list[str]) -> None:
    # given a case that was accepted before, and an id that no case has
    city.do(three[1], "accept")
    typed = ("advance", three[0], "9999", three[1], three[2], "accept")
    # when all of them are accepted
    answers = results(city, *typed, code=1)
    # then the good ones are, and the others say why not
    assert [answer["case"] for answer in answers] == [three[0], "9999", three[1], three[2]]
    assert [answer.get("refused", {}).get("code") for answer in answers] == [None, "FJ814", "FJ801", None]
    ran = city.run("case", *typed, *AS, *NOW)
    assert ran.code == 1 and ran.out.count("error[FJ801]") == 3
    assert ran.out.endswith("0 of 4 cases done\n")


def test_a_request_id_makes_repeating_safe_for_each_case(city: City, three: list[str]) -> None:
    first = results(city, "advance", three[0], three[1], "accept", "--request-id", "r-1")
    again = results(city, "advance", *reversed(three), "accept", "--request-id", "r-1")
    assert [answer["repeated"] for answer in again] == [False, True, True]
    assert {answer["request_id"] for answer in first} == {f"r-1/{case}" for case in three[:2]}
    long = city.run("case", "advance", *three, "accept", "--request-id", "r" * 200, *AS, *NOW)
    assert (long.code, long.out) == (2, "")


def test_notes_pauses_and_ids_from_a_list(city: City, three: list[str]) -> None:
    listed = city.run("case", "list", *NOW).out
    assert [answer["event"] for answer in results(city, "note", "-", "已电话联系", stdin=listed)] == [2, 2, 2]
    results(city, "advance", *three, "accept")
    paused = results(city, "pause", *three, "--until", "2026-06-10", "--reason", "等待配件", code=1)
    assert len({answer["refused"]["code"] for answer in paused}) == 1  # no case can be paused at this step
    assert len(results(city, "resume", *three, code=1)) == 3


def test_text_from_stdin_is_the_same_for_every_case(city: City, three: list[str]) -> None:
    results(city, "note", three[0], three[1], "-", stdin="已电话联系\n")
    assert [city.history(case)[-1]["note"] for case in three[:2]] == ["已电话联系"] * 2
    ran = city.run("case", "note", "-", "-", *AS, *NOW, stdin="0001\n0002\n")
    assert ran.code == 2 and "two arguments read it" in (ran.err + ran.out)


@pytest.mark.parametrize(
    ("typed", "missing"),
    [
        (("advance",), "CASE"),
        (("note",), "TEXT"),
        (("note", "0001"), "TEXT"),
        (("resume",), "CASE"),
        (("pause", "--until", "2026-06-10", "--reason", "x"), "CASE"),
    ],
)
def test_a_missing_word_is_named(city: City, typed: tuple[str, ...], missing: str) -> None:
    ran = city.run("case", *typed, *AS)
    assert ran.code == 2 and f"{missing} is missing" in ran.err


def test_an_acceptance_code_is_for_one_case(city: City, three: list[str]) -> None:
    ran = city.run("case", "advance", *three, "accept", "--code", "7K3Q9XZ2", *AS, *NOW)
    assert (ran.code, ran.out) == (2, "")


def test_an_ambiguous_reference_is_wrong_usage_before_anything_is_done(city: City, three: list[str]) -> None:
    city.open(community="XF02")
    before = city.tree("data/cache")
    assert city.run("case", "advance", three[1], "0001", "accept", *AS, *NOW).code == 2
    assert city.tree("data/cache") == before

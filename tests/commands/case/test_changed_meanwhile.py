"""Somebody changes a case between the start of a command and its transaction: both changes are kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fujin_cli.store.ledger.tinydb.ledger import TinyLedger
from tests.support.command_line import COORDINATOR, LEAD, MONDAY, SECOND, City

Meanwhile = Callable[[Callable[[], Any]], None]


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """Run something else once, just before the next transaction begins."""

    def prepare(change: Callable[[], Any]) -> None:
        transact, pending = TinyLedger.transact, [change]

        def changed_first(ledger: TinyLedger, *arguments: Any) -> Any:
            if pending:
                pending.pop()()
            return transact(ledger, *arguments)

        monkeypatch.setattr(TinyLedger, "transact", changed_first)

    return prepare


def photo(city: City, name: str) -> str:
    from PIL import Image

    path = city.folder / f"{name}.png"
    Image.new("RGB", (4, 4), (len(name), 40, 40)).save(path)
    return str(path)


def values(city: City, case: str) -> dict[str, Any]:
    """The fields of a case."""
    merged: dict[str, Any] = {}
    for event in city.history(case):
        merged |= event["set"]
    return merged


def test_two_photos_attached_at_once_are_both_kept(city: City, meanwhile: Meanwhile) -> None:
    case = city.open()["case"]
    one, two = photo(city, "one"), photo(city, "other")
    meanwhile(lambda: city.ask("case", "attach", case, one, "--as", COORDINATOR, now=MONDAY))
    city.ask("case", "attach", case, two, "--as", COORDINATOR, now=MONDAY)
    assert len(values(city, case)["photos"]) == 2


def test_what_is_appended_to_a_list_at_once_is_kept(city: City, meanwhile: Meanwhile) -> None:
    case = city.open()["case"]
    one, two = photo(city, "one"), photo(city, "other")
    meanwhile(lambda: city.do(case, "note", "--set", f"photos+=@{one}"))
    city.do(case, "note", "--set", f"photos+=@{two}", "--note", "x")
    assert len(values(city, case)["photos"]) == 2


def test_a_repeated_attachment_is_the_same_though_others_were_attached_since(city: City) -> None:
    case = city.open()["case"]
    one, two = photo(city, "one"), photo(city, "other")
    attach = ("case", "attach", case, one, "--as", COORDINATOR, "--request-id", "r-1")
    first = city.ask(*attach, now=MONDAY)
    city.ask("case", "attach", case, two, "--as", COORDINATOR, now=MONDAY)
    again = city.ask(*attach, now=MONDAY)
    assert (first["repeated"], again["repeated"], again["event"]) == (False, True, first["event"])
    assert len(values(city, case)["photos"]) == 2


def test_messages_of_a_case_are_those_that_wait_when_they_are_recorded(city: City, meanwhile: Meanwhile) -> None:
    case = city.open()["case"]
    meanwhile(lambda: city.do(case, "accept"))
    [delivery] = city.ask("outbox", "done", case, "--as", COORDINATOR, now=MONDAY)["done"]
    assert [message.split(".")[1] for message in delivery["messages"]] == ["2"]
    assert city.ask("outbox", "list")["messages"] == []


def test_recording_the_messages_of_a_case_can_be_repeated(city: City) -> None:
    """The messages of the first run are the answer of every run, whatever waits by then."""
    case = city.open()["case"]
    city.do(case, "accept")
    typed = ("outbox", "done", case, "--as", COORDINATOR, "--request-id", "d-1")
    [first] = city.ask(*typed, now=MONDAY)["done"]
    city.do(case, "dispatch", "--set", f"lead={LEAD}", "--set", f"partners={SECOND}")
    [again] = city.ask(*typed, now=MONDAY)["done"]
    assert first["messages"] and again == {**first, "repeated": True}
    assert city.ask("outbox", "list")["messages"] != []
    other = city.refusal("outbox", "done", case, "--undelivered", "空号", *typed[3:], now=MONDAY)
    assert other["code"] == "FJ813"


def test_a_merge_is_chosen_at_the_step_that_the_case_has_by_then(city: City, meanwhile: Meanwhile) -> None:
    case, other = city.open()["case"], city.open(summary="另一件")["case"]
    meanwhile(lambda: city.do(case, "accept"))
    refused = city.refusal("case", "merge", case, other, "--as", COORDINATOR, now=MONDAY)
    assert refused["message"] == f"{case} cannot be merged at this step"


def test_a_rung_that_somebody_forestalled_does_not_fire(city: City, meanwhile: Meanwhile) -> None:
    case = city.open()["case"]
    late = "2026-06-01T09:30"
    expected = city.ask("tick", "--dry-run", now=late)["fired"]
    meanwhile(lambda: city.do(case, "accept", now="2026-06-01T09:20"))
    fired = city.ask("tick", now=late)["fired"]
    assert expected and not [rung for rung in fired if rung in expected]


def test_only_a_list_of_a_case_is_appended_to(city: City) -> None:
    case = city.open()["case"]
    refused = city.refusal("case", "advance", case, "note", "--set", "x+=1", "--as", COORDINATOR, now=MONDAY)
    assert refused["message"] == "unexpected field x; expected photos"
    ran = city.run(
        "case", "open", "resident-request", "--community", "XF01", "--set", "photos+=@x.png", "--as", COORDINATOR
    )
    assert ran.code == 2
    assert ran.err.splitlines()[0] == "error: photos+= appends to a list of an existing case"
    assert city.cases() == [case]

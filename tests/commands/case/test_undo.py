"""``fujin case undo``: the answer, the outbox, the marks of the ledger, and what stands in the way."""

from __future__ import annotations

from tests.support.command_line import COORDINATOR, City, Handled

AT = "2026-06-01T09:05"


def test_an_accepted_request_is_as_it_was(city: City) -> None:
    case = city.open()["case"]
    before, waiting = city.ask("case", "show", case, now=AT), city.ask("outbox", "list", now=AT)
    city.do(case, "accept", now=AT)
    typed = ("case", "undo", case, "--as", COORDINATOR, "--note", "another case was meant", "--request-id", "u-1")
    assert city.ask(*typed, "--dry-run", now=AT)["undoes"] == [2]
    answer = city.ask(*typed, now=AT)
    assert (answer["step"], answer["event"], answer["undoes"], answer["withdrawn"]) == ("reported", 3, [2], 1)
    assert city.ask(*typed, now=AT)["repeated"] is True
    after = city.ask("case", "show", case, now=AT)
    assert [(event["kind"], event["undone"]) for event in after["events"]] == [
        ("opened", False),
        ("action", True),
        ("undone", False),
    ]
    assert {**after, "events": None} == {**before, "events": None}
    assert city.ask("outbox", "list", now=AT) == waiting
    assert city.run("ledger", "verify", now=AT).code == 0
    assert "accept: Reported → Deliberating (taken back)" in city.run("case", "show", case, now=AT).out
    city.do(case, "accept", now=AT)


def test_a_declined_request_is_open_again(city: City) -> None:
    case = city.open()["case"]
    city.do(case, "decline", "--set", "reason=no", now=AT)
    assert city.ask("case", "list", now=AT)["cases"] == []
    city.ask("case", "undo", case, "--as", COORDINATOR, now=AT)
    assert [entry["case"] for entry in city.ask("case", "list", now=AT)["cases"]] == [case]
    assert city.run("ledger", "verify", now=AT).code == 0


def test_the_workspace_says_for_how_long(city: City) -> None:
    case = city.open()["case"]
    city.do(case, "accept", now=AT)
    late = "2026-06-01T09:16"
    assert city.refusal("case", "undo", case, "--as", COORDINATOR, now=late)["code"] == "FJ838"
    head = city.folder / "workflows" / "workspace.yaml"
    head.write_text(head.read_text("utf-8") + "undo_within: 30 minutes\n", "utf-8")
    assert city.ask("case", "undo", case, "--as", COORDINATOR, now=late)["step"] == "reported"


def test_dispatched_orders_are_not_taken_back(city: City, handled: Handled) -> None:
    refused = city.refusal("case", "undo", handled.case, "--as", COORDINATOR, now="2026-06-01T09:06")
    assert (refused["code"], refused["who"]) == ("FJ839", [])

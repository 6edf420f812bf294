"""``fujin tick`` and ``fujin outbox``: each thing fires once, each message is delivered once and by somebody."""

from __future__ import annotations

import re

import pytest

from tests.support.command_line import COORDINATOR, INSPECTOR, LEAD, MONDAY, SECOND, SUPERVISOR, City, Handled

LATE = "2026-06-03T09:00"  # two days after Monday's request fell due


def rungs(city: City, case: str) -> int:
    """How often the ladder did something."""
    return sum(event["kind"] == "rung" for event in city.history(case))


@pytest.mark.slow
def test_each_rung_fires_once_however_often(city: City) -> None:
    case = city.open()["case"]
    assert city.ask("tick", now="2026-06-01T08:59")["fired"] == []
    fired = []
    for now in ("2026-06-01T09:06", "2026-06-01T09:10", "2026-06-01T09:11", "2026-06-01T11:00", LATE, LATE):
        fired += city.ask("tick", now=now)["fired"]
        assert city.ask("tick", now=now)["fired"] == []
    assert [entry["case"] for entry in fired] == [case] * rungs(city, case)
    effects = [entry["effect"] for entry in fired]
    assert len(effects) == len(set(effects)) >= 3
    seen = [event["at"] for event in city.history(case)]
    assert seen == sorted(seen)


@pytest.mark.slow
def test_one_late_tick_does_what_many_would_have_done(city: City) -> None:
    case = city.open()["case"]
    fired = city.ask("tick", now=LATE)["fired"]
    assert len(fired) == rungs(city, case) >= 3
    said = city.run("tick", now=LATE)
    assert (said.code, said.out) == (0, "2026-06-03 09:00 +08:00  Nothing is due.\n")


def test_a_rehearsed_tick_writes_nothing(city: City) -> None:
    city.open()
    before = city.tree("data/cache")
    rehearsed = city.ask("tick", "--dry-run", now=LATE)
    assert rehearsed["dry_run"] is True and rehearsed["fired"]
    assert city.tree("data/cache") == before
    real = city.ask("tick", now=LATE)
    assert (real["fired"], real["dry_run"]) == (rehearsed["fired"], False)


@pytest.mark.slow
def test_only_these_communities(city: City) -> None:
    city.open()
    other = city.open(community="XF02", topic="water")["case"]
    fired = city.ask("tick", "--community", "XF02", now=LATE)["fired"]
    assert {entry["case"] for entry in fired} == {other}
    assert city.ask("tick", "--community", "XF02", now=LATE)["fired"] == []
    assert city.ask("tick", now=LATE)["fired"]


@pytest.mark.slow
def test_a_raised_case_may_be_moved_by_the_level_above(city: City) -> None:
    case = city.open()["case"]
    accept = ("case", "advance", case, "accept", "--as", SUPERVISOR)
    assert city.refusal(*accept, now="2026-06-01T09:30")["code"] == "FJ803"
    city.ask("tick", now="2026-06-01T11:00")
    assert city.ask(*accept, now="2026-06-01T11:05")["step"] == "deliberating"


@pytest.mark.slow
def test_a_pause_ends_by_itself(city: City, handled: Handled) -> None:
    pause = ("case", "pause", handled.case, "--until", "2026-06-05", "--reason", "等件", "--as", COORDINATOR)
    for order, partner in zip(handled.orders, (LEAD, SECOND), strict=True):
        city.do(order, "acknowledge", now="2026-06-01T09:30", actor=partner)
    city.ask(*pause, now="2026-06-02T10:30")
    city.ask("tick", now="2026-06-04T09:00")
    assert city.ask("case", "show", handled.case, now="2026-06-04T09:00")["paused"]
    city.ask("tick", now="2026-06-08T09:00")
    assert city.ask("case", "show", handled.case, now="2026-06-08T09:00")["paused"] is None


def test_an_unanswered_order_comes_back_to_the_coordinator(city: City, handled: Handled) -> None:
    city.ask("tick", now="2026-06-04T17:00")
    shown = city.ask("case", "show", handled.case, now="2026-06-04T17:00")
    assert {order["outcome"] for order in shown["orders"]} == {"unanswered"}
    assert shown["step"] == "rerouting"


# the outbox


def messages(city: City, *more: str, now: str = MONDAY) -> list[dict[str, str]]:
    """What waits in the outbox."""
    found: list[dict[str, str]] = city.ask("outbox", "list", *more, now=now)["messages"]
    return found


@pytest.mark.slow
def test_messages_wait_until_somebody_delivered_them(city: City, handled: Handled) -> None:
    waiting = messages(city)
    ids = [message["id"] for message in waiting]
    assert {message["kind"] for message in waiting} == {"accepted", "progress", "dispatched"}
    assert all(re.fullmatch(r"XF01-202606a-\d{4}\.\d+\.\d+", id) for id in ids)
    done = city.ask("outbox", "done", ids[0], "--as", COORDINATOR, now="2026-06-01T09:30")
    assert done["done"][0]["messages"] == [ids[0]]
    assert [message["id"] for message in messages(city)] == ids[1:]
    said = city.run("outbox", "done", *ids[1:], "--as", COORDINATOR, now="2026-06-01T09:31")
    assert said.code == 0
    assert messages(city) == []


def test_a_case_stands_for_all_its_messages(city: City, handled: Handled) -> None:
    first = len([m for m in messages(city) if m["case"] == handled.case])
    done = city.ask("outbox", "done", handled.case, "--as", COORDINATOR, now="2026-06-01T09:30")
    assert len(done["done"][0]["messages"]) == first
    assert {message["case"] for message in messages(city)} == set(handled.orders)


def test_filters_of_the_outbox(city: City, handled: Handled) -> None:
    assert [m["case"] for m in messages(city, "--to", LEAD)] == [handled.orders[0]]
    assert messages(city, "--community", "XF02") == []
    assert len(messages(city, "--community", "XF01")) == len(messages(city))


@pytest.mark.slow
def test_what_could_not_be_delivered_is_an_event_of_its_own(city: City, handled: Handled) -> None:
    id = messages(city)[0]["id"]
    city.ask("outbox", "done", id, "--undelivered", "空号", "--as", COORDINATOR, now="2026-06-01T09:30")
    last = city.history(handled.case)[-1]
    assert (last["kind"], last["note"]) == ("undelivered", "空号")
    assert id in [message["id"] for message in messages(city)]  # somebody still has to be told
    city.ask("outbox", "done", id, "--as", COORDINATOR, now="2026-06-01T10:30")
    assert id not in [message["id"] for message in messages(city)]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("nonsense", "FJ814"),
        ("XF01-202606a-0077", "FJ814"),
        ("XF01-202606a-0077.1.1", "FJ814"),
        ("{case}.99.9", "FJ802"),
        ("{case}.2.x", "FJ802"),
        ("{case}.", "FJ802"),
    ],
)
def test_messages_that_are_none(city: City, handled: Handled, typed: str, code: str) -> None:
    refused = city.refusal("outbox", "done", typed.format(case=handled.case), "--as", COORDINATOR, now=MONDAY)
    assert refused["code"] == code


def test_who_notes_a_delivery_is_on_a_roster(city: City, handled: Handled) -> None:
    id = messages(city)[0]["id"]
    assert city.refusal("outbox", "done", id, "--as", "reporter", now=MONDAY)["code"] == "FJ803"


@pytest.mark.slow
def test_a_delivery_is_noted_once(city: City, handled: Handled) -> None:
    id = messages(city)[0]["id"]
    before = city.tree("data/cache")
    city.ask("outbox", "done", id, "--as", COORDINATOR, "--dry-run", now="2026-06-01T09:30")
    assert city.tree("data/cache") == before
    first = city.ask("outbox", "done", id, "--as", COORDINATOR, "--request-id", "d-1", now="2026-06-01T09:30")
    after = city.tree("data/cache")
    again = city.ask("outbox", "done", id, "--as", COORDINATOR, "--request-id", "d-1", now="2026-06-01T09:40")
    assert again["done"][0] == {**first["done"][0], "repeated": True}
    city.ask("outbox", "done", id, "--as", INSPECTOR, now="2026-06-01T09:45")
    assert city.tree("data/cache") == after
    others = [message["id"] for message in messages(city)]
    assert (
        city.refusal("outbox", "done", others[0], "--as", COORDINATOR, "--request-id", "d-1", now=MONDAY)["code"]
        == "FJ813"
    )
    of_two_cases = city.run("outbox", "done", *others, "--as", COORDINATOR, "--request-id", "d-2", now=MONDAY)
    assert of_two_cases.code == 2
    assert "one --request-id can cover the messages of one case only" in of_two_cases.err
    assert [message["id"] for message in messages(city)] == others


# what a sweep says and records


@pytest.mark.slow
def test_a_sweep_names_its_times_and_what_it_left_out(city: City, handled: Handled) -> None:
    late = "2026-06-20T09:00"
    lines = city.run("tick", now=late).out.splitlines()
    assert lines and all(line.startswith("2026-06-20 09:00 +08:00  XF01-202606a-000") for line in lines)
    assert any("reminder left out, since the deadline had passed (due 2026-06-0" in line for line in lines)
    rungs = [event for event in city.history(handled.case) if event["kind"] == "rung"]
    assert not rungs[0].get("tells")
    assert "reminder left out" in city.run("case", "show", handled.case, now=late).out


def test_a_quiet_sweep_speaks_only_of_what_happened(city: City) -> None:
    assert city.run("tick", "--quiet", now=MONDAY).out == ""
    city.open()
    assert "deadline" in city.run("tick", "--quiet", now=LATE).out


def test_a_sweep_is_recorded_also_where_nothing_was_due(city: City) -> None:
    assert city.ask("status", now=MONDAY)["last_sweep"] is None
    city.run("tick", "--dry-run", now=MONDAY)
    assert city.ask("status", now=MONDAY)["last_sweep"] is None
    city.run("tick", now=MONDAY)
    assert city.ask("status", now=MONDAY)["last_sweep"] == {
        "start": "2026-06-01T09:00:00+08:00",
        "end": "2026-06-01T09:00:00+08:00",
        "communities": None,
        "fired": 0,
        "failures": 0,
        "late": False,
    }


def test_a_sweep_that_stopped_is_no_quiet_day(city: City) -> None:
    for now in ("2026-06-01T08:50", "2026-06-01T08:55", MONDAY):
        city.run("tick", now=now)
    for command in (("status",), ("case", "list")):
        assert "last sweep" not in city.run(*command, now="2026-06-01T09:09").err
        assert (
            "last sweep 3 days ago, though it usually runs every 5 minutes"
            in city.run(*command, now="2026-06-04T09:00").err
        )
    checks = {check["check"]: check for check in city.run("doctor", "--json", now="2026-06-04T09:00").json["checks"]}
    assert checks["sweep"]["state"] == "bad" and "3 days ago" in checks["sweep"]["detail"]
    assert city.ask("status", now="2026-06-04T09:00")["last_sweep"]["late"] is True

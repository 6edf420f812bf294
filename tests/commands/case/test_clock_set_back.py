"""An event before its case's last one: refused where ``--now`` is a typing error, recorded where the clock is wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import pytest

from fujin_cli.store.ledger.tinydb.ledger import TinyLedger
from tests.support import command_line
from tests.support.command_line import COORDINATOR, LEAD, MONDAY, SECOND, City, lay_city

LATER = "2026-06-01T09:30"


@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_a_rehearsal_refuses_an_event_before_the_last_one(city: City, more: tuple[str, ...]) -> None:
    case = city.open(now=LATER)["case"]
    before = city.tree("data/cache")
    refused = city.refusal("case", "note", case, "x", "--as", COORDINATOR, *more, now=MONDAY)
    assert refused["code"] == "FJ826"
    assert (
        refused["message"]
        == f"{case} has an event of 2026-06-01 09:30 +08:00, which is later than 2026-06-01 09:00 +08:00"
    )
    assert city.tree("data/cache") == before
    city.ask("case", "note", case, "x", "--as", COORDINATOR, *more, now=LATER)  # at the same moment is not before


def test_a_rehearsal_looks_at_every_case_that_changes(city: City) -> None:
    case = city.open()["case"]
    city.do(case, "accept")
    more = ("--set", f"lead={LEAD}", "--set", f"partners={SECOND}")
    order = city.do(case, "dispatch", *more, now=LATER)["opened"][0]
    other = city.open()["case"]
    city.do(other, "note", "--note", "x", now="2026-06-02T09:00")
    third = city.open()["case"]
    for typed, blamed in (
        (("case", "advance", order, "acknowledge", "--as", LEAD), order),
        (("case", "merge", third, other, "--as", COORDINATOR), other),
        (("outbox", "done", case, "--as", COORDINATOR), case),
    ):
        refused = city.refusal(*typed, now=MONDAY)
        assert (refused["code"], refused["message"].split()[0]) == ("FJ826", blamed)


@pytest.fixture
def live(tmp_path: Path) -> City:
    """The shipped city as it runs, with the computer's clock."""
    return City(lay_city(tmp_path / "live", rehearsal=False))


class Times:
    """A clock that tests set."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)
        times = self

        class Clock(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
                return times.now.astimezone(tz)

        monkeypatch.setattr(command_line, "Clock", Clock)


@pytest.fixture
def times(monkeypatch: pytest.MonkeyPatch) -> Times:
    return Times(monkeypatch)


def open_live(city: City) -> str:
    more = ("--set", "summary=x", "--set", "scope=building", "--set", "reporter=@-", "--json", "--as", "p-0105")
    ran = city.run("case", "open", "resident-request", "--community", "XF01", *more, stdin=command_line.CONTACT)
    assert ran.code == 0, ran
    return str(ran.json["case"])


def test_a_live_ledger_loses_no_event_to_a_wrong_clock_but_warns(live: City, times: Times) -> None:
    case = open_live(live)
    times.now -= timedelta(hours=1)
    ran = live.run("case", "note", case, "已电话联系", "--as", "p-0105", "--json")
    assert (ran.code, ran.json["event"]) == (0, 2)
    assert ran.err.startswith(f"warning: the clock of this computer stands before the last event of {case};")
    assert live.run("case", "note", case, "x", "--as", "p-0105").err == ""  # as late as the last event
    times.now += timedelta(days=1)
    assert live.run("case", "note", case, "x", "--as", "p-0105").err == ""


def test_a_command_that_waited_for_the_lock_tells_the_time_at_which_it_got_it(
    live: City, times: Times, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another one went first meanwhile: both are recorded in the order in which they happened."""
    case = open_live(live)
    transact, pending = TinyLedger.transact, [True]

    def wait_for_another(ledger: TinyLedger, *arguments: object) -> object:
        if pending:
            pending.clear()
            times.now += timedelta(seconds=5)
            live.run("case", "note", case, "first", "--as", "p-0105")
        return transact(ledger, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(TinyLedger, "transact", wait_for_another)
    ran = live.run("case", "note", case, "second", "--as", "p-0105")
    assert (ran.code, ran.err) == (0, "")
    events = live.run("case", "show", case, "--json").json["events"]
    assert [event["note"] for event in events[1:]] == ["first", "second"]
    assert sorted(event["at"] for event in events) == [event["at"] for event in events]


def test_a_month_that_ends_while_a_command_waits_is_the_one_of_the_case(
    live: City, times: Times, monkeypatch: pytest.MonkeyPatch
) -> None:
    times.now = datetime(2026, 11, 30, 15, 59, 59, tzinfo=UTC)
    transact = TinyLedger.transact

    def wait(ledger: TinyLedger, *arguments: object) -> object:
        times.now += timedelta(seconds=2)
        return transact(ledger, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(TinyLedger, "transact", wait)
    assert open_live(live) == "XF01-202612a-0001"

"""What a command does while it holds the lock, and how often it syncs: both are what others wait for."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from fujin_cli.store.files import disk
from fujin_cli.store.vault import attachments
from tests.support.command_line import COORDINATOR, LEAD, MONDAY, SECOND, City

MOST_HELD = 0.020  # seconds of processor time; a busy machine takes longer by the clock
LATE = "2026-06-03T09:00"


class Locks:
    """The locks that this process holds, and for how long it held each."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.taken: dict[int, float] = {}
        self.spans: list[float] = []
        try_lock, close = disk.try_lock, disk.close

        def locking(descriptor: int) -> bool:
            is_taken = try_lock(descriptor)
            if is_taken:
                self.taken[descriptor] = time.process_time()
            return is_taken

        def closing(descriptor: int) -> None:
            close(descriptor)
            if descriptor in self.taken:
                self.spans.append(time.process_time() - self.taken.pop(descriptor))

        patch.setattr(disk, "try_lock", locking)
        patch.setattr(disk, "close", closing)


@pytest.fixture
def locks(monkeypatch: pytest.MonkeyPatch) -> Locks:
    return Locks(monkeypatch)


@pytest.fixture
def slow_work(locks: Locks, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether a lock was held, each time that a code was hashed or a photo decoded."""
    moments: list[bool] = []

    def noting(work: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*arguments: Any, **options: Any) -> Any:
            moments.append(bool(locks.taken))
            return work(*arguments, **options)

        return noted

    monkeypatch.setattr(hashlib, "scrypt", noting(hashlib.scrypt))
    monkeypatch.setattr(attachments, "strip_metadata", noting(attachments.strip_metadata))
    return moments


def test_codes_are_hashed_and_photos_decoded_while_no_lock_is_held(city: City, slow_work: list[bool]) -> None:
    one, two = city.folder / "one.png", city.folder / "two.png"
    Image.new("RGB", (4, 4)).save(one)
    Image.new("RGB", (8, 8)).save(two)
    case = city.open("--set", f"photos=@{one}")["case"]
    city.ask("case", "reissue-code", case, "--as", "p-0103", now=MONDAY)
    city.ask("case", "attach", case, str(two), "--as", COORDINATOR, now=MONDAY)
    assert len(slow_work) == 4 and not any(slow_work)


def test_proofs_and_codes_of_the_next_round_are_hashed_while_no_lock_is_held(city: City, slow_work: list[bool]) -> None:
    case, code = city.finished()
    slow_work.clear()
    typed = ("case", "advance", case, "refuse", "--as", "reporter", "--set", "reason=还有垃圾", "--code")
    city.refusal(*typed, "WRONG234", now="2026-06-02T10:05")
    again = city.ask(*typed, code.lower(), now="2026-06-02T10:06")
    assert again["acceptance_code"] not in (None, code)
    assert len(slow_work) == 3 and not any(slow_work)  # two proofs and one new code
    assert [event["kind"] for event in city.history(case)][-2:] == ["wrong-code", "action"]


def test_an_opening_holds_the_lock_for_less_than_20_ms(city: City, locks: Locks) -> None:
    city.open()  # the first case of a ledger creates its folders, and everything is imported
    del locks.spans[:]
    for number in range(3):
        city.open(summary=f"第{number}件")
    assert min(locks.spans) <= MOST_HELD


# syncs


@contextmanager
def counted_syncs() -> Iterator[list[int]]:
    """Every call by which the system is asked to sync, each as its descriptor."""
    synced: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        for name in ("fsync", "fdatasync"):
            call = getattr(os, name, None)
            if call is not None:
                patch.setattr(os, name, lambda file, call=call: synced.append(file) or call(file))
        patch.setattr(os, "sync", lambda: synced.append(-1))
        yield synced


def _merge(city: City) -> Callable[[], object]:
    """Two volumes change."""
    case, other = city.open(now="2026-07-01T09:00")["case"], city.open()["case"]
    city.do(other, "accept")  # messages wait in both volumes already
    city.do(city.open(now="2026-07-01T09:00")["case"], "accept", now="2026-07-01T09:00")
    return lambda: city.ask("case", "merge", case, other, "--as", COORDINATOR, now="2026-07-01T09:00")


def _dispatch(city: City) -> Callable[[], object]:
    """The orders stand in another month than the case, to which somebody has written before."""
    case = city.open()["case"]
    city.open(now="2026-07-01T09:00")
    city.do(case, "accept")
    more = ("--set", f"lead={LEAD}", "--set", f"partners={SECOND}")
    return lambda: city.do(case, "dispatch", *more, now="2026-07-01T09:00")


def _attach(city: City) -> Callable[[], object]:
    case = city.open()["case"]
    for colour in ("red", "blue"):
        Image.new("RGB", (4, 4), colour).save(city.folder / f"{colour}.png")
    typed = ("case", "attach", case, "--as", COORDINATOR)
    city.ask(*typed, "red.png", now=MONDAY)
    return lambda: city.ask(*typed, "blue.png", now=MONDAY)


def _advance(city: City) -> Callable[[], object]:
    case = city.open()["case"]
    city.do(case, "accept")
    return lambda: city.do(case, "note", "--note", "x")


def _open(city: City) -> Callable[[], object]:
    city.open()
    return lambda: city.open("--request-id", "r-1")


def _tick(city: City) -> Callable[[], object]:
    for number in range(3):
        city.open(summary=f"第{number}件")
    return lambda: city.ask("tick", now=LATE)


@pytest.mark.parametrize(
    ("prepare", "most"), [(_advance, 3), (_open, 10), (_merge, 9), (_dispatch, 12), (_attach, 5), (_tick, 5)]
)
def test_no_command_syncs_more_often_than_it_must(
    city: City, prepare: Callable[[City], Callable[[], object]], most: int
) -> None:
    run = prepare(city)
    with counted_syncs() as synced:
        run()
    assert 2 <= len(synced) <= most


# ticks


def test_a_tick_writes_each_volume_once(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [city.open(summary=f"第{number}件")["case"] for number in range(3)]
    cases.append(city.open(community="XF02", topic="water")["case"])
    written: list[str] = []
    rename = disk.rename

    def noting(source: Path, target: Path) -> None:
        rename(source, target)
        if target.name.endswith(".a.json"):
            written.append(f"{target.parent.name}/{target.name}")

    monkeypatch.setattr(disk, "rename", noting)
    fired = city.ask("tick", now=LATE)["fired"]
    assert {firing["case"] for firing in fired} == set(cases)
    assert sorted(written) == ["XF01/2026-06.a.json", "XF02/2026-06.a.json"]


def test_a_tick_leaves_out_the_one_case_that_cannot_be_ticked(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    from fujin_cli.core.cases import timers
    from fujin_cli.core.findings.refusals import NOT_NOW, Refusal
    from fujin_cli.core.text.localized import say

    one, two, three = (city.open(summary=f"第{number}件")["case"] for number in range(3))
    tick = timers.tick

    def tick_some(operation: Any, id: str) -> Any:
        fired = tick(operation, id)
        if id == two:  # after it did something
            raise Refusal(NOT_NOW, say("made up"))
        return fired

    monkeypatch.setattr(timers, "tick", tick_some)
    ran = city.run("tick", "--json", now=LATE)
    assert ran.code == 1
    assert {firing["case"] for firing in ran.json["fired"]} == {one, three}
    assert ran.err == f"warning: {two}: made up\n"
    monkeypatch.undo()
    assert len(city.history(two)) == 1
    assert {firing["case"] for firing in city.ask("tick", now=LATE)["fired"]} == {two}

"""Real processes on one ledger at the same time, and killed at random: what they were told is there, once."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fujin_cli.store.files import disk
from fujin_cli.store.ledger.protocol import Busy, Damaged
from fujin_cli.store.ledger.tinydb.paths import wait_from_environment
from tests.support.ledger_samples import advance, open_case, tiny

FORK = multiprocessing.get_context("fork")


def opens_and_advances(base: Path, name: str, rounds: int, tell: Callable[[dict[str, Any]], None]) -> None:
    """Open a case and advance it, again and again; now and then change a case of another community with it."""
    ledger = tiny(base, wait=60)
    for number in range(rounds):
        case = open_case(ledger, request=f"{name}-{number}")
        tell({"case": case, "op": f"{name}-{number}", "cases": [case]})
        op = f"{name}-{number}-on"
        cases = [case]
        if number % 5 == 4:
            cases.append(open_case(ledger, "XF02", request=f"{name}-{number}-other"))
        advance(ledger, *cases, request=op, ends=number % 2 == 1)
        tell({"op": op, "cases": cases})


def told_by(path: Path) -> Callable[[dict[str, Any]], None]:
    """Write down what was acknowledged, in a way that a kill cannot take back."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    return lambda fact: os.write(descriptor, (json.dumps(fact) + "\n").encode()) and None


def read_told(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def run_together(base: Path, processes: int, rounds: int) -> list[str]:
    """What is wrong after ``processes`` have done ``rounds`` each at the same time."""

    def work(name: str) -> None:
        opens_and_advances(base, name, rounds, told_by(base / f"told-{name}"))

    base.mkdir(exist_ok=True)
    running = [FORK.Process(target=work, args=(f"p{number}",)) for number in range(processes)]
    for process in running:
        process.start()
    for process in running:
        process.join()
    wrong = [f"process {number} failed" for number, process in enumerate(running) if process.exitcode]
    told = [fact for number in range(processes) for fact in read_told(base / f"told-p{number}")]
    if len(told) != processes * rounds * 2:
        wrong.append(f"{len(told)} acknowledged")
    return wrong + missing(base, told)


def missing(base: Path, told: list[dict[str, Any]]) -> list[str]:
    """What was told and is not there, or is there twice, or is not sound."""
    ledger = tiny(base)
    open_case(ledger, "XF09")
    ops = {kept.case: [event.op for event in kept.events] for kept in ledger.all_cases()}
    wrong = [
        f"{fact['op']} is {ops.get(case, []).count(fact['op'])} times in {case}"
        for fact in told
        for case in fact["cases"]
        if ops.get(case, []).count(fact["op"]) != 1
    ]
    opened = [fact["case"] for fact in told if "case" in fact]
    if len(set(opened)) != len(opened):
        wrong.append("an id was given twice")
    wrong += [f"{fact['op']} is not found" for fact in told[::7] if "case" in fact and not found(ledger, fact)]
    wrong += [str(finding.message) for finding in ledger.problems()]
    return wrong + [str(finding.message) for finding in ledger.verify() if finding.severity == "error"]


def found(ledger: Any, fact: dict[str, Any]) -> bool:
    """Whether the ledger knows the operation; in a damaged volume it does not, which ``missing`` lists like a loss."""
    try:
        return bool(ledger.find_operation(fact["op"]) == fact["case"])
    except Damaged:
        return False


@pytest.mark.slow
def test_eight_processes_on_one_volume_lose_nothing(tmp_path: Path) -> None:
    assert run_together(tmp_path, processes=8, rounds=50) == []


@pytest.mark.slow
def test_without_the_lock_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any) -> None:
    monkeypatch.setattr(disk, "try_lock", lambda descriptor: True)
    assert run_together(tmp_path, processes=4, rounds=25)


@pytest.mark.slow
def test_kill_at_random_times_loses_nothing(tmp_path: Path) -> None:
    chance = random.Random(20261102)
    until = time.monotonic() + 10
    kills = 0
    while time.monotonic() < until:
        kills += 1
        pair = [
            FORK.Process(
                target=lambda name: opens_and_advances(tmp_path, name, 10_000, told_by(tmp_path / "told")),
                args=(f"k{kills}-{number}",),
            )
            for number in range(2)
        ]
        for process in pair:
            process.start()
        for process in pair:
            time.sleep(chance.uniform(0.02, 0.25))
            os.kill(process.pid or 0, signal.SIGKILL)
            process.join()
    told = read_told(tmp_path / "told")
    assert kills > 5 and len(told) > 100
    assert missing(tmp_path, told) == []


@pytest.mark.slow
def test_verify_and_lists_beside_writers_find_nothing_wrong(tmp_path: Path) -> None:
    writer = FORK.Process(target=lambda: opens_and_advances(tmp_path, "w", 150, lambda fact: None))
    writer.start()
    rounds = 0
    while writer.is_alive():
        rounds += 1
        ledger = tiny(tmp_path)
        assert [str(finding.message) for finding in ledger.verify() if finding.severity == "error"] == []
        for kept in (*ledger.open_cases(), *ledger.all_cases()):
            assert [event.n for event in kept.events] == list(range(1, len(kept.events) + 1))
        assert ledger.problems() == ()
    writer.join()
    assert writer.exitcode == 0 and rounds > 0


def hold_until_killed(base: Path, case: str) -> Any:
    """A process that sits in the middle of an operation on the case's volume."""

    def sit() -> None:
        def work(view: Any) -> Any:
            (base / "sitting").touch()
            time.sleep(60)

        tiny(base).transact(None, [case], None, work)

    process = FORK.Process(target=sit)
    process.start()
    while not (base / "sitting").exists():
        time.sleep(0.01)
    return process


def test_a_volume_that_is_held_is_busy_and_the_others_are_not(tmp_path: Path) -> None:
    ledger = tiny(tmp_path, wait=0.05)
    case = open_case(ledger)
    other = open_case(ledger, month="202612")
    process = hold_until_killed(tmp_path, case)
    try:
        with pytest.raises(Busy, match="XF01, 2026-11"):
            advance(ledger, case)
        with pytest.raises(Busy):
            advance(ledger, other, case)
        with pytest.raises(Busy):
            open_case(ledger)
        advance(ledger, other)
        assert len(ledger.read(case)) == 1, "reading waits for nobody"
        assert len(ledger.read(other)) == 2
    finally:
        process.kill()
        process.join()
    advance(ledger, case)
    assert len(ledger.read(case)) == 2


def test_waiting_ends_when_the_other_one_is_done(tmp_path: Path) -> None:
    case = open_case(tiny(tmp_path))
    process = hold_until_killed(tmp_path, case)
    FORK.Process(target=lambda: (time.sleep(0.2), os.kill(process.pid, signal.SIGKILL))).start()
    advance(tiny(tmp_path, wait=10), case)
    process.join()
    assert len(tiny(tmp_path).read(case)) == 2


@pytest.mark.parametrize(
    ("value", "wait"),
    [("2.5", 2.5), ("0", 0.0), ("", 10.0), ("soon", 10.0), ("-1", 10.0), ("nan", 10.0), ("inf", 10.0)],
)
def test_how_long_to_wait_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch, value: str, wait: float) -> None:
    monkeypatch.setenv("FUJIN_LOCK_WAIT", value)
    assert wait_from_environment() == wait

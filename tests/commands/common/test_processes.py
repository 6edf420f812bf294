"""What only a process of its own shows: closed streams, pipes, signals, locks, and many at once."""

from __future__ import annotations

import fcntl
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.command_line import COORDINATOR, FUJIN, City

pytestmark = pytest.mark.slow

OPEN = ("case", "open", "resident-request", "--community", "XF01", "--as", "p-0105", "--now", "2026-06-01T09:00")


@pytest.fixture
def contact(city: City) -> str:
    """A file with contact data, as ``--set`` takes it."""
    path = city.folder / "contact.txt"
    path.write_text("name: 样例·吴某\nphone: 000-0000-0077\n", "utf-8")
    return f"reporter=@{path}"


def shell(city: City, script: str) -> subprocess.CompletedProcess[str]:
    environment = city.environment({"F": " ".join(FUJIN)})
    return subprocess.run(
        ["bash", "-c", script], cwd=city.folder, env=environment, text=True, capture_output=True, timeout=60
    )


@pytest.mark.parametrize(
    "command", ["procedure show resident-request", "explain FJ102", "--help", "case open --help", "validate", "doctor"]
)
def test_a_reader_that_has_gone_is_no_fault(city: City, command: str) -> None:
    done = shell(city, f"$F {command} | true; echo ${{PIPESTATUS[0]}}")
    assert (done.stdout, done.stderr) == ("0\n", "")


def test_a_refusal_for_a_reader_that_has_gone(city: City) -> None:
    done = shell(city, "$F case show XF01-202606a-0001 | true; echo ${PIPESTATUS[0]}")
    assert done.stderr == ""
    assert done.stdout in ("0\n", "2\n")


def test_closed_streams_are_nobody_to_talk_to(city: City) -> None:
    assert shell(city, "$F community list 2>&- | wc -l").stdout.strip() == "14"
    assert shell(city, "$F case list --bogus 2>&-; echo $?").stdout == "2\n"
    assert shell(city, "$F community list <&- | wc -l").stdout.strip() == "14"
    assert "Traceback" not in shell(city, f"$F {' '.join(OPEN)} <&-").stderr


def test_letters_that_the_terminal_cannot_show_are_no_fault(city: City) -> None:
    narrow = {"PYTHONIOENCODING": "ascii", "FUJIN_LANG": "zh"}
    for typed in (("community", "list"), ("community", "list", "--json"), ("community", "show", "nope")):
        ran = city.spawn(*typed, env=narrow)
        assert ran.code in (0, 2), ran
        assert "\\u" in ran.out + ran.err and "Traceback" not in ran.err
    assert city.spawn("community", "list", "--json", env=narrow).json == city.ask("community", "list")


def test_a_full_disk_under_stdout_is_said(city: City) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    done = shell(city, "$F community list > /dev/full; echo $?")
    assert done.stdout == "1\n"
    assert "Traceback" not in done.stderr and "No space left" in done.stderr


def test_ctrl_c_ends_with_130_and_without_a_traceback(city: City) -> None:
    """At whatever moment it comes, the start of Python's own aside."""
    codes = set()
    for tenths in range(40):  # later and later: on a busy machine the first ones come before fujin has begun
        if codes and tenths >= 8:
            break
        process = city.start("validate", start_new_session=True)
        time.sleep(0.08 + 0.06 * tenths)
        process.send_signal(signal.SIGINT)
        _out, err = process.communicate(timeout=30)
        if process.returncode == 0:
            continue
        if process.returncode == -signal.SIGINT or "site.py" in err or "<frozen" in err:
            continue  # before the first line of fujin ran
        assert process.returncode == 130, err
        assert err == ""
        codes.add(process.returncode)
    assert codes == {130}


def test_a_lock_that_somebody_holds_is_75_and_changes_nothing(city: City) -> None:
    case = city.open()["case"]
    locks = [path for path in (city.folder / "data" / "ledger").rglob("*") if path.is_file() and "lock" in path.name]
    assert locks
    handles = [path.open("a") for path in locks]
    for handle in handles:
        fcntl.flock(handle, fcntl.LOCK_EX)
    before = city.tree("data/cache")
    typed = ("case", "advance", case, "accept", "--as", COORDINATOR, "--now", "2026-06-01T09:05")
    plain = city.spawn(*typed, env={"FUJIN_LOCK_WAIT": "0.2"})
    assert (plain.code, plain.out) == (75, "")
    assert plain.err.startswith("error: another process is writing to the ledger; nothing was changed")
    ran = city.spawn(*typed, "--json", env={"FUJIN_LOCK_WAIT": "0.2"})
    assert (ran.code, ran.out, ran.error["kind"]) == (75, "", "busy")
    assert city.spawn("case", "list", env={"FUJIN_LOCK_WAIT": "0.2"}).code == 0  # who only looks waits for nobody
    assert city.spawn("case", "show", case, env={"FUJIN_LOCK_WAIT": "0.2"}).code == 0
    assert city.tree("data/cache") == before
    for handle in handles:
        handle.close()
    assert city.spawn(*typed).code == 0


def test_eight_at_once_open_eight_cases(city: City, contact: str) -> None:
    processes = [
        city.start(*OPEN, "--set", f"summary=第{n}件", "--set", contact, "--json", "--request-id", f"r-{n}")
        for n in range(8)
    ]
    answers = [json.loads(process.communicate(timeout=60)[0]) for process in processes]
    assert [process.returncode for process in processes] == [0] * 8
    ids = [answer["case"] for answer in answers]
    assert sorted(ids) == [f"XF01-202606a-{n:04d}" for n in range(1, 9)]
    assert sorted(city.cases()) == sorted(ids)
    for n, id in enumerate(ids):
        assert city.history(id)[0]["set"]["summary"] == f"第{n}件"
    assert city.run("ledger", "verify").code == 0


def test_the_same_request_sent_eight_times_at_once_is_one_case(city: City, contact: str) -> None:
    typed = (*OPEN, "--set", "summary=同一件", "--set", contact, "--json", "--request-id", "one")
    processes = [city.start(*typed) for _ in range(8)]
    answers = [json.loads(process.communicate(timeout=60)[0]) for process in processes]
    assert [process.returncode for process in processes] == [0] * 8
    assert {answer["case"] for answer in answers} == {"XF01-202606a-0001"}
    assert sorted(answer["repeated"] for answer in answers) == [False] + [True] * 7
    assert sum(answer["acceptance_code"] is not None for answer in answers) == 1
    assert city.cases() == ["XF01-202606a-0001"]
    assert len(list((city.folder / "data" / "contacts").rglob("*.json"))) == 1


def test_killed_in_the_middle_and_repeated_there_is_exactly_one_case(city: City, contact: str) -> None:
    """``kill -9`` at a random moment, then the same command again with the same request id, as a script would."""
    chance = random.Random(20260601)
    killed = 0
    for n in range(12):
        typed = (*OPEN, "--set", f"summary=第{n}件", "--set", contact, "--json", "--request-id", f"killed-{n}")
        process = city.start(*typed)
        time.sleep(chance.uniform(0.1, 0.45))
        process.kill()
        process.communicate(timeout=30)
        killed += process.returncode == -signal.SIGKILL
        again = city.run(*typed)
        assert again.code == 0, again
        assert again.json["case"] == f"XF01-202606a-{n + 1:04d}"
    assert killed
    assert city.cases() == [f"XF01-202606a-{n:04d}" for n in range(1, 13)]
    verified = city.run("ledger", "verify")
    assert verified.code == 0, verified


def test_six_ticks_at_once_fire_each_rung_once(city: City, tmp_path: Path) -> None:
    """A morning on which much is due. What six do together is what one does alone on a copy."""
    for n in range(6):
        city.open(community="XF01", summary=f"甲{n}")
        city.open(community="XF02", summary=f"乙{n}", topic="water")
    city.dispatched(now="2026-06-01T09:05")
    shutil.copytree(city.folder, tmp_path / "alone")
    alone = City(tmp_path / "alone")
    now = "2026-06-09T17:30"
    expected = alone.ask("tick", now=now)["fired"]
    assert len(expected) > 40
    processes = [city.start("tick", "--json", "--now", now) for _ in range(6)]
    answers = [process.communicate(timeout=120) for process in processes]
    assert [process.returncode for process in processes] == [0] * 6, answers
    fired = [entry for out, _err in answers for entry in json.loads(out)["fired"]]
    assert sorted(map(str, fired)) == sorted(map(str, expected))
    assert _happened(city) == _happened(alone)
    assert city.ask("tick", now=now)["fired"] == []
    assert city.run("ledger", "verify").code == 0


def _happened(city: City) -> dict[str, list[tuple[str, ...]]]:
    """What the ledger says of every case."""
    return {
        case: sorted(
            (event["kind"], event["from"] or "", event["to"] or "", event["at"]) for event in city.history(case)
        )
        for case in city.cases()
    }


def test_the_program_and_the_module_are_the_same(city: City) -> None:
    program = Path(sys.executable).parent / "fujin"
    if not program.exists():
        pytest.skip("fujin is not installed here")
    done = subprocess.run(
        [str(program), "community", "list"], cwd=city.folder, env=city.environment(), text=True, capture_output=True
    )
    assert (done.returncode, done.stdout) == (0, city.spawn("community", "list").out)
    assert os.access(program, os.X_OK)

"""``fujin case migrate --apply`` on a large ledger beside other processes, killed, and with a damaged file."""

from __future__ import annotations

import fcntl
import json
import re
import shutil
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from fujin_cli.core.cases.case import Case
from fujin_cli.core.cases.evolve import replay
from fujin_cli.store.ledger.tinydb.ledger import TinyLedger
from tests.support.command_line import City, lay_city
from tests.support.many_cases import kept, many
from tests.support.yaml_trees import city as shipped_city

pytestmark = pytest.mark.slow

NOW = "2026-07-22T10:00"
APPLY = ("case", "migrate", "--all", "--apply", "--as", "p-0101", "--now", NOW, "--json")


@pytest.fixture(scope="session")
def _many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = lay_city(tmp_path_factory.mktemp("many") / "city")
    kept(many(shipped_city(), every=2)[0], folder / "data" / "ledger", shipped_city())
    for path in (folder / "workflows" / "procedures").glob("*.yaml"):
        text = path.read_text("utf-8")
        path.write_text(re.sub(r"^procedure: .*", r"\g<0>\nnote: another version", text, count=1, flags=re.M), "utf-8")
    assert City(folder).run("community", "list").code == 0
    return folder


@pytest.fixture
def large(_many: Path, tmp_path: Path) -> City:
    """A city with open cases at every step, whose procedures have all been changed since."""
    shutil.copytree(_many, tmp_path / "city")
    return City(tmp_path / "city")


def cases(city: City) -> list[Case]:
    """Every case of the ledger."""
    ledger = TinyLedger(city.folder / "data" / "ledger")
    return [replay(found.case, found.events) for found in ledger.all_cases()]


def versions(city: City) -> dict[str, int]:
    """How many open cases follow each version, by its state."""
    found: Counter[str] = Counter()
    for entry in city.ask("procedure", "versions", now=NOW)["versions"]:
        found[entry["state"]] += entry["open"]
    return dict(found)


def check(city: City) -> None:
    """Every open case follows the new version; nobody was moved twice, no rung fired twice in a visit."""
    assert set(versions(city)) <= {"active", "drained"}, versions(city)
    for case in cases(city):
        kinds = Counter(event.kind for event in case.events)
        assert kinds["migrated"] <= 1, case.id
        fired: list[str] = []
        for event in case.events:
            if event.to_step is not None:
                fired = []
            elif event.kind == "rung":
                assert event.data["rule"] not in fired, (case.id, event)
                fired.append(event.data["rule"])
    assert verified(city) == set()


def test_a_sweep_at_the_same_time(large: City) -> None:
    before = versions(large)["draining"]
    assert before > 50
    started = [large.start(*APPLY), large.start("tick", "--now", NOW, "--json"), large.start(*APPLY)]
    answers = [process.communicate(timeout=180) for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], answers
    moved = [entry for at in (0, 2) for entry in json.loads(answers[at][0])["cases"]]
    assert all(entry["refused"] is None for entry in moved)
    again = large.run(*APPLY)
    assert (again.code, again.json["cases"]) == (0, [])
    check(large)
    assert large.ask("tick", now=NOW)["fired"] == []


def test_killed_in_the_middle_and_run_again(large: City) -> None:
    for wait in (0.8, 1.1):
        process = large.start(*APPLY)
        time.sleep(wait)
        process.kill()
        process.communicate(timeout=30)
    halfway = versions(large)
    assert verified(large) == set()
    ran = large.run(*APPLY)
    assert ran.code == 0, ran
    assert len(ran.json["cases"]) == halfway.get("draining", 0)
    check(large)


def damaged(city: City) -> Path:
    """One volume with open cases is cut in two."""
    path = max((city.folder / "data" / "ledger" / "XF01").rglob("*a.json"), key=lambda path: path.stat().st_size)
    path.write_bytes(path.read_bytes()[:-100])
    return path


def test_a_damaged_volume_keeps_no_other_case(large: City) -> None:
    cut = damaged(large)
    rehearsed = large.run("case", "migrate", "--all", "--now", NOW, "--json")
    ran = large.run(*APPLY)
    assert (rehearsed.code, ran.code) == (1, 1)
    assert cut.name in ran.err or "XF01" in ran.err
    assert 10 < len(ran.json["cases"]) == len(rehearsed.json["cases"])
    assert all(entry["event"] for entry in ran.json["cases"])
    named: Any = large.run("case", "migrate", "XF01-202606a-0001", ran.json["cases"][0]["case"], "--now", NOW, "--json")
    assert named.code == 1
    assert [entry["refused"] is None for entry in named.json["cases"]] == [False, True]
    assert named.json["cases"][0]["refused"]["code"].startswith("FJ7")


def verified(city: City) -> set[str]:
    """The codes of what verification finds; the contacts of these cases were never kept (FJ708)."""
    return {finding["code"] for finding in city.run("ledger", "verify", "--json").json["findings"]} - {"FJ708"}


def test_a_law_that_is_gone_keeps_no_other_case(large: City) -> None:
    [gone] = [entry for entry in large.ask("procedure", "versions", "objection", now=NOW)["versions"] if entry["open"]]
    next((large.folder / "data" / "ledger" / "laws").glob(f"{gone['law']}*")).unlink()
    ran = large.run(*APPLY)
    assert ran.code == 1
    refused = [entry for entry in ran.json["cases"] if entry["refused"]]
    assert {entry["procedure"] for entry in refused} == {"objection"} and len(refused) == gone["open"]
    assert len(ran.json["cases"]) > 50


def test_what_somebody_else_is_writing_is_left_and_the_rest_goes_on(large: City) -> None:
    locks = sorted(path for path in (large.folder / "data" / "ledger").rglob("*lock*") if path.is_file())
    with locks[0].open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        ran = large.run(*APPLY, env={"FUJIN_LOCK_WAIT": "0"})
    busy = [entry for entry in ran.json["cases"] if entry["busy"]]
    assert (ran.code, bool(busy)) == (75, True)
    assert all(entry["event"] is None for entry in busy)
    again = large.run(*APPLY)
    assert (again.code, len(again.json["cases"])) == (0, len(busy))


def test_one_request_id_serves_for_all_and_for_each(large: City) -> None:
    typed = (*APPLY, "--request-id", "law-2026")
    first = large.run(*typed)
    assert first.code == 0
    ids = [entry["case"] for entry in first.json["cases"]][:5]
    again = large.run("case", "migrate", *ids, *APPLY[3:], "--request-id", "law-2026")
    assert again.code == 0
    assert [(entry["case"], entry["repeated"]) for entry in again.json["cases"]] == [(id, True) for id in ids]
    back = ("case", "migrate", *ids, "--undo", *APPLY[3:])
    assert large.run(*back, "--request-id", "law-2026").json["cases"][0]["refused"]["code"] == "FJ813"
    assert large.run(*back).code == 0
    assert {entry["refused"]["code"] for entry in large.run(*back).json["cases"]} == {"FJ832"}

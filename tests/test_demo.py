"""``make demo`` tells the main job from end to end; what it left in its folder is what it told."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from collections import Counter
from typing import Any

import pytest

from tests.support.command_line import City
from tests.support.paths import ROOT

NOW = "2026-06-18T09:00"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[City, str]:
    """The folder that the demo worked in, and what it printed."""
    folder = tmp_path_factory.mktemp("demo") / "city"
    environment = {**os.environ, "FUJIN_DEMO_KEEP": str(folder), "FUJIN_LANG": "en", "PYTHONPATH": str(ROOT)}
    for name in ("FUJIN_AS", "FUJIN_WORKSPACE"):
        environment.pop(name, None)
    command = [sys.executable, str(ROOT / "docs" / "demo.py")]
    done = subprocess.run(command, env=environment, text=True, capture_output=True, timeout=600)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return City(folder), done.stdout


@pytest.fixture(scope="module")
def cases(told: tuple[City, str]) -> dict[str, Any]:
    """Every case of the demo, as ``case show`` says it."""
    city, _story = told
    ids = [entry["case"] for entry in city.ask("case", "list", "--all", now=NOW)["cases"]]
    return {id: city.ask("case", "show", id, now=NOW) for id in ids}


def done(case: Any) -> list[str]:
    """The actions that were done on a case, in order."""
    return [event["action"] for event in case["events"] if event["action"]]


def test_every_sample_request_was_opened(told: tuple[City, str], cases: dict[str, Any]) -> None:
    rows = (ROOT / "data" / "samples" / "requests.csv").read_text("utf-8").count("\n") - 1
    procedures = Counter(case["procedure"] for case in cases.values())
    assert procedures["resident-request"] == rows
    assert procedures["work-order"] >= 10
    assert told[1].count("$ fujin case open resident-request") == rows


def test_two_complainants_joined_and_each_was_told(cases: dict[str, Any]) -> None:
    joined = [case for case in cases.values() if "merge" in done(case)]
    assert len(joined) >= 2
    for case in joined:
        other = cases[case["joined_to"]]
        assert case["case"] in other["joined"]
        assert case["fields"]["reporter"] in other["fields"]["joined"]
        assert case["fields"]["reporter"] != other["fields"]["reporter"]
    ended = [case for case in joined if case["outcome"]]
    assert {case["outcome"] for case in ended} == {"merged"}
    assert ended


def test_both_contacts_of_a_merge_get_the_answer(told: tuple[City, str], cases: dict[str, Any]) -> None:
    messages = told[0].ask("outbox", "list", now=NOW)["messages"]
    case = next(case for case in cases.values() if case["joined"] and case["outcome"] == "done")
    told_of_it = {message["who"] for message in messages if message["kind"] == "answer"}
    assert {case["fields"]["reporter"], *case["fields"]["joined"]} <= told_of_it


def test_a_bounce_was_dispatched_again(cases: dict[str, Any]) -> None:
    bounced = [case for case in cases.values() if case["outcome"] == "bounced"]
    assert bounced and all(case["fields"]["reason"] for case in bounced)
    parent = cases[bounced[0]["parent"]["case"] if isinstance(bounced[0]["parent"], dict) else bounced[0]["parent"]]
    assert "redispatch" in done(parent)
    assert any(event["to"] == "rerouting" for event in parent["events"])


def test_a_refusal_was_worked_again_and_then_approved(cases: dict[str, Any]) -> None:
    refused = [case for case in cases.values() if "refuse" in done(case)]
    (case,) = refused
    actions = done(case)
    assert actions.index("refuse") < actions.index("approve")
    assert actions.count("finish") == 2
    assert case["outcome"] == "done"
    word = next(event for event in case["events"] if event["action"] == "refuse")
    assert word["by"] == "reporter" and word["entered_by"] != "reporter" and word["set"]["reason"]


def test_silence_was_not_consent(cases: dict[str, Any]) -> None:
    (case,) = (case for case in cases.values() if case["outcome"] == "unreachable")
    assert done(case).count("try") >= 3
    assert "approve" not in done(case)


def test_one_came_back(cases: dict[str, Any]) -> None:
    (case,) = (case for case in cases.values() if "reopen" in done(case))
    assert case["outcome"] is None
    assert done(case).index("approve") < done(case).index("reopen")


def test_one_was_declined_with_a_reason(cases: dict[str, Any]) -> None:
    (case,) = (case for case in cases.values() if case["outcome"] == "declined")
    assert case["fields"]["reason"]


def test_time_raised_what_was_left_and_the_second_tick_found_nothing(
    told: tuple[City, str], cases: dict[str, Any]
) -> None:
    rungs = [event for case in cases.values() for event in case["events"] if event["kind"] == "rung"]
    assert rungs
    _before, first, second = re.split(r"^\$ fujin tick --now .*$", told[1], maxsplit=2, flags=re.MULTILINE)
    assert "XF" in first
    assert "XF" not in second.split("──")[0]
    assert told[0].ask("tick", now=NOW)["fired"] == []
    raised = told[0].ask("outbox", "list", now=NOW)["messages"]
    assert any(message["kind"] == "raised" for message in raised)


def test_the_ledger_is_whole_and_no_private_word_was_printed(told: tuple[City, str], cases: dict[str, Any]) -> None:
    city, story = told
    verified = city.run("ledger", "verify")
    assert verified.code == 0
    assert f"{len(cases)} cases verified\n" in story
    with (ROOT / "data" / "samples" / "requests.csv").open(encoding="utf-8", newline="") as file:
        people = [row[key] for row in csv.DictReader(file) for key in ("reporter_name", "reporter_phone")]
    assert people
    assert [known for known in people if known in story] == []  # numbers of an advertisement are no contact
    assert "Traceback" not in story

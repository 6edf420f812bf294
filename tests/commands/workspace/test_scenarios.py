"""``fujin test``, ``fujin procedure replay`` and ``fujin validate --write-scenario``."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.support.command_line import City
from tests.support.golden_workspaces import copy_base
from tests.support.paths import ROOT, TESTS

GOLDEN = TESTS / "golden" / "scenarios"
STUCK = """
  kept:
    title: Kept
    owner: clerk
    within: 1 working day
    ladder: [{after: 1 working day, raise: street}]
    actions: {done: {title: done, to: finished, by: clerk, when: {found: litter}}}
  finished:"""


@pytest.fixture
def town(tmp_path: Path) -> City:
    """The tiny workspace with two scenarios, one of which fails in every way."""
    root = copy_base(tmp_path / "town")
    shutil.copytree(GOLDEN / "workflows", root / "workflows", dirs_exist_ok=True)
    return City(root)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_fails_is_shown_with_its_line(town: City, language: str) -> None:
    town.language = language
    ran = town.run("test")
    assert ran.code == 1 and ran.err == ""
    assert ran.out == (GOLDEN / f"expected.{language}.txt").read_text("utf-8")
    assert town.run("test").out == ran.out  # the same each time


def test_scripts_and_ci_read_the_same(town: City) -> None:
    told = town.run("test", "--json").json
    assert (told["version"], told["passed"], told["failed"]) == (1, 1, 2)
    codes = [finding["code"] for entry in told["scenarios"] for finding in entry["findings"]]
    report = ElementTree.fromstring(town.run("test", "--format", "junit").out)
    assert (report.attrib["tests"], report.attrib["failures"]) == ("3", "2")
    said = "".join(report.itertext())
    assert all(f"[{code}]" in said for code in codes)
    assert {"FJ820", "FJ821", "FJ822"} <= set(codes)


def test_only_what_is_asked_for_runs(town: City) -> None:
    path = town.folder / "workflows" / "scenarios" / "holds.yaml"
    assert town.run("test", str(path)).code == 0
    assert town.run("test", str(path.parent)).code == 1
    assert town.run("test", "workflows/menu.yaml").code == 2
    assert town.run("test", "workflows/nothing.yaml").code == 2


def test_nothing_is_kept_of_a_run(town: City) -> None:
    town.run("test")
    town.run("procedure", "replay", "errand", "--actions", "send")
    assert not (town.folder / "data" / "ledger").exists()
    assert not (town.folder / "data" / "contacts").exists()


def test_a_scenario_with_errors_is_not_run(town: City) -> None:
    path = town.folder / "workflows" / "scenarios" / "holds.yaml"
    path.write_text(path.read_text("utf-8").replace("step: checking", "step: chekcing"), "utf-8")
    told = town.run("test", str(path), "--json").json
    assert [finding["code"] for finding in told["scenarios"][0]["findings"]] == ["FJ824"]
    assert town.run("validate", str(path)).code == 1


def test_a_replay_tells_every_event(town: City) -> None:
    told = town.run("procedure", "replay", "errand", "--actions", "send,orders=finished,finish", "--json").json
    assert (told["step"], told["outcome"], told["refused"]) == ("checking", None, None)
    assert [event["kind"] for event in told["events"]] == ["opened", "action", "opened", "action", "child", "action"]
    assert told["events"][-1]["open"] == ["approve", "refuse", "try"]
    assert told["events"][0]["due"] == "2026-06-02T17:00:00+08:00"


def test_a_replay_stops_at_the_first_refusal(town: City) -> None:
    ran = town.run("procedure", "replay", "errand", "--actions", "send,finish,approve")
    assert ran.code == 1
    assert "error[FJ802]: this requires: all of orders are finished" in ran.out
    told = town.run("procedure", "replay", "errand", "--actions", "send,finish,approve", "--json").json
    assert told["refused"]["code"] == "FJ802" and told["step"] == "running"


def test_a_replay_without_lines_is_the_opening(town: City) -> None:
    assert [event["kind"] for event in town.ask("procedure", "replay", "errand")["events"]] == ["opened"]


@pytest.mark.parametrize(
    "typed",
    [
        (),
        ("errand", "--actions", ""),
        ("errand", "--actions", "send", "--scenario", "workflows/scenarios/holds.yaml"),
        ("--actions", "send"),
        ("nothing", "--actions", "send"),
        ("errand", "--actions", "send", "--community", "C9"),
        ("errand", "--scenario", "nothing.yaml"),
        ("order", "--scenario", "workflows/scenarios/holds.yaml"),
        ("errand", "--scenario", "workflows/menu.yaml"),
    ],
)
def test_wrong_usage_of_a_replay(town: City, typed: tuple[str, ...]) -> None:
    ran = town.run("procedure", "replay", *typed)
    assert ran.code == 2 and ran.out == "" and ran.err


def test_a_run_that_a_finding_shows_becomes_a_scenario_that_fails(town: City) -> None:
    shutil.rmtree(town.folder / "workflows" / "scenarios")
    order = town.folder / "workflows" / "procedures" / "order.yaml"
    sound = order.read_text("utf-8")
    keep = "      keep: {title: keep, to: kept, by: helper, may: [found]}\n      refuse:"
    order.write_text(sound.replace("      refuse:", keep).replace("\n  finished:", STUCK), "utf-8")
    said = town.run("validate")
    assert "= replay: fujin procedure replay order --actions 'keep{found=damage}'" in said.out
    folder = town.folder / "workflows" / "scenarios"
    dry = town.run("validate", "--write-scenario", str(folder), "--dry-run")
    assert "would be written" in dry.err and not folder.exists()
    written = town.run("validate", "--write-scenario", str(folder))
    assert written.out == said.out and "written" in written.err
    (path,) = folder.iterdir()
    assert town.run("test").code == 1
    town.language = "zh"
    assert "已经存在" in town.run("validate", "--write-scenario", str(folder)).err  # the same content in any language
    town.language = "en"
    path.write_text(path.read_text("utf-8") + "note: mine\n", "utf-8")
    refused = town.run("validate", "--write-scenario", str(folder), "--json")
    assert refused.code == 1 and refused.json["refused"]["code"] == "FJ825"
    assert path.read_text("utf-8").endswith("note: mine\n")
    order.write_text(
        sound.replace("      refuse:", keep).replace("\n  finished:", STUCK.replace(", when: {found: litter}", "")),
        "utf-8",
    )
    assert town.run("test").code == 0  # the fault is mended


def test_a_run_of_names_alone_is_shown_as_a_command(town: City) -> None:
    order = town.folder / "workflows" / "procedures" / "order.yaml"
    redo = "      redo: {title: redo, to: sent, by: clerk}\n      refuse:"
    order.write_text(order.read_text("utf-8").replace("      refuse:", redo), "utf-8")
    said = town.run("validate").out
    assert "= replay: fujin procedure replay order --actions redo" in said
    assert town.run("procedure", "replay", "order", "--actions", "redo").code == 0


@pytest.mark.slow
def test_the_shipped_scenarios_hold() -> None:
    ran = City(ROOT).run("test", "--json")
    told = ran.json
    assert ran.code == 0, [entry for entry in told["scenarios"] if not entry["passed"]]
    assert told["passed"] >= 100 and {entry["procedure"] for entry in told["scenarios"]} == {
        "resident-request",
        "work-order",
        "joint-conference",
        "objection",
    }


@pytest.mark.slow
def test_edits_of_a_procedure_are_judged(town: City) -> None:
    ran = town.run("validate", "--mutate", "order", "--json")
    (judged,) = ran.json["procedures"]
    assert judged["edits"] == judged["refused"] + judged["caught"] + judged["survived"] == len(judged["mutations"])
    by_edit = {entry["edit"]: entry for entry in judged["mutations"]}
    assert by_edit["drop steps/sent/actions/finish/by"]["verdict"] == "refused"
    assert by_edit["drop steps/sent/ladder/0/tell/0"]["verdict"] == "survived"
    elsewhere = by_edit["retarget steps/sent/actions/finish/to → refused"]  # every measure is asked
    assert elsewhere["noticed"] | {"behaviour": [], "guarantees": []} == {
        "references": [],
        "organisation": [],
        "behaviour": [],
        "guarantees": [],
        "privacy": [],
        "scenarios": ["holds"],
    }
    assert elsewhere["by"] == elsewhere["noticed"]["behaviour"][0] == "FJ301"
    assert judged["caught"] == judged["proved_only"] + judged["scenarios_only"] + judged["both"]
    assert all(entry["line"] for entry in judged["mutations"])
    assert town.run("validate", "--mutate", "order", "--json").out == ran.out
    text = town.run("validate", "--mutate", "workflows/procedures/order.yaml")
    assert text.code == 0 and text.out.startswith("order: ")
    assert town.run("validate", "--mutate", "nothing").code == 2
    assert town.run("validate", "--mutate", "--format", "sarif").code == 2


@pytest.mark.slow
def test_a_scenario_that_notices_an_edit_is_named(town: City) -> None:
    before = town.run("validate", "--mutate", "order", "--json").json["procedures"][0]
    path = town.folder / "workflows" / "scenarios" / "told.yaml"
    path.write_text(
        "scenario: told\ntitle: told\nprocedure: order\nwhen: [finish]\nthen: {told: {clerk: result}}\n", "utf-8"
    )
    after = town.run("validate", "--mutate", "order", "--json").json["procedures"][0]
    edit = "drop steps/sent/actions/finish/tell/clerk"
    was, now = ({entry["edit"]: entry for entry in judged["mutations"]}[edit] for judged in (before, after))
    assert (was["verdict"], now["verdict"], now["by"]) == ("survived", "caught", "told")
    assert json.dumps(before) != json.dumps(after)

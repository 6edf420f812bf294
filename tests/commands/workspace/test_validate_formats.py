"""``fujin validate --format``: every malformed workspace as other programs read it."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.support.command_line import City
from tests.support.golden_workspaces import copy_base
from tests.support.paths import TESTS
from tests.support.sarif_schema import faults

FOLDERS = sorted((TESTS / "golden" / "malformed").iterdir())


def overlaid(folder: Path, target: Path) -> Path:
    root = copy_base(target)
    if (folder / "workflows").exists():
        shutil.copytree(folder / "workflows", root / "workflows", dirs_exist_ok=True)
    return root


@pytest.mark.parametrize("folder", FOLDERS[::7], ids=lambda folder: folder.name)
def test_all_formats_say_the_same(folder: Path, tmp_path: Path) -> None:
    overlaid(folder, tmp_path / "city")
    here = City(tmp_path)
    ran = {form: here.run("validate", "city", "--format", form) for form in ("json", "sarif", "github", "junit")}
    assert len({entry.code for entry in ran.values()}) == 1
    assert {entry.err for entry in ran.values()} == {""}
    codes = Counter(entry["code"] for entry in ran["json"].json["findings"])
    assert faults(ran["sarif"].json) == []
    results = ran["sarif"].json["runs"][0]["results"]
    assert Counter(entry["ruleId"] for entry in results) == codes
    assert len({entry["partialFingerprints"]["fujinPlace/v1"] for entry in results}) == len(results)
    for entry in results:
        path = entry["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert (tmp_path / path).exists()
    assert sum(ran["github"].out.count(f"[{code}]") + ran["github"].out.count(f"title={code}:") for code in codes) == (
        codes.total()
    )
    report = ElementTree.fromstring(ran["junit"].out)
    said = "".join(report.itertext())
    assert Counter({code: said.count(f"[{code}]") for code in codes}) == codes
    assert int(report.attrib["tests"]) >= ran["json"].json["files"]
    assert (int(report.attrib["failures"]) > 0) == (ran["junit"].code == 1)


def test_fingerprints_stay_when_lines_move(tmp_path: Path) -> None:
    root = overlaid(TESTS / "golden" / "malformed" / "031-unknown-steps", tmp_path)

    def prints() -> list[str]:
        results = City(root).run("validate", "--format", "sarif").json["runs"][0]["results"]
        return [entry["partialFingerprints"]["fujinPlace/v1"] for entry in results]

    before = prints()
    for path in (root / "workflows").rglob("*.yaml"):
        path.write_text("# a remark\n\n" + path.read_text("utf-8"), "utf-8")
    assert before and prints() == before


@pytest.mark.parametrize(
    "name",
    ["304-round-for-ever-once-a-limit-is-used-up", "310-a-gap-that-only-time-crosses", "507-another-resident-is-told"],
)
def test_findings_with_a_run_stay_the_same_when_lines_between_their_places_move(name: str, tmp_path: Path) -> None:
    root = overlaid(TESTS / "golden" / "malformed" / name, tmp_path)

    def results() -> list[dict[str, Any]]:
        return City(root).run("validate", "--format", "sarif").json["runs"][0]["results"]

    before = results()
    for path in (root / "workflows" / "procedures").glob("*.yaml"):
        path.write_text(re.sub("^( +)title:", r"\1# a remark\n\1title:", path.read_text("utf-8"), flags=re.M), "utf-8")
    after = results()
    assert before
    assert [entry["partialFingerprints"] for entry in after] == [entry["partialFingerprints"] for entry in before]
    assert after != before  # the lines themselves have moved
    for entry in before:
        assert entry["partialFingerprints"]["primaryLocationLineHash"] == entry["partialFingerprints"]["fujinPlace/v1"]
        for flow in entry.get("codeFlows", ()):
            assert all(step["location"]["physicalLocation"]["region"] for step in flow["threadFlows"][0]["locations"])


def test_a_file_asked_for_is_the_only_case(tmp_path: Path) -> None:
    root = copy_base(tmp_path)
    ran = City(root).run("validate", "workflows/menu.yaml", "--format", "junit")
    assert ran.code == 0
    assert [case.attrib["name"] for case in ElementTree.fromstring(ran.out).iter("testcase")] == ["workflows/menu.yaml"]


def test_unknown_formats_are_named(tmp_path: Path) -> None:
    ran = City(copy_base(tmp_path)).run("validate", "--format", "xml")
    assert (ran.code, "text, json, sarif, github, junit" in ran.err) == (2, True)
    assert City(tmp_path).run("status", "--format", "sarif").code == 2


def test_sarif_explains_its_rules_in_the_language_of_its_messages(tmp_path: Path) -> None:
    root = copy_base(tmp_path / "city")
    roster = next((root / "workflows" / "rosters").glob("*.yaml"))
    roster.write_text(roster.read_text("utf-8").replace("[coordinator]", "[cordinator]"), "utf-8")
    titles = {"en": "A role that is unknown, or is not held at that level", "zh": "角色不存在，或不在这一层级"}
    for language, title in titles.items():
        driver = City(root, language).run("validate", "--format", "sarif").json["runs"][0]["tool"]["driver"]
        rules = {rule["id"]: rule for rule in driver["rules"]}
        assert rules["FJ102"]["shortDescription"]["text"] == title
        assert title in rules["FJ102"]["help"]["markdown"]

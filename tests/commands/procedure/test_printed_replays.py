"""Every ``replay:`` line that a finding prints, typed as it stands there: it shows the run of the finding."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fujin_cli.core.findings.finding import Finding
from fujin_cli.core.model.scenario_file import parse_lines
from fujin_cli.core.simulate.trace_lines import lines_of, opening_of
from fujin_cli.core.text.localized import localize_value
from fujin_cli.render.findings.text import findings_text
from fujin_cli.rules import registry
from fujin_cli.use_cases.validate import ValidationResult
from tests.support.command_line import City
from tests.support.golden_workspaces import MEMORY, copy_base, validated
from tests.support.golden_workspaces import lay as lay_folder
from tests.support.page_examples import Example, examples, lay
from tests.support.paths import TESTS

PAGES = [code for code in map(registry.code_of, registry.RULES) if code[2] in "34"]
FOLDERS = sorted(path.name for path in (TESTS / "golden" / "malformed").glob("[134]*") if path.is_dir())


def failing(name: str) -> list[Example]:
    return [example for example in examples(registry.page(name) or "") if example.fails]


def printed(found: ValidationResult) -> Iterator[tuple[Finding, list[str]]]:
    """The findings with a run, and the words of the command that each prints."""
    for finding in found.findings:
        if opening_of(finding.trace) is None:
            continue
        text = findings_text([finding], found.sources, False, 80)
        [line] = re.findall(r"= replay: fujin (.*)", text)
        yield finding, shlex.split(line)


def check(root: Path) -> int:
    """How many lines were typed."""
    found = validated(root, memory=MEMORY)
    city, typed = City(root), 0
    for finding, words in printed(found):
        assert "--scenario" not in words, words
        typed += 1
        ran = city.run(*words, "--json")
        assert "refused" in ran.json, (words, ran)
        if ran.json["refused"]:
            # Moves that go round by themselves are what FJ308 shows, and what the engine refuses to begin.
            assert (finding.code, ran.json["refused"]["code"]) == ("FJ308", "FJ823"), (words, ran.json["refused"])
            continue
        assert ran.code == 0
        assert_same_run(found, finding, ran.json, words)
    return typed


def assert_same_run(found: ValidationResult, finding: Finding, replayed: Any, words: list[str]) -> None:
    """The case stands at the steps of the finding, one after the other, and its lines are carried out there."""
    version = found.workspace.procedures[replayed["procedure"]]
    own = replayed["events"][0]["case"]
    events = [event for event in replayed["events"] if event["case"] == own]
    there = iter(
        [localize_value(version.steps[event["from"] or version.first_step].title or event["from"]) for event in events]
    )
    for step in finding.trace[1:]:
        place = localize_value(step.text.values["step"])
        assert any(place == title for title in there), (finding.code, words, [str(step.text) for step in finding.trace])
    actions = words[words.index("--actions") + 1] if "--actions" in words else ""
    assert len(lines_of(finding.trace)) == len(parse_lines(actions))


@pytest.mark.parametrize("name", PAGES)
def test_the_line_of_a_page_shows_its_run(name: str, tmp_path: Path) -> None:
    root = copy_base(tmp_path)
    for example in failing(name):
        lay(example, root)
    check(root)


@pytest.mark.parametrize("name", FOLDERS)
def test_the_line_of_a_malformed_workspace_shows_its_run(name: str, tmp_path: Path) -> None:
    check(lay_folder(TESTS / "golden" / "malformed" / name, tmp_path / name))


def test_there_are_lines_to_type(tmp_path: Path) -> None:
    root = copy_base(tmp_path)
    for example in failing("fj401"):
        lay(example, root)
    assert check(root) > 0


@pytest.mark.parametrize(
    ("value", "code", "words"),
    [
        ("5", 0, ""),
        ("abc", 2, "abc is not of type count"),
        ("99", 2, "99 lies outside the range of tries"),
    ],
)
def test_set_chooses_settings_too(tmp_path: Path, value: str, code: int, words: str) -> None:
    city = City(copy_base(tmp_path))
    ran = city.run("procedure", "replay", "errand", "--set", f"tries={value}", "--set", "scope=small", "--json")
    assert ran.code == code and words in ran.err
    if code == 0:
        assert ran.json["events"][0]["case"]

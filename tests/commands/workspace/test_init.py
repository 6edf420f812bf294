"""``fujin init``: a workspace that works at once, and nothing written over."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command_line import CONTACT, City
from tests.support.paths import ROOT


@pytest.mark.slow
def test_what_is_begun_is_valid_and_takes_a_case_through(tmp_path: Path) -> None:
    here = City(tmp_path)
    answer = here.ask("init", "my-city")
    assert (answer["workspace"], answer["dry_run"]) == ("my-city", False)
    written = sorted(path.relative_to(tmp_path / "my-city").as_posix() for path in (tmp_path / "my-city").rglob("*.*"))
    assert sorted(answer["files"]) == written
    city = City(tmp_path / "my-city")
    checked = city.ask("validate", "--strict")
    configuration = [path for path in written if path.endswith(".yaml")]
    assert (checked["findings"], checked["files"]) == ([], len(configuration))
    for path in (ROOT / "workflows" / "procedures").glob("*.yaml"):
        assert (city.folder / "workflows" / "procedures" / path.name).read_bytes() == path.read_bytes()
    given = ("--set", "summary=a", "--set", "reporter=@-")
    typed = ("case", "open", "resident-request", "--community", "C01", "--as", "resident", *given)
    case = city.ask(*typed, stdin=CONTACT)["case"]
    (accept,) = (a for a in city.ask("case", "actions", case)["actions"] if a["action"] == "accept")
    assert city.ask("case", "advance", case, "accept", "--as", accept["who"][0])["step"] == "deliberating"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_minimal_workspace_has_no_finding_and_opens_a_case(tmp_path: Path, language: str) -> None:
    arguments = ("--template", "minimal", "--language", language, "--title", "Seven: Stars", "--zone", "Asia/Urumqi")
    answer = City(tmp_path).ask("init", "qixing", *arguments)
    assert len([path for path in answer["files"] if path.endswith(".yaml")]) == 5
    town = City(tmp_path / "qixing")
    assert town.ask("validate", "--strict")["findings"] == []
    case = town.ask("case", "open", "request", "--community", "C01", "--as", "p-01", "--set", "summary=a")["case"]
    assert town.ask("case", "advance", case, "accept", "--as", "p-01")["step"] == "handling"
    head = (town.folder / "workflows" / "workspace.yaml").read_text("utf-8")
    assert head.splitlines()[1:5][0] == "workspace: qixing"
    assert 'title: "Seven: Stars"' in head and "zone: Asia/Urumqi" in head and f"languages: [{language}]" in head


def test_wrong_arguments_are_refused_and_write_nothing(tmp_path: Path) -> None:
    for option, value in (("--template", "big"), ("--language", "fr"), ("--zone", "Mars"), ("--title", " ")):
        assert City(tmp_path).run("init", "my-city", option, value).code == 2
    assert list(tmp_path.iterdir()) == []


def test_a_rehearsal_writes_nothing(tmp_path: Path) -> None:
    answer = City(tmp_path).ask("init", "my-city", "--dry-run")
    assert answer["dry_run"] is True and answer["files"]
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_over(tmp_path: Path) -> None:
    here = City(tmp_path)
    assert here.run("init", "my-city").code == 0
    before = here.tree()
    again = here.run("init", "my-city")
    assert (again.code, again.out) == (2, "")
    assert "my-city is already a workspace" in again.err
    (tmp_path / "a-file").write_text("x", "utf-8")
    assert "a-file is not a folder" in here.run("init", "a-file").err
    (tmp_path / "a-file").unlink()
    assert here.tree() == before


def test_a_folder_that_is_there_may_be_begun_in(tmp_path: Path) -> None:
    (tmp_path / "my-city").mkdir()
    (tmp_path / "my-city" / "notes.txt").write_text("x", "utf-8")
    assert City(tmp_path).run("init", "my-city").code == 0
    assert (tmp_path / "my-city" / "notes.txt").read_text("utf-8") == "x"
    (tmp_path / "here").mkdir()
    assert City(tmp_path / "here").run("init", ".").code == 0
    assert City(tmp_path / "here").run("validate").code == 0

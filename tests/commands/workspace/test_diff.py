"""``fujin diff`` over real folders and a real git repository; a failure is never "no changes"."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.command_line import City
from tests.support.paths import TESTS

pytestmark = pytest.mark.slow

GOLDEN = TESTS / "golden" / "diff"
NOW = "2026-06-01T10:00"
REQUEST = "workflows/procedures/resident-request.yaml"


def git(folder: Path, *arguments: str) -> str:
    own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "HOME": str(folder)}
    who = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(
        ["git", *who, *arguments], cwd=folder, capture_output=True, text=True, check=True, env={**os.environ, **own}
    )
    return done.stdout.strip()


def commit(folder: Path, message: str = "x") -> str:
    git(folder, "add", "workflows")
    git(folder, "commit", "-q", "-m", message)
    return git(folder, "rev-parse", "HEAD")


def edit(folder: Path, old: str, new: str, path: str = REQUEST) -> None:
    text = (folder / path).read_text("utf-8")
    assert old in text
    (folder / path).write_text(text.replace(old, new, 1), "utf-8")


ASK = ("        title: {zh: 接单, en: accept}\n", "        title: {zh: 接单, en: accept}\n        needs: [reason]\n")
MEMBER = ("seat: member", "seat: head")


@pytest.fixture
def repository(city: City) -> City:
    """The city in git, with two open cases: one accepted, one just reported."""
    git(city.folder, "init", "-q", "-b", "main")
    commit(city.folder)
    first = city.open()["case"]
    city.do(first, "accept", now="2026-06-01T09:05")
    city.open()
    return city


def test_nothing_differs(repository: City) -> None:
    ran = repository.run("diff", "HEAD", "--fail-on", "any", now=NOW)
    assert (ran.code, ran.out) == (0, "no differences between HEAD and work tree\n")
    assert repository.ask("diff", "HEAD", now=NOW)["same"] is True


def test_cases_that_were_left_behind_earlier_are_no_news(repository: City) -> None:
    edit(repository.folder, *ASK)
    assert repository.run("diff", "HEAD", now=NOW).code == 1
    commit(repository.folder, "they keep their law")
    assert repository.ask("diff", "HEAD", now=NOW)["same"] is True


def test_comments_layout_and_short_forms_are_no_difference_of_meaning(repository: City) -> None:
    edit(repository.folder, "        by: coordinator\n", "        by: [coordinator]  # one of them\n")
    answer = repository.ask("diff", "HEAD", now=NOW)
    [found] = answer["procedures"]
    assert found["changes"] == [] and found["allowed"] is found["forbidden"] is None
    assert {step["verdict"] for step in found["steps"]} == {"safe"}


@pytest.mark.usefixtures("scenarios")
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("shape", ["text", "markdown", "json"])
def test_screens(repository: City, language: str, shape: str) -> None:
    change(repository)
    repository.language = language
    ran = repository.run("diff", "HEAD", "--format", shape, now=NOW)
    assert ran.code == 1
    shown = re.sub(r"[0-9a-f]{40,64}", "DIGEST", ran.out)
    if shape == "json":
        shown = json.dumps(json.loads(shown), ensure_ascii=False, indent=1) + "\n"
    path = GOLDEN / f"change.{language}.{shape}"
    if os.environ.get("FUJIN_GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(shown, "utf-8")
    assert shown == path.read_text("utf-8")


def change(city: City) -> None:
    """A reason is asked for, a step has another name and more time, a seat changes hands."""
    edit(city.folder, *ASK)
    path = city.folder / REQUEST
    text = re.sub(r"\brerouting\b", "redirecting", path.read_text("utf-8"))
    text = re.sub(r"^(  redirecting:.*)$", r"\1\n    was: rerouting", text, count=1, flags=re.MULTILINE)
    path.write_text(text, "utf-8")
    edit(city.folder, "    within: 1 working day\n", "    within: 2 working days\n")
    edit(city.folder, *MEMBER, path="workflows/rosters/XF01-environment.yaml")


def test_a_revision_is_read_without_touching_the_work_tree(repository: City) -> None:
    first = git(repository.folder, "rev-parse", "HEAD")
    edit(repository.folder, *ASK)
    second = commit(repository.folder, "ask")
    edit(repository.folder, "needs: [reason]", "needs: [place]")
    before = repository.tree("data/cache")
    for named in ((f"{first}..{second}",), (first, second), ("HEAD~1", "HEAD"), ("HEAD~1..main",)):
        answer = repository.ask("diff", *named, now=NOW)
        assert (answer["old"]["commit"], answer["new"]["commit"]) == (first, second)
        assert answer["cases"] is None
        [detail] = answer["procedures"][0]["changes"][0]["details"]
        assert (detail["old"], detail["new"]) == (None, ["reason"])
    assert repository.tree("data/cache") == before
    assert git(repository.folder, "stash", "list") == ""


def test_a_workspace_below_the_repository(repository: City, tmp_path: Path) -> None:
    top = tmp_path / "top"
    shutil.copytree(repository.folder / "workflows", top / "towns" / "fujin" / "workflows")
    git(top, "init", "-q")
    git(top, "add", ".")
    git(top, "commit", "-q", "-m", "x")
    below = City(top / "towns" / "fujin")
    edit(below.folder, *ASK)
    assert [entry["procedure"] for entry in below.ask("diff", "HEAD")["procedures"]] == ["resident-request"]


def test_what_git_is_told_to_leave_out_is_compared_all_the_same(repository: City) -> None:
    (repository.folder / ".gitattributes").write_text("*.yaml export-ignore\n")
    git(repository.folder, "add", ".gitattributes")
    commit(repository.folder, "attributes")
    assert repository.ask("diff", "HEAD", now=NOW)["same"] is True


def test_folders_need_no_git(repository: City, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(repository.folder / "workflows", other / "workflows")
    edit(other, *ASK)
    nowhere = City(tmp_path)
    ran = nowhere.run("diff", "city", "other", "--json", env={"PATH": "/nowhere"})
    answer = json.loads(ran.out)
    assert (ran.code, answer["cases"]) == (0, None)
    assert answer["procedures"][0]["changes"][0]["new"]["path"] == f"other/{REQUEST}"


@pytest.mark.parametrize("named", ["no-such-thing", "--upload-pack=x", "HEAD^{tree}", "", "HEAD:workflows", "../.."])
def test_what_is_no_version_is_wrong_usage(repository: City, named: str) -> None:
    ran = repository.run("diff", "--json", "--", named)
    assert (ran.code, ran.out) == (2, "")


@pytest.mark.parametrize("old_side", [True, False])
def test_a_broken_file_on_either_side_is_said(repository: City, old_side: bool) -> None:
    if old_side:
        edit(repository.folder, "to: deliberating", "to: delibrating")
        commit(repository.folder, "broken")
        edit(repository.folder, "to: delibrating", "to: deliberating")
    else:
        edit(repository.folder, "to: deliberating", "to: delibrating")
    ran = repository.run("diff", "HEAD", "--no-cases", "--json", now=NOW)
    assert ran.code == 1
    [finding] = [entry for entry in ran.json["findings"] if entry["code"] == "FJ609"]
    assert finding["path"] == ("HEAD:" if old_side else "") + REQUEST
    assert ran.json["same"] is False


def test_what_fails_is_chosen(repository: City) -> None:
    edit(repository.folder, "      withdraw:\n", "      take-back:\n")
    edit(repository.folder, ", withdraw: reporter}", ", take-back: reporter}")
    codes = [repository.run("diff", "HEAD", "--fail-on", what, now=NOW).code for what in ("stuck", "breaking", "any")]
    assert codes == [0, 1, 1]
    assert repository.run("diff", "HEAD", "--fail-on", "nothing").code == 2


def test_markdown_mentions_nobody_and_is_no_markup(repository: City) -> None:
    edit(repository.folder, "en: Resident request}", "en: '@all <b>[x](y)</b>'}")
    shown = repository.run("diff", "HEAD", "--format", "markdown", now=NOW).out
    assert "@all" not in shown and "<b>" not in shown and "](y)" not in shown.replace("\\]", "")


def test_no_contact_of_anybody_is_shown(repository: City) -> None:
    path = "workflows/rosters/XF01-environment.yaml"
    name = re.search(r"name: ([^,]+),", (repository.folder / path).read_text("utf-8"))
    assert name
    edit(repository.folder, name[1], "改名·样例", path=path)
    shown = repository.run("diff", "HEAD", "--json", now=NOW)
    assert name[1] not in shown.out and "改名·样例" not in shown.out


@pytest.mark.usefixtures("scenarios")
def test_a_scenario_that_cannot_be_read_is_said(repository: City) -> None:
    path = next((repository.folder / "workflows" / "scenarios").rglob("*.yaml"))
    path.write_text("scenario: [", "utf-8")
    ran = repository.run("diff", "HEAD", "--no-cases", "--json", now=NOW)
    shown = path.relative_to(repository.folder).as_posix()
    assert [(f["code"], f["path"]) for f in ran.json["findings"]] == [("FJ609", shown)]
    assert (ran.code, ran.json["same"], ran.json["files"]) == (1, False, [])


def test_a_file_of_the_organisation_that_cannot_be_read_takes_nothing_away(repository: City) -> None:
    for path in ("workflows/partners.yaml", "workflows/rosters/XF01-environment.yaml"):
        (repository.folder / path).write_text("members: [", "utf-8")
    ran = repository.run("diff", "HEAD", "--no-cases", "--json", now=NOW)
    assert ran.code == 1 and {finding["code"] for finding in ran.json["findings"]} == {"FJ609"}
    assert ran.json["organisation"] == []


def test_cases_in_a_damaged_volume_are_said_not_to_be_judged(repository: City) -> None:
    edit(repository.folder, "limit: 2", "limit: 3")
    volume = next((repository.folder / "data" / "ledger" / "XF01").glob("*.json"))
    volume.write_bytes(volume.read_bytes()[:-40])
    ran = repository.run("diff", "HEAD", "--json", now=NOW)
    assert ran.code == 1 and "FJ609" in [finding["code"] for finding in ran.json["findings"]]


def test_cases_of_one_fate_stand_together(repository: City) -> None:
    for _ in range(2):
        repository.do(repository.open()["case"], "accept", now="2026-06-01T09:05")
    edit(repository.folder, *ASK)
    shown = repository.run("diff", "HEAD", now=NOW).out
    assert shown.count("FJ601") == 1 and "3 open cases at Deliberating" in shown and "3 cases: stuck" in shown
    each = repository.run("diff", "HEAD", "--json", now=NOW).json
    assert [finding["code"] for finding in each["findings"]].count("FJ601") == 3

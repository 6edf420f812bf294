"""``fujin diff`` in repositories of unusual kinds, with the real git: what cannot be read is never "no changes"."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.commands.workspace.test_diff import ASK, NOW, REQUEST, commit, edit, git
from tests.support.command_line import City, Ran

pytestmark = pytest.mark.slow

MEMBERS = "workflows/rosters/XF01-environment.yaml"


@pytest.fixture
def repository(city: City) -> City:
    """The city in git, no cases."""
    git(city.folder, "init", "-q", "-b", "main")
    commit(city.folder)
    return city


def compared(city: City, *arguments: str, env: dict[str, str] | None = None) -> Any:
    ran = city.run("diff", *arguments, "--no-cases", "--json", env=env)
    assert ran.code == 0, ran
    return ran.json


def changed(city: City, *arguments: str, env: dict[str, str] | None = None) -> list[str]:
    return [entry["procedure"] for entry in compared(city, *arguments, env=env)["procedures"]]


def wrong(city: City, *arguments: str, env: dict[str, str] | None = None) -> str:
    """What is said on stderr of wrong usage; nothing at all is answered."""
    ran = city.run("diff", *arguments, env=env)
    assert (ran.code, ran.out) == (2, ""), ran
    return ran.err


def unread(ran: Ran) -> str:
    """What is said of a comparison that could not be made."""
    assert ran.code == 1 and "FJ609" in ran.out and "no differences" not in ran.out, ran
    return ran.out


# which two versions


@pytest.fixture
def branched(repository: City) -> City:
    """A branch ``topic`` that asks for a reason, and ``main`` that went on with another seat."""
    git(repository.folder, "checkout", "-q", "-b", "topic")
    edit(repository.folder, *ASK)
    commit(repository.folder, "ask")
    git(repository.folder, "checkout", "-q", "main")
    edit(repository.folder, "seat: member", "seat: head", MEMBERS)
    commit(repository.folder, "head")
    return repository


def test_three_dots_leave_out_what_the_other_branch_did_since(branched: City) -> None:
    two, three = compared(branched, "main..topic"), compared(branched, "main...topic")
    assert (
        [entry["procedure"] for entry in two["procedures"]] == ["resident-request"] == changed(branched, "main...topic")
    )
    assert two["organisation"] and not three["organisation"]
    base = git(branched.folder, "merge-base", "main", "topic")
    assert three["old"]["commit"] == base and three["old"]["name"].startswith(base[:12])
    assert "the common ancestor of main and topic" in branched.run("diff", "main...topic", "--no-cases").out


def test_a_side_that_is_left_out_is_head(branched: City) -> None:
    head, topic = git(branched.folder, "rev-parse", "main"), git(branched.folder, "rev-parse", "topic")
    for named, commits in (("..topic", (head, topic)), ("topic..", (topic, head))):
        answer = compared(branched, named)
        assert (answer["old"]["commit"], answer["new"]["commit"]) == commits
    assert compared(branched, "topic...")["new"]["commit"] == head


def test_branches_with_nothing_in_common(branched: City) -> None:
    git(branched.folder, "checkout", "-q", "--orphan", "alone")
    commit(branched.folder, "alone")
    assert "no commit in common" in wrong(branched, "main...alone")
    assert not compared(branched, "main..alone")["procedures"]


def test_a_folder_that_is_called_like_a_branch(branched: City) -> None:
    shutil.copytree(branched.folder / "workflows", branched.folder / "topic" / "workflows")
    said = wrong(branched, "topic")
    assert "./topic" in said and "topic~0" in said
    assert changed(branched, "main~1", "topic~0") == ["resident-request"]
    assert changed(branched, "./topic") == []


def test_what_is_neither_outside_git(city: City) -> None:
    for arguments in (("nowhere", "."), ("nowhere",), (".", "nowhere"), ("a..b",), ("a...b",)):
        said = wrong(city, *arguments)
        assert "no git repository" in said and "fatal" not in said


def test_what_is_neither_outside_a_workspace(city: City, tmp_path: Path) -> None:
    nowhere = City(tmp_path)
    assert "not a folder with a workspace" in wrong(nowhere, "nowhere", "city")
    assert "there is no workspace here" in wrong(nowhere, "city")
    (tmp_path / "empty").mkdir()
    assert "holds no workspace" in wrong(nowhere, "empty", "city")


# repositories


def test_a_shallow_clone_says_what_it_lacks(branched: City, tmp_path: Path) -> None:
    first = git(branched.folder, "rev-parse", "main~1")
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{branched.folder}", "shallow")
    clone = City(tmp_path / "shallow")
    assert changed(clone, "HEAD") == []
    assert "shallow" in wrong(clone, first) and "shallow" in wrong(clone, "HEAD~1")
    git(clone.folder, "fetch", "-q", "--depth", "1", "origin", "topic:topic")
    assert "shallow" in wrong(clone, "HEAD...topic")


def test_a_detached_head(branched: City) -> None:
    git(branched.folder, "checkout", "-q", "--detach", "topic")
    assert changed(branched, "main...HEAD") == ["resident-request"]


def test_another_work_tree(branched: City, tmp_path: Path) -> None:
    git(branched.folder, "worktree", "add", "-q", str(tmp_path / "other"), "topic")
    assert (tmp_path / "other" / ".git").is_file()
    assert changed(City(tmp_path / "other"), "main...") == ["resident-request"]


def test_a_workspace_that_is_a_submodule(branched: City, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "top")
    allowed = ("-c", "protocol.file.allow=always")
    git(tmp_path / "top", *allowed, "submodule", "add", "-q", "-b", "topic", str(branched.folder), "town")
    assert changed(City(tmp_path / "top" / "town"), "origin/main...") == ["resident-request"]


@pytest.mark.parametrize(("name", "said"), [("module", False), ("module.yaml", True)])
def test_a_module_inside_is_no_file(branched: City, name: str, said: bool) -> None:
    adding = ("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(branched.folder))
    git(branched.folder, *adding, f"workflows/{name}")
    commit(branched.folder, "module")
    ran = branched.run("diff", "main~1", "main", "--json")
    assert [finding["code"] for finding in ran.json["findings"]] == (["FJ609"] if said else [])


def test_a_bare_repository_has_no_workspace(branched: City, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--bare", str(branched.folder), "bare.git")
    assert "not a folder with a workspace" in wrong(City(tmp_path / "bare.git"), "main", "topic")


@pytest.mark.parametrize("quoted", ["true", "false"])
def test_names_that_git_would_quote(repository: City, quoted: str) -> None:
    git(repository.folder, "config", "core.quotepath", quoted)
    odd = repository.folder / "workflows" / "procedures" / '居民 "诉求"\'s.yaml'
    (repository.folder / REQUEST).rename(odd)
    commit(repository.folder, "odd")
    odd.write_text(odd.read_text("utf-8").replace(*ASK, 1), "utf-8")
    answer = compared(repository, "HEAD")
    assert [entry["procedure"] for entry in answer["procedures"]] == ["resident-request"]
    assert answer["procedures"][0]["changes"][0]["new"]["path"] == f"workflows/procedures/{odd.name}"


def test_a_workspace_in_a_folder_with_an_odd_name(repository: City, tmp_path: Path) -> None:
    below = tmp_path / "top" / "富锦 [1] *"
    shutil.copytree(repository.folder / "workflows", below / "workflows")
    git(tmp_path / "top", "init", "-q")
    git(tmp_path / "top", "add", ".")
    git(tmp_path / "top", "commit", "-q", "-m", "x")
    edit(below, *ASK)
    assert changed(City(below), "HEAD") == ["resident-request"]


def test_a_link_is_no_file_in_a_revision(repository: City) -> None:
    place = repository.folder / REQUEST
    place.rename(place.with_name("real.txt"))
    place.symlink_to("real.txt")
    commit(repository.folder, "link")
    ran = repository.run("diff", "HEAD", "--no-cases", "--json")
    assert [finding["code"] for finding in ran.json["findings"]] == ["FJ609"] and ran.code == 1


def test_line_ends_of_another_system(repository: City) -> None:
    git(repository.folder, "config", "core.autocrlf", "true")
    place = repository.folder / REQUEST
    place.write_bytes(place.read_bytes().replace(b"\n", b"\r\n"))
    assert compared(repository, "HEAD")["same"] is True
    edit(repository.folder, "limit: 2", "limit: 3")
    assert changed(repository, "HEAD") == ["resident-request"]


def test_the_work_tree_is_what_is_on_disk(repository: City) -> None:
    """Staged or not, untracked and ignored: whatever fujin would work with."""
    (repository.folder / ".gitignore").write_text("workflows/rosters/ignored.yaml\n")
    order = repository.folder / "workflows" / "procedures" / "work-order.yaml"
    (order.with_name("another.yaml")).write_text(
        order.read_text("utf-8").replace("procedure: work-order", "procedure: another"), "utf-8"
    )
    edit(repository.folder, "limit: 2", "limit: 3")
    git(repository.folder, "add", REQUEST)
    assert set(changed(repository, "HEAD")) == {"resident-request", "another"}


def test_a_file_that_is_gone_on_one_side(repository: City) -> None:
    (repository.folder / "workflows/procedures/objection.yaml").unlink()
    ran = repository.run("diff", "HEAD", "--no-cases", "--json")
    kinds = {entry["procedure"]: entry["kind"] for entry in ran.json["procedures"]}
    assert kinds == {"objection": "removed"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read(repository: City) -> None:
    (repository.folder / REQUEST).chmod(0)
    ran = repository.run("diff", "HEAD", "--no-cases")
    assert ran.code not in (0, 3) and "no differences" not in ran.out


def test_an_object_that_is_missing(repository: City) -> None:
    blob = git(repository.folder, "rev-parse", f"HEAD:{REQUEST}")
    place = repository.folder / ".git" / "objects" / blob[:2] / blob[2:]
    place.chmod(0o600)
    place.unlink()
    assert "git cannot read" in unread(repository.run("diff", "HEAD"))


def test_a_repository_without_commits(city: City) -> None:
    git(city.folder, "init", "-q")
    assert "HEAD" in wrong(city, "HEAD")


def test_a_revision_before_the_workspace(city: City) -> None:
    git(city.folder, "init", "-q")
    git(city.folder, "commit", "-q", "--allow-empty", "-m", "x")
    assert "no workspace" in unread(city.run("diff", "HEAD"))


def test_a_hook_s_environment_leads_nowhere_else(branched: City, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "other")
    env = {"GIT_DIR": str(tmp_path / "other" / ".git"), "GIT_WORK_TREE": str(tmp_path), "GIT_INDEX_FILE": "/nowhere"}
    assert changed(branched, "main...topic", env=env) == ["resident-request"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to somebody else")
def test_a_repository_that_git_does_not_trust(repository: City) -> None:
    for path in (repository.folder, repository.folder / ".git"):
        os.chown(path, 12345, 12345)
    assert "git refuses" in unread(repository.run("diff", "HEAD", env={"GIT_CONFIG_GLOBAL": os.devnull}))


def test_without_git(repository: City) -> None:
    assert "git is not installed" in unread(repository.run("diff", "HEAD", env={"PATH": "/nowhere"}))
    shutil.copytree(repository.folder / "workflows", repository.folder / "before" / "workflows")
    assert repository.run("diff", "before", ".", "--no-cases", env={"PATH": "/nowhere"}).code == 0


def test_open_cases_are_judged_wherever_the_second_version_is_the_one_on_disk(repository: City) -> None:
    repository.open()
    edit(repository.folder, "limit: 2", "limit: 3")
    for arguments in (("HEAD",), ("HEAD", "."), ("HEAD", str(repository.folder))):
        assert len(repository.run("diff", *arguments, "--json", now=NOW).json["cases"]) == 1
    assert repository.run("diff", "HEAD", "HEAD", "--json", now=NOW).json["cases"] is None

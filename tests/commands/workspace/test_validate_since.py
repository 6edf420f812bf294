"""``fujin validate --since``: only what a change has caused, against a git revision or a folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.commands.workspace.test_diff import REQUEST, commit, edit, git
from tests.commands.workspace.test_stuck_cases import rename_verified
from tests.support.command_line import City

pytestmark = pytest.mark.slow

MENU = "workflows/menu.yaml"
OLD_FAULT = ("        by: coordinator\n", "        by: coordinater\n")
NEW_FAULT = ("to: handling", "to: handlin")


@pytest.fixture
def repository(city: City) -> City:
    """The city in git, with a mistake in its last commit."""
    git(city.folder, "init", "-q", "-b", "main")
    commit(city.folder)
    edit(city.folder, *OLD_FAULT)
    commit(city.folder, "a mistake")
    return city


def test_a_revision(repository: City) -> None:
    assert repository.run("validate", "--since", "HEAD").code == 0
    assert repository.run("validate", "--since", "HEAD~1").code == 1
    assert repository.run("validate").code == 1

    edit(repository.folder, "\nsettings:", "\n\n\nsettings:")  # lines move
    edit(repository.folder, *NEW_FAULT)
    ran = repository.run("validate", "--since", "HEAD")

    assert ran.code == 1
    assert ran.out.count("error[") == 1 and "handlin" in ran.out and "coordinater" not in ran.out
    assert "1 more finding is not shown, because HEAD has it, too" in ran.out


def test_json_says_what_it_was_compared_with(repository: City) -> None:
    answer = repository.run("validate", "--since", "HEAD", "--json").json

    assert answer["findings"] == []
    assert answer["since"] == {"name": "HEAD", "commit": git(repository.folder, "rev-parse", "HEAD"), "unchanged": 1}


def test_the_common_ancestor(repository: City) -> None:
    git(repository.folder, "checkout", "-q", "-b", "topic", "HEAD~1")

    assert repository.run("validate", "--since", "main...").code == 0
    edit(repository.folder, *NEW_FAULT)
    assert repository.run("validate", "--since", "main...").code == 1


def test_a_folder(repository: City) -> None:
    shutil.copytree(repository.folder / "workflows", repository.folder / "before" / "workflows")

    assert repository.run("validate", "--since", "before").code == 0
    (repository.folder / REQUEST).unlink()
    ran = repository.run("validate", "--since", "./before")
    assert ran.code == 1 and ran.out.count("error[") == 1


def test_what_is_no_version(repository: City) -> None:
    for since in ("nowhere", "HEAD~1..HEAD", "HEAD...main"):
        assert repository.run("validate", "--since", since).code == 2
    assert repository.run("validate", "--since", "HEAD", "--fix").code == 2


def test_open_cases_that_were_stuck_before_are_no_news(city: City) -> None:
    before = Path(shutil.copytree(city.folder / "workflows", city.folder / "before" / "workflows")).parent
    city.open()
    rename_verified(city.folder)

    assert city.run("validate", "--since", str(before)).code == 1
    assert city.run("validate", "--since", ".").code == 0

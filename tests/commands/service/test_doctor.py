"""``fujin doctor``: what others can read, what version control holds, and links that lead out of the workspace."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support.command_line import City


@pytest.fixture
def town(tmp_path: Path) -> City:
    """A workspace from the template in a new git repository."""
    town = City(tmp_path / "town")
    town.folder.mkdir()
    assert town.run("init", ".").code == 0
    subprocess.run(["git", "init", "-q", str(town.folder)], check=True)
    return town


def row(town: City, check: str) -> tuple[str, str]:
    rows = [
        (row["state"], row["detail"]) for row in town.run("doctor", "--json").json["checks"] if row["check"] == check
    ]
    assert len(rows) == 1
    return rows[0]


def contact(town: City) -> Path:
    folder = town.folder / "data" / "contacts"
    folder.mkdir(mode=0o700)
    (folder / "c.json").write_text("{}")
    (folder / "c.json").chmod(0o600)
    return folder / "c.json"


def test_a_new_workspace_is_private(town: City) -> None:
    assert not (town.folder / ".gitignore").exists()
    contact(town)
    assert row(town, "private files")[0] == row(town, "version control")[0] == "ok"
    subprocess.run(["git", "-C", str(town.folder), "add", "-A"], check=True)
    assert row(town, "version control")[0] == "ok"


def test_open_files_are_named_with_what_to_do(town: City) -> None:
    contact(town).chmod(0o640)
    state, detail = row(town, "private files")
    assert state == "bad" and "data/contacts/c.json" in detail and "chmod -R go= data/contacts" in detail
    assert town.run("doctor").code == 1
    subprocess.run(["chmod", "-R", "go=", "data/contacts"], cwd=town.folder, check=True)
    assert row(town, "private files")[0] == "ok"


def test_a_missing_gitignore_and_committed_files_are_reported(town: City) -> None:
    contact(town)
    assert row(town, "version control")[0] == "ok"
    (town.folder / "data" / ".gitignore").unlink()
    state, detail = row(town, "version control")
    assert state == "note" and "data/.gitignore" in detail
    subprocess.run(["git", "-C", str(town.folder), "add", "-A"], check=True)
    state, detail = row(town, "version control")
    assert state == "bad" and "git rm -r --cached data/cache data/contacts" in detail


def test_a_link_to_outside_is_reported(town: City, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (town.folder / "data" / "attachments").symlink_to(tmp_path / "outside", target_is_directory=True)
    state, detail = row(town, "private files")
    assert state == "bad" and "data/attachments" in detail

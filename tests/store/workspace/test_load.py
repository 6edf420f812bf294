"""Reading the files of a workspace: links inside are followed, links out of it and pipes are no files of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fujin_cli.store.workspace.load import bytes_of, contents_of, yaml_files


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = Path(os.path.realpath(tmp_path)) / "city"
    (root / "workflows" / "rosters").mkdir(parents=True)
    (root / "workflows" / "menu.yaml").write_bytes(b"menu: m\n")
    (root / "workflows" / "rosters" / "north.yml").write_bytes(b"roster: north\n")
    (root / "workflows" / "rosters" / ".hidden.yaml").write_bytes(b"")
    (root / "workflows" / "notes.txt").write_bytes(b"")
    (root.parent / "outside.yaml").write_bytes(b"secret: yes\n")
    return root


def test_every_yaml_file_is_read(root: Path) -> None:
    assert contents_of(root) == {"workflows/menu.yaml": b"menu: m\n", "workflows/rosters/north.yml": b"roster: north\n"}


def test_what_is_no_file_of_the_workspace_has_no_bytes(root: Path) -> None:
    folder = root / "workflows"
    (folder / "inside.yaml").symlink_to(folder / "menu.yaml")
    (folder / "outside.yaml").symlink_to(root.parent / "outside.yaml")
    (folder / "broken.yaml").symlink_to(folder / "nowhere.yaml")
    (folder / "folder.yaml").mkdir()
    (folder / "elsewhere").symlink_to(root.parent, target_is_directory=True)
    os.mkfifo(folder / "pipe.yaml")
    read = contents_of(root)
    assert {path for path, content in read.items() if content is None} == {
        "workflows/outside.yaml",
        "workflows/broken.yaml",
        "workflows/pipe.yaml",
    }
    assert read["workflows/inside.yaml"] == b"menu: m\n"
    assert not any(path.startswith("workflows/elsewhere") for path in read)
    assert read == {path: bytes_of(root, path) for path in yaml_files(root)}


@pytest.mark.parametrize(("target", "read"), [("city/kept", True), ("elsewhere", False)])
def test_a_folder_of_all_files_that_is_a_link_must_not_lead_out(root: Path, target: str, read: bool) -> None:
    (root / "workflows").rename(root.parent / target)
    (root / "workflows").symlink_to(root.parent / target, target_is_directory=True)
    assert set(map(bool, contents_of(root).values())) == {read}

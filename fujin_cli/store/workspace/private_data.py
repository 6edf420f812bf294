"""Inspect the folders below ``data`` that name residents: who may read them, and whether version control holds them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fujin_cli.store.workspace.revisions import Unreadable, run_git

FOLDERS = ("ledger", "contacts", "attachments", "cache")
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class Exposure:
    """List what exposes private files, as paths relative to the workspace.

    ``readable`` are open to other accounts, ``links`` lead out of the workspace, ``tracked`` are in version control;
    ``ignored`` tells whether ``data/.gitignore`` exists.
    """

    readable: tuple[str, ...]
    links: tuple[str, ...]
    tracked: tuple[str, ...]
    ignored: bool


def inspect_private_data(root: Path) -> Exposure:
    """Inspect the private folders of the workspace at ``root``. A folder that does not exist exposes nothing."""
    data = root / "data"
    folders = [data / name for name in FOLDERS if os.path.lexists(data / name)]
    paths = [path for folder in folders for path in _walk(folder)]
    top = root.resolve()
    return Exposure(
        readable=tuple(_relative(path, root) for path in paths if _is_open_to_others(path)),
        links=tuple(_relative(path, root) for path in paths if path.is_symlink() and not _stands_in(path, top)),
        tracked=tuple(_list_tracked(root)) if folders else (),
        ignored=not folders or (data / ".gitignore").is_file(),
    )


def _walk(folder: Path) -> Iterator[Path]:
    yield folder
    if folder.is_symlink():
        return
    for parent, folders, names in os.walk(folder):
        yield from (Path(parent) / name for name in sorted([*folders, *names]))


def _is_open_to_others(path: Path) -> bool:
    try:
        status = path.lstat()
    except OSError:
        return False
    return not stat.S_ISLNK(status.st_mode) and bool(status.st_mode & _OTHERS)


def _stands_in(path: Path, top: Path) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(top)


def _relative(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


def _list_tracked(root: Path) -> list[str]:
    """List the private files that git's index holds; none without git or outside of a repository."""
    try:
        answer = run_git(root, "ls-files", "-z", "--", *(f"data/{name}" for name in FOLDERS))
    except Unreadable:
        return []
    return [os.fsdecode(name) for name in answer.stdout.split(b"\0") if name]

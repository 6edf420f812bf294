"""Find a workspace's files and read their bytes; keep the parsed trees in a cache keyed by those bytes.

The cache costs nothing but time when it is missing, wrong or not writable, and is never trusted past its key.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fujin_cli

if TYPE_CHECKING:  # compiling is left to whoever needs the workspace itself
    from fujin_cli.core.model.workspace import Workspace

MARK = Path("workflows") / "workspace.yaml"
CACHE = Path("data") / "cache" / "workspace.json"
SUFFIXES = (".yaml", ".yml")

Contents = Mapping[str, bytes | None]  # of each YAML file; None where it is no file of the workspace


class NoWorkspace(Exception):
    """There is no workspace here or above."""


@dataclass(frozen=True)
class Loaded:
    """A workspace's files as parsed: compiled only when asked for. ``key`` changes with any byte of them.

    ``errors`` counts the errors of each file that has any.
    """

    root: Path
    key: str
    files: Sequence[Sequence[Any]]  # path, kind, name, tree, pruned routes
    calendar_data: Mapping[str, Any] | None
    errors: Mapping[str, int]

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace as the core knows it."""
        from fujin_cli.core.model.workspace import File, build_workspace

        files = [
            File(path, kind, name, tree, frozenset(tuple(route) for route in pruned))
            for path, kind, name, tree, pruned in self.files
        ]
        return build_workspace(files, self.calendar_data)

    @cached_property
    def head(self) -> Mapping[str, Any]:
        """What workspace.yaml says."""
        return next((tree for _path, kind, _name, tree, _pruned in self.files if kind == "workspace" and tree), {})


class Texts(Mapping[str, str]):
    """The texts of files as findings point into them; each is decoded when somebody looks at it."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    def __getitem__(self, path: str) -> str:
        from fujin_cli.store.yaml.limits import text_of

        return text_of(self._contents[path] or b"", path)[0]

    def __iter__(self) -> Iterator[str]:
        return iter(self._contents)

    def __len__(self) -> int:
        return len(self._contents)


def find_root(start: Path) -> Path:
    """The folder at or above ``start`` that holds ``workflows/workspace.yaml``. Raises NoWorkspace."""
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / MARK).is_file():
            return folder
    raise NoWorkspace(str(start))


def yaml_files(root: Path) -> list[str]:
    """What is called like a YAML file of the workspace, relative and sorted, whether or not it can be read."""
    found = []
    for folder, folders, names in os.walk(root / "workflows"):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        called = (Path(folder) / name for name in names if name.endswith(SUFFIXES) and not name.startswith("."))
        found += [path.relative_to(root).as_posix() for path in called]
    return sorted(found)


def contents_of(root: Path) -> Contents:
    """What stands in every YAML file of the workspace at ``root``."""
    return {path: bytes_of(root, path) for path in yaml_files(root)}


def bytes_of(root: Path, path: str) -> bytes | None:
    """What stands in a file; None where there is no ordinary file, or a link leads out of the workspace."""
    place = Path(os.path.realpath(root / path))
    return place.read_bytes() if place.is_file() and place.is_relative_to(root) else None


def key_of(contents: Contents) -> str:
    """Digest the files' names and bytes, with fujin's version: the key of the workspace cache."""
    parts = hashlib.sha256(f"{fujin_cli.__version__}/2".encode())
    for path, data in contents.items():
        parts.update(f"\0{path}\0{'none' if data is None else len(data)}\0".encode() + (data or b""))
    return parts.hexdigest()


def read_cache(root: Path, key: str) -> dict[str, Any] | None:
    """Read the cached trees of unchanged files; None where there are none under that key."""
    try:
        cached: dict[str, Any] = json.loads((root / CACHE).read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return cached if isinstance(cached, dict) and cached.get("key") == key else None


def write_cache(root: Path, cached: Mapping[str, Any]) -> None:
    """Write the cache; a failure costs only time and is ignored."""
    path = root / CACHE
    temporary = path.with_name(f".workspace.{os.getpid()}.json")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps(cached, ensure_ascii=False, separators=(",", ":")))
        temporary.replace(path)
    except OSError:
        return

"""Find a workspace's files and read their bytes; cache the parsed trees under a key of those bytes.

A missing, damaged or read-only cache costs only time; a cache with another key is not used.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fujin_cli
from fujin_cli.store.cache.cache_file import read_cache_file, write_cache_file

if TYPE_CHECKING:  # most reads of the files do not compile the workspace
    from fujin_cli.core.model.workspace import Workspace

MARK = Path("workflows") / "workspace.yaml"
CACHE_FILE = "workspace.json"
SUFFIXES = (".yaml", ".yml")
# The languages in workspace.yaml: a word, a list in brackets, or lines with dashes.
_LANGUAGES = re.compile(r"^languages:(.*(?:\n\s*-.*)*)", re.MULTILINE)
_TAG = re.compile(r"(?<![\w#-])[a-z]{2,3}(?:-[A-Za-z]{2,8})?(?![\w-])")

Contents = Mapping[str, bytes | None]  # path → bytes of each YAML file; None: no ordinary file of the workspace


class NoWorkspace(Exception):
    """The folder and its parents contain no workspace."""


@dataclass(frozen=True)
class Loaded:
    """Hold a workspace's parsed files; the workspace is compiled at its first use. ``key`` is a digest of all bytes.

    ``errors`` has the number of errors of each file with errors; the ``invalid`` files cannot be read in full.
    """

    root: Path
    key: str
    files: Sequence[Sequence[Any]]  # path, kind, name, tree, pruned routes
    calendar_data: Mapping[str, Any] | None
    errors: Mapping[str, int]
    invalid: Sequence[str] = ()

    @cached_property
    def workspace(self) -> Workspace:
        """The compiled workspace."""
        from fujin_cli.core.model.workspace import File, build_workspace

        files = [
            File(path, kind, name, tree, frozenset(tuple(route) for route in pruned))
            for path, kind, name, tree, pruned in self.files
        ]
        return build_workspace(files, self.calendar_data)

    @cached_property
    def head(self) -> Mapping[str, Any]:
        """The tree of workspace.yaml."""
        return next((tree for _path, kind, _name, tree, _pruned in self.files if kind == "workspace" and tree), {})


class Texts(Mapping[str, str]):
    """Map paths to the texts that findings point into; a text is decoded when it is read."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents

    def __getitem__(self, path: str) -> str:
        from fujin_cli.store.yaml.limits import decode_text

        return decode_text(self._contents[path] or b"", path)[0]

    def __iter__(self) -> Iterator[str]:
        return iter(self._contents)

    def __len__(self) -> int:
        return len(self._contents)


def find_root(start: Path) -> Path:
    """Find the folder at or above ``start`` that contains ``workflows/workspace.yaml``. Raises NoWorkspace."""
    start = Path(os.path.realpath(start))  # unlike Path.resolve, it does not raise for a circle of links
    for folder in (start, *start.parents):
        if (folder / MARK).is_file():
            return folder
    raise NoWorkspace(str(start))


def yaml_files(root: Path) -> list[str]:
    """List the paths of the workspace's YAML files by their names (relative, sorted), readable or not."""
    paths: list[str] = []
    for folder, folders, names in os.walk(root / "workflows"):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        below = Path(folder).relative_to(root).as_posix()
        paths += [f"{below}/{name}" for name in names if name.endswith(SUFFIXES) and not name.startswith(".")]
    return sorted(paths)


def contents_of(root: Path) -> Contents:
    """Read every YAML file of the workspace at ``root``."""
    paths = yaml_files(root)
    if (root / "workflows").is_symlink():
        return {path: bytes_of(root, path) for path in paths}
    return {path: _bytes_of_listed_file(root, path) for path in paths}


def _bytes_of_listed_file(root: Path, path: str) -> bytes | None:
    """Read a file that ``yaml_files`` lists: no folder above it is a link, so only a file that is one needs resolving.

    Resolving takes longer than reading, and every command reads all files.
    """
    place = root / path
    if place.is_symlink() or not place.is_file():
        return bytes_of(root, path)
    return place.read_bytes()


def bytes_of(root: Path, path: str) -> bytes | None:
    """Read a file; None where it is no ordinary file, or a link that leads out of the workspace."""
    place = Path(os.path.realpath(root / path))
    return place.read_bytes() if place.is_file() and place.is_relative_to(root) else None


def key_of(contents: Contents) -> str:
    """Digest the files' names and bytes, with fujin's version: the key of the workspace cache."""
    parts = hashlib.sha256(f"{fujin_cli.__version__}/4".encode())
    for path, content in contents.items():
        size = "none" if content is None else len(content)
        parts.update(b"\0%b\0%b\0" % (os.fsencode(path), str(size).encode()) + (content or b""))
    return parts.hexdigest()


def read_cache(root: Path, key: str) -> dict[str, Any] | None:
    """Read the cached trees of unchanged files; None where there are none under that key."""
    cached = read_cache_file(root, CACHE_FILE)
    return cached if isinstance(cached, dict) and cached.get("key") == key else None


def write_cache(root: Path, cached: Mapping[str, Any]) -> None:
    """Write the cache; a failure costs only time and is ignored."""
    write_cache_file(root, CACHE_FILE, cached)


def read_declared_languages(arguments: Sequence[str]) -> list[str]:
    """Read the workspace's languages without loading the workspace; an empty list outside of one."""
    start = next(iter([*option_values(arguments, "--workspace"), *option_values(arguments, "-w")]), None)
    try:
        folder = Path(os.path.realpath(start or os.environ.get("FUJIN_WORKSPACE") or "."))
    except OSError:  # the current folder was deleted
        return []
    for parent in (folder, *folder.parents):
        try:
            text = (parent / "workflows" / "workspace.yaml").read_text("utf-8")
        except (OSError, ValueError):
            continue
        match = _LANGUAGES.search(text)
        return _TAG.findall(match[1]) if match else []
    return []


def option_values(arguments: Sequence[str], option: str) -> list[str]:
    """List the values of an option, written ``--option value`` or ``--option=value``, without parsing the command."""
    pairs = [second for first, second in pairwise(arguments) if first == option]
    return pairs + [argument.split("=", 1)[1] for argument in arguments if argument.startswith(f"{option}=")]

"""Loading a workspace: files → plain trees → the core's Workspace, with a cache keyed by what the files hold.

The cache costs nothing but time when it is missing, wrong or not writable, and is never trusted past its key.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import fujin_cli
from fujin_cli.core.findings.finding import Finding, Place

if TYPE_CHECKING:  # compiling is left to whoever needs the workspace itself
    from fujin_cli.core.model.workspace import Workspace
    from fujin_cli.store.cache.validation_cache import Found, Kept
    from fujin_cli.use_cases.validate import Files

MARK = Path("workflows") / "workspace.yaml"
CACHE = Path("data") / "cache" / "workspace.json"
SUFFIXES = (".yaml", ".yml")

Contents = Mapping[str, bytes | None]  # of each YAML file; None where it is no file of the workspace


class Judge(Protocol):
    """The rules, which this layer does not know; ``kept`` is what they found before of what has not changed."""

    def __call__(self, workspace: Workspace, today: date, /, *, kept: Found | None = None) -> Sequence[Finding]:
        """The findings; ``today`` is the local day."""


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


@dataclass(frozen=True, slots=True)
class Validated:
    """What validation found: placed findings in the order of the files, and the texts they point into.

    ``read`` gives the workspace of the parts that have a valid shape.
    """

    findings: Sequence[Finding]
    sources: Mapping[str, str]
    files: int
    read: Callable[[], Workspace]

    @property
    def workspace(self) -> Workspace:
        """The workspace, of the parts that have a valid shape."""
        return self.read()


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


def load(root: Path, judge: Judge) -> Loaded:
    """The workspace, from the cache while the files are as they were then; else ``judge`` counts their errors."""
    contents = contents_of(root)
    key = _key(contents)
    cached = _read_cache(root, key)
    if cached is None:
        cached = _parse(contents, key, judge)
        _write_cache(root, cached)
    return Loaded(root, key, cached["files"], cached["calendar"], cached["errors"])


def validate(
    root: Path, today: date, judge: Judge, only: Sequence[str] = (), contents: Contents | None = None,
    keep: bool = False,
) -> Validated:  # fmt: skip
    """Every finding of the workspace; ``only`` keeps those of some files (relative), judged with all the others.

    What comments ignore is not among them (``store.ignores``). ``contents`` is judged in place of what the files hold.
    With ``keep``, what did not change since the last run is not judged again, and ``data/cache`` is written
    (``store.kept_validation``).
    """
    if contents is not None:
        return validate_contents(contents, today, judge, only)[0]
    from fujin_cli.store.cache.validation_cache import Kept, digest_of

    contents = contents_of(root)
    kept = Kept(root, {path: digest_of(data) for path, data in contents.items()}, today) if keep else None
    findings = kept.findings() if kept else None
    if findings is not None:
        return _validated(findings, contents, only, lambda: _read(contents).workspace)
    from fujin_cli.use_cases.validate import judged

    files = _read(contents, kept)
    findings = judged(files, today, judge, kept)
    if kept:
        kept.write(findings)
    return _validated(findings, contents, only, lambda: files.workspace)


def validate_contents(
    contents: Contents, today: date, judge: Judge, only: Sequence[str] = ()
) -> tuple[Validated, Callable[[Place], Place]]:
    """As ``validate``, of files that need not be on disk; and what finds where a place of theirs stands."""
    from fujin_cli.use_cases.validate import judged

    files = _read(contents)
    return _validated(judged(files, today, judge, None), contents, only, lambda: files.workspace), files.placed


def placed(root: Path, findings: Sequence[Finding]) -> tuple[list[Finding], dict[str, str]]:
    """The findings with their spans, for those who found something without reading the files; and the files' texts."""
    from fujin_cli.use_cases.validate import with_places

    paths = {place.path for finding in findings for place in (finding.place, *(e.place for e in finding.related))}
    files = _read({path: _bytes_of(root, path) for path in sorted(paths) if path})
    return [with_places(finding, files) for finding in findings], dict(Texts(files.contents))


def _validated(
    findings: Sequence[Finding], contents: Contents, only: Sequence[str], read: Callable[[], Workspace]
) -> Validated:
    asked = [finding for finding in findings if not only or finding.place.path in only]
    return Validated(asked, Texts(contents), len(only) or len(contents), read)


def _read(contents: Contents, kept: Kept | None = None) -> Files:
    from fujin_cli.use_cases.validate import read_files

    return read_files(contents, kept)


def makes_unfit(finding: Finding) -> bool:
    """Whether its file cannot be worked with: errors of families 0 and 1. People's terms (family 2) go by the day."""
    return finding.severity == "error" and finding.code < "FJ200"


def contents_of(root: Path) -> Contents:
    """What stands in every YAML file of the workspace at ``root``."""
    return {path: _bytes_of(root, path) for path in yaml_files(root)}


def _bytes_of(root: Path, path: str) -> bytes | None:
    """What stands in a file; None where there is no ordinary file, or a link leads out of the workspace."""
    place = Path(os.path.realpath(root / path))
    return place.read_bytes() if place.is_file() and place.is_relative_to(root) else None


def _key(contents: Contents) -> str:
    parts = hashlib.sha256(f"{fujin_cli.__version__}/2".encode())
    for path, data in contents.items():
        parts.update(f"\0{path}\0{'none' if data is None else len(data)}\0".encode() + (data or b""))
    return parts.hexdigest()


def _parse(contents: Contents, key: str, judge: Judge) -> dict[str, Any]:
    """What the cache holds, from the files themselves."""
    files = _read(contents)
    workspace = files.workspace
    findings = [*files.findings, *judge(workspace, date.max)]
    errors: dict[str, int] = {}
    for finding in findings:
        if makes_unfit(finding):
            errors[finding.place.path] = errors.get(finding.place.path, 0) + 1
    return {
        "key": key,
        "files": [
            [file.path, file.kind, file.name, file.tree, sorted(file.pruned, key=str)] for file in workspace.files
        ],
        "calendar": workspace.calendar_data,
        "errors": errors,
    }


def _read_cache(root: Path, key: str) -> dict[str, Any] | None:
    try:
        cached: dict[str, Any] = json.loads((root / CACHE).read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return cached if isinstance(cached, dict) and cached.get("key") == key else None


def _write_cache(root: Path, cached: Mapping[str, Any]) -> None:
    path = root / CACHE
    temporary = path.with_name(f".workspace.{os.getpid()}.json")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps(cached, ensure_ascii=False, separators=(",", ":")))
        temporary.replace(path)
    except OSError:
        return

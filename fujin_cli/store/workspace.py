"""Loading a workspace: files → plain trees → the core's Workspace, with a cache keyed by what the files hold.

The cache costs nothing but time when it is missing, wrong or not writable, and is never trusted past its key.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fujin_cli
from fujin_cli.core.finding import Finding, Place, Related
from fujin_cli.core.message import say

if TYPE_CHECKING:  # compiling is left to whoever needs the workspace itself
    from fujin_cli.core.workspace import File, Workspace
    from fujin_cli.store.yaml_source import Source

MARK = Path("workflows") / "workspace.yaml"
CACHE = Path("data") / "cache" / "workspace.json"
SUFFIXES = (".yaml", ".yml")

Contents = Mapping[str, bytes | None]  # of each YAML file; None where it is no file of the workspace
Judge = Callable[["Workspace", date], Sequence[Finding]]  # the rules, which this layer does not know


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
        from fujin_cli.core.workspace import File, build_workspace

        files = [
            File(path, kind, name, tree, frozenset(tuple(route) for route in pruned))
            for path, kind, name, tree, pruned in self.files
        ]
        return build_workspace(files, self.calendar_data)

    @cached_property
    def head(self) -> Mapping[str, Any]:
        """What workspace.yaml says."""
        return next((tree for _path, kind, _name, tree, _pruned in self.files if kind == "workspace" and tree), {})


@dataclass(frozen=True, slots=True)
class Validated:
    """What validation found: placed findings in the order of the files, and the texts they point into."""

    workspace: Workspace
    findings: Sequence[Finding]
    sources: Mapping[str, str]
    files: int


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
    contents = _contents(root)
    key = _key(contents)
    cached = _read_cache(root, key)
    if cached is None:
        cached = _parse(contents, key, judge)
        _write_cache(root, cached)
    return Loaded(root, key, cached["files"], cached["calendar"], cached["errors"])


def validate(root: Path, today: date, judge: Judge, only: Sequence[str] = ()) -> Validated:
    """Every finding of the workspace; ``only`` keeps those of some files (relative), judged with all the others.

    What comments ignore is not among them (``store.ignores``).
    """
    from fujin_cli.core.workspace import build_workspace
    from fujin_cli.store.ignores import without_ignored
    from fujin_cli.store.shape_check import check_shape
    from fujin_cli.store.yaml_source import read_yaml

    contents = _contents(root)
    sources = {path: read_yaml(data, path) if data is not None else _no_file(path) for path, data in contents.items()}
    checked = {path: check_shape(source) for path, source in sources.items()}
    findings = [finding for source in sources.values() for finding in source.findings]
    findings += [finding for entry in checked.values() for finding in entry.findings]
    files = [_file(path, entry) for path, entry in checked.items()]
    calendar, problems = _calendar(files)
    workspace = build_workspace(files, calendar)
    findings += problems
    findings += judge(workspace, today)
    placed = without_ignored([_placed(finding, sources) for finding in findings], sources)
    texts = {path: source.text for path, source in sources.items()}
    asked = [finding for finding in placed if not only or finding.place.path in only]
    unique = {_order(finding): finding for finding in asked}  # two rules may see the same thing
    return Validated(workspace, [unique[key] for key in sorted(unique)], texts, len(only) or len(contents))


def makes_unfit(finding: Finding) -> bool:
    """Whether its file cannot be worked with: errors of families 0 and 1. People's terms (family 2) go by the day."""
    return finding.severity == "error" and finding.code < "FJ200"


def _placed(finding: Finding, sources: Mapping[str, Any]) -> Finding:
    related = tuple(Related(entry.message, _place(entry.place, sources)) for entry in finding.related)
    trace = tuple(replace(step, place=_place(step.place, sources) if step.place else None) for step in finding.trace)
    return replace(finding, place=_place(finding.place, sources), related=related, trace=trace)


def _place(place: Place, sources: Mapping[str, Any]) -> Place:
    from fujin_cli.store.positions import span_of

    if place.span is not None or place.path not in sources:
        return place
    return replace(place, span=span_of(sources[place.path], place))


def _order(finding: Finding) -> tuple[Any, ...]:
    span = finding.place.span
    start = (span.line, span.column) if span else (0, 0)
    return finding.place.path, start, finding.code, str(finding.message)


def _contents(root: Path) -> Contents:
    return {path: _bytes_of(root, path) for path in yaml_files(root)}


def _bytes_of(root: Path, path: str) -> bytes | None:
    """What stands in a file; None where there is no ordinary file, or a link leads out of the workspace."""
    place = Path(os.path.realpath(root / path))
    return place.read_bytes() if place.is_file() and place.is_relative_to(root) else None


def _no_file(path: str) -> Source:
    from fujin_cli.store.yaml_source import Source

    message = say("this is no file of the workspace: a pipe, or a link that leads to nothing or out of the workspace")
    return Source(path, "", findings=[Finding("FJ008", "error", message, Place(path))])


def _key(contents: Contents) -> str:
    parts = hashlib.sha256(f"{fujin_cli.__version__}/1".encode())
    for path, data in contents.items():
        parts.update(f"\0{path}\0{'none' if data is None else len(data)}\0".encode() + (data or b""))
    return parts.hexdigest()


def _parse(contents: Contents, key: str, judge: Judge) -> dict[str, Any]:
    """What the cache holds, from the files themselves."""
    from fujin_cli.core.workspace import build_workspace
    from fujin_cli.store.shape_check import check_shape
    from fujin_cli.store.yaml_source import read_yaml

    findings: list[Finding] = []
    files = []
    for path, data in contents.items():
        source = read_yaml(data, path) if data is not None else _no_file(path)
        entry = check_shape(source)
        findings += [*source.findings, *entry.findings]
        files.append(_file(path, entry))
    calendar, problems = _calendar(files)
    findings += [*problems, *judge(build_workspace(files, calendar), date.max)]
    errors: dict[str, int] = {}
    for finding in findings:
        if makes_unfit(finding):
            errors[finding.place.path] = errors.get(finding.place.path, 0) + 1
    return {
        "key": key,
        "files": [[file.path, file.kind, file.name, file.tree, sorted(file.pruned, key=str)] for file in files],
        "calendar": calendar,
        "errors": errors,
    }


def _file(path: str, checked: Any) -> File:
    from fujin_cli.core.workspace import File

    return File(path, checked.kind or "", checked.name or "", checked.tree, frozenset(checked.pruned))


def _calendar(files: Sequence[File]) -> tuple[dict[str, Any] | None, list[Finding]]:
    from fujin_cli.store.calendar_years import calendar_data

    head = next((file for file in files if file.kind == "workspace" and file.tree), None)
    if head is None or head.tree is None:
        return None, []
    spec = head.tree.get("calendar") or {}
    hours = head.tree.get("office_hours") or ["08:30-11:30", "13:30-17:00"]
    try:
        data = calendar_data(spec.get("country", "CN"), head.tree.get("zone", "UTC"), hours, spec.get("years") or {})
    except ValueError as problem:
        reason = problem.args[0] if problem.args else str(problem)
        message = say("the calendar cannot be used: {reason}", reason=reason)
        return None, [Finding("FJ009", "error", message, _bad_year(head))]
    return data, []


def _bad_year(head: File) -> Place:
    """Where the year stands that cannot be used, else the calendar."""
    from fujin_cli.store.calendar_years import calendar_data

    spec = (head.tree or {}).get("calendar") or {}
    for year, days in (spec.get("years") or {}).items():
        try:
            calendar_data("none", "UTC", ["08:00-12:00"], {year: days})
        except ValueError:
            return Place(head.path, ("calendar", "years", year), key=True)
    return Place(head.path, ("calendar",), key=True)


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

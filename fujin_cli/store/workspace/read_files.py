"""Parse the files of a workspace into plain trees, and find the lines and columns of their parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from fujin_cli.core.findings.finding import Finding, Place, is_unreadable
from fujin_cli.core.model.workspace import File, Workspace, build_workspace
from fujin_cli.core.text.localized import say
from fujin_cli.store.cache.validation_cache import CachedFile
from fujin_cli.store.schema.shapes.forms import find_nearest
from fujin_cli.store.workspace.calendar_years import CALENDAR_KEYS, InvalidCalendar, calendar_data
from fujin_cli.store.yaml.positions import span_of
from fujin_cli.store.yaml.read import Source, read_yaml

if TYPE_CHECKING:
    from fujin_cli.store.workspace.load import Contents

DUPLICATE_KEY = "FJ002"
USUAL_HOURS = ("08:30-11:30", "13:30-17:00")  # where workspace.yaml states none


class FileCache(Protocol):
    """Keep the result of checking each file of one workspace."""

    def file(self, path: str) -> CachedFile | None:
        """Get the result for a file; None where there is none for its bytes."""

    def put_file(self, path: str, file: CachedFile) -> None:
        """Keep the result for a file."""


@dataclass(frozen=True)
class Files:
    """Hold the parsed files of a workspace. ``sources`` has only the files that were not in the cache.

    ``earlier`` is another version, whose parts are shared as far as both have the same.
    """

    contents: Contents
    checked: Mapping[str, CachedFile]
    sources: dict[str, Source]
    earlier: Files | None = None

    def source(self, path: str) -> Source:
        """Get a file with the places of its parts; a file from the cache is parsed at the first call."""
        if path not in self.sources:
            source = _source(path, self.contents[path])
            source.remaining_indices = dict(self.checked[path].original_indices)
            self.sources[path] = source
        return self.sources[path]

    def placed(self, place: Place) -> Place:
        """Add to a place the lines and columns that it has in its file."""
        if place.span is not None or place.path not in self.contents:
            return place
        return replace(place, span=span_of(self.source(place.path), place))

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace, built from the parts with a valid shape."""
        return build_workspace(self._parts, self.calendar, self.earlier.workspace if self.earlier else None)

    @property
    def calendar(self) -> dict[str, Any] | None:
        """The data of the workspace's calendar, as plain JSON; None where it has no valid one."""
        return self._calendar[0]

    @property
    def findings(self) -> list[Finding]:
        """The findings about the shape of the files, and about the calendar."""
        return [finding for file in self.checked.values() for finding in file.findings] + self._calendar[1]

    @cached_property
    def _parts(self) -> list[File]:
        shared = {file.path: file for file in self.earlier._parts if self._shares(file.path)} if self.earlier else {}
        return [
            shared.get(path) or File(path, file.kind or "", file.name or "", file.tree, file.pruned)
            for path, file in self.checked.items()
        ]

    def _shares(self, path: str) -> bool:
        """Whether the file was taken from the earlier version."""
        return self.earlier is not None and self.checked.get(path) is self.earlier.checked[path]

    @cached_property
    def _calendar(self) -> tuple[dict[str, Any] | None, list[Finding]]:
        return _read_calendar(self._parts, [finding for file in self.checked.values() for finding in file.findings])


def read_files(contents: Contents, cache: FileCache | None = None, earlier: Files | None = None) -> Files:
    """Parse and check every file that neither ``cache`` nor ``earlier`` has; the results are stored in ``cache``."""
    checked, sources = {}, {}
    for path, content in contents.items():
        if earlier is not None and content is not None and earlier.contents.get(path) == content:
            checked[path] = earlier.checked[path]
            if path in earlier.sources:
                sources[path] = earlier.sources[path]
            continue
        file = cache.file(path) if cache else None
        if file is None:
            from fujin_cli.store.schema.check import check_shape

            source = sources[path] = _source(path, content)
            shape = check_shape(source)
            findings = [*source.findings, *shape.findings]
            file = CachedFile(shape.kind, shape.name, shape.tree, shape.pruned, source.remaining_indices, findings)
            if cache:
                cache.put_file(path, file)
        checked[path] = file
    return Files(contents, checked, sources, earlier)


def with_places(finding: Finding, files: Files) -> Finding:
    """Add lines and columns to every place in a finding."""
    related = tuple(replace(second, place=files.placed(second.place)) for second in finding.related)
    trace = tuple(replace(step, place=files.placed(step.place) if step.place else None) for step in finding.trace)
    return replace(finding, place=files.placed(finding.place), related=related, trace=trace)


def _read_calendar(files: Sequence[File], findings: Sequence[Finding]) -> tuple[dict[str, Any] | None, list[Finding]]:
    """Compute the calendar's data from workspace.yaml; None, with a finding, where its settings are not valid.

    ``findings`` are those about the shape of the files: a part that was left out is not replaced by a default.
    """
    head = next((file for file in files if file.kind == "workspace" and file.tree), None)
    if head is None or head.tree is None or not head.tree.get("zone"):
        return None, []
    if any(finding.place.path == head.path and _concerns_calendar(finding) for finding in findings):
        return None, []
    try:
        return _calendar_of_head(head.tree), []
    except InvalidCalendar as problem:
        message = say("the calendar cannot be used: {reason}", reason=problem.args[0])
        return None, [Finding("FJ009", "error", message, Place(head.path, problem.route, key=True))]


def _concerns_calendar(finding: Finding) -> bool:
    """Whether an error is about a setting of time, or about an unknown key that probably means one."""
    if finding.code == DUPLICATE_KEY and set(map(str, finding.message.values.values())) & set(CALENDAR_KEYS):
        return True
    key = str(finding.place.route[0]) if finding.place.route else ""
    is_misspelt = len(finding.place.route) == 1 and find_nearest(key, CALENDAR_KEYS) is not None
    return is_unreadable(finding) and (key in CALENDAR_KEYS or is_misspelt)


def _calendar_of_head(tree: Mapping[str, Any]) -> dict[str, Any]:
    """Compute the calendar's data from the tree of workspace.yaml. Raises InvalidCalendar."""
    stated = tree.get("calendar") or {}
    calendar: Mapping[str, Any] = {"country": stated} if isinstance(stated, str) else stated
    return calendar_data(
        calendar.get("country", "none"),
        tree.get("zone", "UTC"),
        tree.get("office_hours", USUAL_HOURS),
        calendar.get("years") or {},
        tree.get("week"),
    )


def _source(path: str, content: bytes | None) -> Source:
    if content is not None:
        return read_yaml(content, path)
    message = say(
        "this is not a file of the workspace: it is a pipe, or a link that is broken or leads out of the workspace"
    )
    return Source(path, "", findings=[Finding("FJ008", "error", message, Place(path))])

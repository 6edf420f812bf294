"""Parse the files of a workspace into plain trees, and find the lines and columns of their parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from fujin_cli.core.findings.finding import Finding, Place, Related
from fujin_cli.core.model.workspace import File, Workspace, build_workspace
from fujin_cli.core.text.message import say
from fujin_cli.store.cache.validation_cache import Entry, Kept
from fujin_cli.store.workspace.calendar_years import calendar_data
from fujin_cli.store.yaml.positions import span_of
from fujin_cli.store.yaml.read import Source, read_yaml

if TYPE_CHECKING:
    from fujin_cli.store.workspace.load import Contents


@dataclass(frozen=True)
class Files:
    """The files of a workspace, read. ``sources`` are those that had to be parsed; the others had not changed."""

    contents: Contents
    entries: Mapping[str, Entry]
    sources: dict[str, Source]

    def source(self, path: str) -> Source:
        """A file with the places of its parts, parsed now if it was not yet."""
        if path not in self.sources:
            found = _source(path, self.contents[path])
            found.kept = dict(self.entries[path].kept)
            self.sources[path] = found
        return self.sources[path]

    def placed(self, place: Place) -> Place:
        """The place with the lines and columns that it has in its file."""
        if place.span is not None or place.path not in self.contents:
            return place
        return replace(place, span=span_of(self.source(place.path), place))

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace, of the parts that have a valid shape."""
        return build_workspace(self._parts, self.calendar)

    @property
    def calendar(self) -> dict[str, Any] | None:
        """What its calendar is made of, as plain JSON; None where it has none."""
        return self._calendar[0]

    @property
    def findings(self) -> list[Finding]:
        """What is wrong with the files themselves, and with the calendar."""
        return [finding for entry in self.entries.values() for finding in entry.findings] + self._calendar[1]

    @cached_property
    def _parts(self) -> list[File]:
        return [
            File(path, entry.kind or "", entry.name or "", entry.tree, entry.pruned)
            for path, entry in self.entries.items()
        ]

    @cached_property
    def _calendar(self) -> tuple[dict[str, Any] | None, list[Finding]]:
        return _calendar(self._parts)


def read_files(contents: Contents, kept: Kept | None = None) -> Files:
    """Parse every file that ``kept`` does not hold already."""
    entries, sources = {}, {}
    for path, data in contents.items():
        entry = kept.entry(path) if kept else None
        if entry is None:
            from fujin_cli.store.schema.check import check_shape

            source = sources[path] = _source(path, data)
            found = check_shape(source)
            findings = [*source.findings, *found.findings]
            entry = Entry(found.kind, found.name, found.tree, found.pruned, source.kept, findings)
            if kept:
                kept.keep(path, entry)
        entries[path] = entry
    return Files(contents, entries, sources)


def with_places(finding: Finding, files: Files) -> Finding:
    """The finding, each place in it with its lines and columns."""
    related = tuple(Related(entry.message, files.placed(entry.place)) for entry in finding.related)
    trace = tuple(replace(step, place=files.placed(step.place) if step.place else None) for step in finding.trace)
    return replace(finding, place=files.placed(finding.place), related=related, trace=trace)


def _calendar(files: Sequence[File]) -> tuple[dict[str, Any] | None, list[Finding]]:
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
    spec = (head.tree or {}).get("calendar") or {}
    for year, days in (spec.get("years") or {}).items():
        try:
            calendar_data("none", "UTC", ["08:00-12:00"], {year: days})
        except ValueError:
            return Place(head.path, ("calendar", "years", year), key=True)
    return Place(head.path, ("calendar",), key=True)


def _source(path: str, data: bytes | None) -> Source:
    if data is not None:
        return read_yaml(data, path)
    message = say(
        "this is not a file of the workspace: it is a pipe, or a link that is broken or leads out of the workspace"
    )
    return Source(path, "", findings=[Finding("FJ008", "error", message, Place(path))])

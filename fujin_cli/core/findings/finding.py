"""Findings: what is wrong, where, and what to do. Refusals are findings of family 8."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from fujin_cli.core.text.localized import LocalizedText

Severity = Literal["error", "warning", "info"]
Route = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text file: lines and columns count from 1, in characters; the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Place:
    """
    Where something stands: a file of the workspace and a route of keys and indices through its YAML.

    ``key`` asks for the last key itself instead of its value. ``span`` is set where there is no tree to walk
    (a syntax error) or once the route has been worked out. Rules name routes only; ``store.positions`` finds spans.
    """

    path: str
    route: Route = ()
    key: bool = False
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Related:
    """A second place that explains a finding: the definition, the other half of a clash.

    ``is_fault`` marks one that is wrong for the same reason: the finding is about it as well.
    """

    message: LocalizedText
    place: Place
    is_fault: bool = False


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One position of a run shown under a finding (counter-examples).

    ``replay`` is the line as it stands in a scenario's ``when`` (a text or a plain tree); None for what happens by
    itself. That of the opening is ``{"procedure": …, "given": …}``, which stands before the lines.
    """

    text: LocalizedText
    place: Place | None = None
    replay: Any = None


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a file.

    ``replace``: the text (with ``place.key``: the key) at ``place``, which is ``old`` now, becomes ``text``.
    ``insert``: the line ``text`` (``limit: 1``) is added to the mapping at ``place``. ``delete``: the entry, the item,
    or the comment at ``place`` goes. Once it is worked out it is ``exact``: what stands at ``place.span`` becomes
    ``text``, both as they stand in the file.
    """

    verb: Literal["replace", "insert", "delete", "exact"]
    place: Place
    text: str = ""
    old: str | None = None


@dataclass(frozen=True, slots=True)
class Fix:
    """All of ``edits`` or none. ``safe``: what the file means stays as it is; else somebody should look at it."""

    title: LocalizedText
    safe: bool
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A diagnostic with the fields of the contract. ``code`` is ``FJ`` and three digits and never changes meaning."""

    code: str
    severity: Severity
    message: LocalizedText
    place: Place
    help: LocalizedText | None = None
    related: tuple[Related, ...] = ()
    trace: tuple[TraceStep, ...] = ()
    fix: Fix | None = None


def faulty_paths(finding: Finding) -> tuple[str, ...]:
    """List the files that a finding is about: that of its place, and of the places with the same fault."""
    places = (finding.place, *(related.place for related in finding.related if related.is_fault))
    return tuple(dict.fromkeys(place.path for place in places))


def is_unreadable(finding: Finding) -> bool:
    """Whether a finding says that a part of its file cannot be read as it was meant."""
    return finding.severity == "error" and finding.code <= "FJ020"


def must_exclude_file(finding: Finding) -> bool:
    """Whether a finding makes its file unusable: an error of family 0 or 1; later families do not."""
    return finding.severity == "error" and finding.code < "FJ200"

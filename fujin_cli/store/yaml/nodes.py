"""Represent the tree of a YAML file as plain values, and as nodes that know the position of each part."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from fujin_cli.core.findings.finding import Finding, Place, Related, Span
from fujin_cli.core.text.localized import LocalizedText

Marks = tuple[int, int, int, int]
"""Line, column, end line, end column, all from 0 as the parser counts; the end is exclusive."""


@dataclass(slots=True)
class Scalar:
    """Hold a text as written, quotes resolved. ``null``: no value, or YAML's word for none (``null``, ``~``)."""

    marks: Marks
    text: str
    null: bool = False

    @property
    def plain(self) -> str | None:
        """Return the plain value: the text, or None for a missing value."""
        return None if self.null else self.text


@dataclass(slots=True)
class Sequence:
    """Hold a list; ``plain`` is its plain value."""

    marks: Marks
    members: list[Node] = field(default_factory=list)
    plain: list[Any] = field(default_factory=list)


@dataclass(slots=True)
class Mapping:
    """Hold keys and values; the first of two equal keys counts. ``plain`` is its plain value."""

    marks: Marks
    pairs: dict[str, tuple[Scalar, Node]] = field(default_factory=dict)
    plain: dict[str, Any] = field(default_factory=dict)


Node = Scalar | Sequence | Mapping


def span_from(marks: Marks) -> Span:
    """Convert marks to a span, counted from 1."""
    return Span(*(mark + 1 for mark in marks))


def error(
    code: str,
    path: str,
    marks: Marks,
    message: LocalizedText,
    help: LocalizedText | None = None,
    related: tuple[tuple[LocalizedText, Marks], ...] = (),
) -> Finding:
    """Make a finding of severity error with its span."""
    related_places = tuple(Related(label, Place(path, span=span_from(part))) for label, part in related)
    return Finding(code, "error", message, Place(path, span=span_from(marks)), help, related_places)

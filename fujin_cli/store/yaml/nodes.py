"""The tree of a YAML file: plain values for everybody, and beside them nodes that know where each part stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from fujin_cli.core.findings.finding import Finding, Place, Related, Span
from fujin_cli.core.text.message import LocalizedText

Marks = tuple[int, int, int, int]
"""Line, column, end line, end column, all from 0 as the parser counts; the end is exclusive."""


@dataclass(slots=True)
class Scalar:
    """A text as written, quotes resolved. ``null`` says that nothing (or YAML's word for nothing) stands there."""

    marks: Marks
    text: str
    null: bool = False

    @property
    def plain(self) -> str | None:
        """The plain value: every scalar is text, and a missing one is None."""
        return None if self.null else self.text


@dataclass(slots=True)
class Sequence:
    """A list; ``plain`` is its plain value."""

    marks: Marks
    items: list[Node] = field(default_factory=list)
    plain: list[Any] = field(default_factory=list)


@dataclass(slots=True)
class Mapping:
    """Keys and values; of a key that stands twice only the first one counts. ``plain`` is its plain value."""

    marks: Marks
    entries: dict[str, tuple[Scalar, Node]] = field(default_factory=dict)
    plain: dict[str, Any] = field(default_factory=dict)


Node = Scalar | Sequence | Mapping


def span_from(marks: Marks) -> Span:
    """The span, counted from 1."""
    return Span(*(mark + 1 for mark in marks))


def error(
    code: str,
    path: str,
    marks: Marks,
    message: LocalizedText,
    help: LocalizedText | None = None,
    related: tuple[tuple[LocalizedText, Marks], ...] = (),
) -> Finding:
    """A finding of severity error that already has its span."""
    others = tuple(Related(said, Place(path, span=span_from(other))) for said, other in related)
    return Finding(code, "error", message, Place(path, span=span_from(marks)), help, others)

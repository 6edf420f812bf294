"""Read one YAML file as text only: no objects, no guesses about types, and every mistake is a finding with its place.

Every scalar is a text, which the type of its key converts later (docs/reference/language.md, "Rules of all files").
Merge keys, tags and further documents are refused; aliases are read inside bounds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from fujin_cli.core.findings.finding import Finding, Route, Span
from fujin_cli.store.yaml.composer import Composer
from fujin_cli.store.yaml.conflict_markers import conflict_findings
from fujin_cli.store.yaml.limits import decode_text
from fujin_cli.store.yaml.nodes import Node
from fujin_cli.store.yaml.syntax_errors import syntax_finding

_LINE_END = re.compile("\r\n|\r|\n")


@dataclass
class Source:
    """Hold one YAML file. ``tree`` is plain (dict, list, str, None), and None if the file cannot be read to its end.

    ``text`` has forbidden characters replaced by U+FFFD. ``head`` is the first key and its text even if the rest is
    broken, so that references to the file still resolve. ``remaining_indices`` has, for each list from which the shape
    check removed items, the indices in the file that remain: the routes of rules count only those.
    """

    path: str
    text: str
    tree: Any = None
    root_node: Node | None = None
    findings: list[Finding] = field(default_factory=list)
    head: tuple[str, str] | None = None
    remaining_indices: dict[Route, tuple[int, ...]] = field(default_factory=dict)

    @cached_property
    def lines(self) -> list[str]:
        """Split the text into lines without their ends, as YAML counts them."""
        return _LINE_END.split(self.text)


def read_yaml(text_bytes: bytes, path: str) -> Source:
    """Read the bytes of one file; ``path`` is only used in findings. No content of a file makes it raise."""
    text, readable, findings = decode_text(text_bytes, path)
    source = Source(path, text, findings=findings)
    if not readable:
        return source
    composer = Composer(path)
    try:
        for event in _parse_events(text):
            if not composer.take(event):
                break
    except _parser_errors() as problem:
        composer.complete = False
        findings.append(syntax_finding(problem, path, source.lines))
    findings += composer.findings
    conflicts = conflict_findings(source.lines, path)
    if conflicts:  # what the parser says about both versions at once helps nobody
        composer.complete = False
        findings[:] = [*conflicts, *(finding for finding in findings if finding.code == "FJ007")]
    findings.sort(key=_position_of_error)
    source.head = composer.head()
    if composer.complete and composer.root is not None:
        source.root_node, source.tree = composer.root, composer.root.plain
    return source


def scalar_marks(text: str) -> Iterator[tuple[int, int, int, int, bool]]:
    """Locate each text of a readable file: begin and end (from 0), and whether it is a block (``|``, ``>``)."""
    for event in _parse_events(text):
        if type(event).__name__ == "ScalarEvent":
            start, end = event.start_mark, event.end_mark
            yield start.line, start.column, end.line, end.column, event.style in ("|", ">")


def uses_anchors(text: str) -> bool:
    """Tell whether a readable file has anchors, aliases or directives (``%YAML``), which its tree does not show."""
    return any(
        getattr(event, "anchor", None) or (type(event).__name__ == "DocumentStartEvent" and event.version is not None)
        for event in _parse_events(text)
    )


def parser_name() -> Literal["C", "pure Python"]:
    """Name the parser in use; the one in C is about eight times as fast."""
    try:
        import ruamel.yaml.cyaml  # noqa: F401
    except ImportError:
        return "pure Python"
    return "C"


def _parse_events(text: str) -> Iterator[Any]:
    try:
        from ruamel.yaml.cyaml import CParser  # type: ignore[attr-defined]
    except ImportError:
        return _parse_events_in_python(text)
    return iter(CParser(text).get_event, None)


def _parse_events_in_python(text: str) -> Iterator[Any]:
    from ruamel.yaml import YAML

    return iter(YAML(typ="safe", pure=True).parse(text))


def _parser_errors() -> tuple[type[Exception], ...]:
    """List the errors of a parser: its own, and those of Python for impossible escapes and code points."""
    from ruamel.yaml.error import YAMLError

    return YAMLError, ValueError, ArithmeticError, LookupError


def _position_of_error(finding: Finding) -> tuple[int, int, str]:
    span = finding.place.span or Span(1, 1, 1, 1)
    return span.line, span.column, finding.code

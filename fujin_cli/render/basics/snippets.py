"""The lines of a file that a finding is about, with what stands there underlined, as rustc shows them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fujin_cli.core.findings.finding import Finding, Place, Span
from fujin_cli.render.basics.text import display_width, one_line, paint

LONGEST_LINE = 160  # characters of a source line; of a longer one (YAML on one line) only a part is shown
BEFORE = 60  # characters before the fault that are kept of such a line
TAB = "    "
LINE_ENDS = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # YAML 1.1's


@dataclass(frozen=True, slots=True)
class Drawn:
    """Finished lines, and how wide the numbers beside them are."""

    lines: list[str]
    gutter: int


@dataclass(frozen=True, slots=True)
class _Mark:
    """What to underline at a span: with which character, in which style, saying what."""

    span: Span
    character: str
    style: str
    words: str


def arrow(place: Place) -> str:
    """``path:line:column``; the path alone where there is no span."""
    return f"{place.path}:{place.span.line}:{place.span.column}" if place.span else place.path


def snippets(finding: Finding, sources: Mapping[str, str], style: str, colour: bool) -> Drawn:
    """The finding's place and the related ones: those of one file together, those of other files below."""
    marks: dict[str, list[_Mark]] = {finding.place.path: []}
    heads = {finding.place.path: finding.place}
    if finding.place.span:
        marks[finding.place.path].append(_Mark(finding.place.span, "^", style, ""))
    for related in finding.related:
        path = related.place.path
        heads.setdefault(path, related.place)
        found = marks.setdefault(path, [])
        if related.place.span:
            found.append(_Mark(related.place.span, "-", "bold blue", one_line(str(related.message))))
    last = max((mark.span.line for path in marks if path in sources for mark in marks[path]), default=0)
    gutter = max(2, len(str(last)))
    lines: list[str] = []
    for path, found in marks.items():
        if path:
            lines.append(f"{' ' * gutter}{paint('-->', 'bold blue', colour)} {arrow(heads[path])}")
            lines += _excerpt(sources.get(path), found, gutter, colour)
    return Drawn(lines, gutter)


def _excerpt(source: str | None, marks: list[_Mark], gutter: int, colour: bool) -> Iterable[str]:
    if source is None or not marks:
        return
    bar = paint("|", "bold blue", colour)
    text = LINE_ENDS.split(source)
    shown = 0
    yield f"{' ' * gutter} {bar}"
    for mark in sorted(marks, key=lambda mark: (mark.span.line, mark.span.column)):
        number = mark.span.line
        line = text[number - 1] if number <= len(text) else ""
        before, fault, after = _parts(line, mark.span)
        if number != shown:
            yield f"{paint(f'{number:>{gutter}}', 'bold blue', colour)} {bar} {before}{fault}{after}".rstrip()
        shown = number
        underline = mark.character * max(1, display_width(fault))
        label = f" {mark.words}" if mark.words else ""
        yield f"{' ' * gutter} {bar} {' ' * display_width(before)}{paint(underline + label, mark.style, colour)}"


def _parts(line: str, span: Span) -> tuple[str, str, str]:
    """What stands before, at and after the span on its first line; a part only of a very long line."""
    start = min(span.column - 1, len(line))
    end = min(span.end_column - 1, len(line)) if span.end_line == span.line else len(line)
    first, last = (0, len(line)) if len(line) <= LONGEST_LINE else (max(0, start - BEFORE), 0)
    last = last or first + LONGEST_LINE
    before = ("…" if first else "") + _clean(line[first:start])
    return before, _clean(line[start : min(end, last)]), _clean(line[min(end, last) : last])


def _clean(text: str) -> str:
    return one_line(text.replace("\t", TAB))

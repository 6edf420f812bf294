"""Draw the source lines of a finding with its place underlined, as rustc does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fujin_cli.core.findings.finding import Finding, Place, Span
from fujin_cli.core.text.localized import say_count
from fujin_cli.render.basics.text import display_width, paint, to_one_line

LONGEST_LINE = 160  # characters of a source line; of a longer one (YAML on one line) only a part is shown
BEFORE = 60  # characters before the fault that are kept of such a line
TAB = "    "
MOST_DRAWN = 12  # related places with their source lines; of the others only the number is shown
LINE_ENDS = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # YAML 1.1's


@dataclass(frozen=True, slots=True)
class DrawnSnippets:
    """Hold drawn lines, and the width of the line numbers beside them."""

    lines: list[str]
    gutter: int


@dataclass(frozen=True, slots=True)
class _Mark:
    """Hold a span to underline, with its character, style and label."""

    span: Span
    character: str
    style: str
    words: str


def format_place(place: Place) -> str:
    """Write ``path:line:column``; the path alone where there is no span."""
    return f"{place.path}:{place.span.line}:{place.span.column}" if place.span else place.path


def draw_snippets(finding: Finding, sources: Mapping[str, str], style: str, colour: bool) -> DrawnSnippets:
    """Draw the finding's place and the related ones, file by file, the finding's file first."""
    marks: dict[str, list[_Mark]] = {finding.place.path: []}
    heads = {finding.place.path: finding.place}
    if finding.place.span:
        marks[finding.place.path].append(_Mark(finding.place.span, "^", style, ""))
    for related in finding.related[:MOST_DRAWN]:
        path = related.place.path
        heads.setdefault(path, related.place)
        marks_of_file = marks.setdefault(path, [])
        if related.place.span:
            marks_of_file.append(_Mark(related.place.span, "-", "bold blue", to_one_line(str(related.message))))
    last = max((mark.span.line for path in marks if path in sources for mark in marks[path]), default=0)
    gutter = max(2, len(str(last)))
    lines: list[str] = []
    for path, marks_of_file in marks.items():
        if path:
            lines.append(f"{' ' * gutter}{paint('-->', 'bold blue', colour)} {format_place(heads[path])}")
            lines += _draw_excerpt(sources.get(path), marks_of_file, gutter, colour)
    if len(finding.related) > MOST_DRAWN:
        more = len(finding.related) - MOST_DRAWN
        sentence = say_count("and {count} more place", "and {count} more places", count=more)
        lines.append(f"{' ' * gutter}{paint('-->', 'bold blue', colour)} {sentence}")
    return DrawnSnippets(lines, gutter)


def _draw_excerpt(source: str | None, marks: list[_Mark], gutter: int, colour: bool) -> Iterable[str]:
    if source is None or not marks:
        return
    bar = paint("|", "bold blue", colour)
    text = LINE_ENDS.split(source)
    last_number = 0
    yield f"{' ' * gutter} {bar}"
    for mark in sorted(marks, key=lambda mark: (mark.span.line, mark.span.column)):
        number = mark.span.line
        line = text[number - 1] if number <= len(text) else ""
        before, fault, after = _split_at_span(line, mark.span)
        if number != last_number:
            yield f"{paint(f'{number:>{gutter}}', 'bold blue', colour)} {bar} {before}{fault}{after}".rstrip()
        last_number = number
        underline = mark.character * max(1, display_width(fault))
        label = f" {mark.words}" if mark.words else ""
        yield f"{' ' * gutter} {bar} {' ' * display_width(before)}{paint(underline + label, mark.style, colour)}"


def _split_at_span(line: str, span: Span) -> tuple[str, str, str]:
    """Split the first line of a span into the text before, in and after it; a very long line is cut."""
    start = min(span.column - 1, len(line))
    end = min(span.end_column - 1, len(line)) if span.end_line == span.line else len(line)
    first, last = (0, len(line)) if len(line) <= LONGEST_LINE else (max(0, start - BEFORE), 0)
    last = last or first + LONGEST_LINE
    before = ("…" if first else "") + _make_printable(line[first:start])
    return before, _make_printable(line[start : min(end, last)]), _make_printable(line[min(end, last) : last])


def _make_printable(text: str) -> str:
    return to_one_line(text.replace("\t", TAB))

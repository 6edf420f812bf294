"""Show a fix: its old and new lines for people, its edits for scripts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from fujin_cli.core.findings.finding import Edit, Fix, Span
from fujin_cli.core.findings.fix import apply_edits
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.render.basics.text import paint, to_one_line

LONGEST = 160  # characters of a line that are shown


def fix_lines(fix: Fix, sources: Mapping[str, Sequence[str]], gutter: int, colour: bool) -> Iterator[str]:
    """Show the old and new lines of a fix, numbered as in the file now. ``sources``: path → lines."""
    for path in dict.fromkeys(edit.place.path for edit in fix.edits):
        edits = [edit for edit in fix.edits if edit.place.path == path]
        for number, sign, line in _changed_lines(sources[path], edits) if path in sources else ():
            style = "red" if sign == "-" else "green"
            written = paint(f"{sign} {to_one_line(line[:LONGEST])}", style, colour)
            yield f"{paint(f'{number:>{gutter}}', 'bold blue', colour)} {written}".rstrip()


def _changed_lines(lines: Sequence[str], edits: Sequence[Edit]) -> Iterator[tuple[int, str, str]]:
    spans = [edit.place.span for edit in edits if edit.place.span]
    first, last = min(span.line for span in spans), max(span.end_line for span in spans)
    old = list(lines[first - 1 : last])
    new = apply_edits("\n".join(old), [_shift_edit(edit, first - 1) for edit in edits]).split("\n")
    while old and new and old[0] == new[0]:
        del old[0], new[0]
        first += 1
    while old and new and old[-1] == new[-1]:
        del old[-1], new[-1]
    yield from ((first + at, "-", line) for at, line in enumerate(old))
    yield from ((first + at, "+", line) for at, line in enumerate(new))


def _shift_edit(edit: Edit, lines: int) -> Edit:
    span = edit.place.span
    assert span is not None  # noqa: S101 - exact edits have one
    moved = Span(span.line - lines, span.column, span.end_line - lines, span.end_column)
    return replace(edit, place=replace(edit.place, span=moved))


def fix_title(fix: Fix) -> LocalizedText:
    """Say what the fix does, and whether ``--fix`` alone applies it."""
    if fix.safe:
        return say("{title} (with --fix)", title=fix.title)
    return say("{title} (unsafe, with --fix --unsafe)", title=fix.title)


def fix_json(fix: Fix | None) -> dict[str, Any] | None:
    """Write the fix as JSON: at each place, which is in the finding's file, ``text`` replaces the text there."""
    if fix is None:
        return None
    return {"title": str(fix.title), "safe": fix.safe, "edits": [_edit_json(edit) for edit in fix.edits]}


def _edit_json(edit: Edit) -> dict[str, Any]:
    span = edit.place.span
    assert span is not None  # noqa: S101 - exact edits have one
    return {
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "text": edit.text,
    }

"""Make fixes, and apply their edits to a text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from fujin_cli.core.findings.finding import Edit, Fix, Place
from fujin_cli.core.text.localized import LocalizedText

_LINE_END = re.compile("\r\n|\r|\n")


def make_replacement(title: LocalizedText, place: Place, old: str, text: str, *, safe: bool = False) -> Fix:
    """Make the fix that writes ``text`` for the text or key ``old`` at ``place``."""
    return Fix(title, safe, (Edit("replace", place, text, old),))


def line_offsets(text: str) -> list[int]:
    """List the offsets at which the lines of a text begin."""
    return [0, *(match.end() for match in _LINE_END.finditer(text))]


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Apply exact edits, which must not overlap, to ``text``."""
    starts = line_offsets(text)
    spans = [(edit.place.span, edit.text) for edit in edits]
    places = sorted(
        (starts[span.line - 1] + span.column - 1, starts[span.end_line - 1] + span.end_column - 1, new)
        for span, new in spans
        if span is not None
    )
    for start, end, new in reversed(places):
        text = text[:start] + new + text[end:]
    return text

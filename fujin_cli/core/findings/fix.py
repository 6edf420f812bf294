"""Making fixes, and making the edits of a text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from fujin_cli.core.findings.finding import Edit, Fix, Place
from fujin_cli.core.text.message import LocalizedText

_LINE_END = re.compile("\r\n|\r|\n")


def replaced(title: LocalizedText, place: Place, old: str, text: str, *, safe: bool = False) -> Fix:
    """The fix that writes ``text`` for the text or key ``old`` at ``place``."""
    return Fix(title, safe, (Edit("replace", place, text, old),))


def offsets(text: str) -> list[int]:
    """Where each line begins."""
    return [0, *(match.end() for match in _LINE_END.finditer(text))]


def edited(text: str, edits: Iterable[Edit]) -> str:
    """``text`` with exact edits, which must not overlap."""
    starts = offsets(text)
    spans = [(edit.place.span, edit.text) for edit in edits]
    places = sorted(
        (starts[span.line - 1] + span.column - 1, starts[span.end_line - 1] + span.end_column - 1, new)
        for span, new in spans
        if span is not None
    )
    for start, end, new in reversed(places):
        text = text[:start] + new + text[end:]
    return text

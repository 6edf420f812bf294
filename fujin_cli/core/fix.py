"""How a finding can be mended: edits of the text, which rules name by routes and ``store.fixing`` works out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from fujin_cli.core.finding import Place
from fujin_cli.core.message import Message

_LINE_END = re.compile("\r\n|\r|\n")


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

    title: Message
    safe: bool
    edits: tuple[Edit, ...]


def replaced(title: Message, place: Place, old: str, text: str, *, safe: bool = False) -> Fix:
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

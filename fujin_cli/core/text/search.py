"""Fold texts so that a search finds what people wrote another way: ``路灯`` finds ``「路 灯」``."""

from __future__ import annotations

import unicodedata


def fold_for_search(text: str) -> str:
    """Fold width, case and compatibility forms (NFKC), and leave out blanks and characters without a width."""
    if text.isascii():
        return "".join(text.casefold().split())
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFKC", "".join(character for character in folded if not _is_blank(character)))


def _is_blank(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) == "Cf"

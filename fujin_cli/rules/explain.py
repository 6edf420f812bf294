"""The page of a code in either language. A Chinese page is a file of its own that borrows the English page's examples.

Its first line says which English text it translates, by a digest; a line ``{example N}`` stands for the N-th YAML block
of the English page, so that examples cannot drift. ``docs/chinese_pages.py`` tells which pages are missing or stale.
"""

from __future__ import annotations

import hashlib
import re

from fujin_cli.language import explain_page
from fujin_cli.rules.registry import page

HEAD = re.compile(r"\A<!-- (FJ\d{3}), translated from ([0-9a-f]{8}) -->\n")
HOLE = re.compile(r"^\{example (\d+)\}$", re.MULTILINE)
_EXAMPLE = re.compile(r"^```yaml.*?^```$", re.MULTILINE | re.DOTALL)


def page_in(language: str, code: str) -> str | None:
    """The page of a code in ``zh`` or ``en``, in English where nobody translated it; None for an unknown code."""
    english = page(code)
    translation = explain_page(language, code.upper()) if english else None
    return filled(translation, english) if english and translation else english


def filled(translation: str, english: str) -> str:
    """A Chinese page without its first line, and with the examples of the English page."""
    blocks = _EXAMPLE.findall(english)
    return HOLE.sub(lambda hole: blocks[int(hole[1]) - 1], HEAD.sub("", translation))


def example_count(english: str) -> int:
    """How many examples the page has to lend."""
    return len(_EXAMPLE.findall(english))


def digest(english: str) -> str:
    """Eight digits that change with what is to be translated: not with the examples, nor with where lines end."""
    words = " ".join(_EXAMPLE.sub("", english).split())
    return hashlib.sha256(words.encode()).hexdigest()[:8]

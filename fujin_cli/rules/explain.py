"""Give the page of a code in English or Chinese.

A Chinese page is a file of its own. Its first line holds a digest of the English text that it translates, and a line
``{example N}`` stands for the N-th YAML block of the English page, so the examples are always the same.
``docs/chinese_pages.py`` lists the pages that are missing or stale.
"""

from __future__ import annotations

import hashlib
import re

from fujin_cli.language import read_explain_page
from fujin_cli.rules.registry import page

HEAD = re.compile(r"\A<!-- (FJ\d{3}), translated from ([0-9a-f]{8}) -->\n")
HOLE = re.compile(r"^\{example (\d+)\}$", re.MULTILINE)
_EXAMPLE = re.compile(r"^```yaml.*?^```$", re.MULTILINE | re.DOTALL)


def page_in(language: str, code: str) -> str | None:
    """Return the page of a code in ``zh`` or ``en``, in English without a translation; None for an unknown code."""
    english = page(code)
    translation = read_explain_page(language, code.upper()) if english else None
    return fill_in_examples(translation, english) if english and translation else english


def fill_in_examples(translation: str, english: str) -> str:
    """Remove the first line of a Chinese page, and put in the examples of the English page."""
    blocks = _EXAMPLE.findall(english)
    return HOLE.sub(lambda hole: blocks[int(hole[1]) - 1], HEAD.sub("", translation))


def example_count(english: str) -> int:
    """Count the examples of an English page."""
    return len(_EXAMPLE.findall(english))


def digest(english: str) -> str:
    """Digest the English text that has to be translated, in 8 digits; examples and line breaks do not count."""
    words = " ".join(_EXAMPLE.sub("", english).split())
    return hashlib.sha256(words.encode()).hexdigest()[:8]

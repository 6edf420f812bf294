"""Write a text as a YAML scalar: plain where that is safe, else in double quotes."""

from __future__ import annotations

import json
import re

_PLAIN = re.compile(r"\w(?:[\w./ -]*[\w./-])?")
_NULL_WORDS = frozenset({"null", "Null", "NULL"})


def write_scalar(text: str, *, quoted: bool = False) -> str:
    """Write a text so that YAML reads the same text again: ``7 pm`` stays, ``a: b`` becomes ``"a: b"``.

    With ``quoted`` it is always in quotes, as where it replaces a text that was.
    """
    if not quoted and _PLAIN.fullmatch(text) and text not in _NULL_WORDS:
        return text
    return json.dumps(text, ensure_ascii=False)

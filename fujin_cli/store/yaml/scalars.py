"""Write texts, lists and mappings as YAML on one line; a text is plain where that is safe, else in double quotes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

_PLAIN = re.compile(r"\w(?:[\w./ -]*[\w./-])?")
_NULL_WORDS = frozenset({"null", "Null", "NULL"})


def write_scalar(text: str, *, quoted: bool = False) -> str:
    """Write a text so that YAML reads the same text again: ``7 pm`` stays, ``a: b`` becomes ``"a: b"``.

    With ``quoted`` it is always in quotes, as where it replaces a text that was.
    """
    if not quoted and _PLAIN.fullmatch(text) and text not in _NULL_WORDS:
        return text
    return json.dumps(text, ensure_ascii=False)


def write_flow(value: str | Sequence[object] | Mapping[str, object]) -> str:
    """Write a value on one line: ``{title: Seven Stars, can: [sanitation]}``."""
    if isinstance(value, str):
        return write_scalar(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{write_scalar(key)}: {_write_part(part)}" for key, part in value.items()) + "}"
    return "[" + ", ".join(map(_write_part, value)) + "]"


def _write_part(part: object) -> str:
    return write_flow(part) if isinstance(part, (str, Sequence, Mapping)) else write_scalar(str(part))

"""How much YAML is read at all, and which characters. What is outside is a finding, found before it can do harm.

The bounds hold while the parser's events come in, one after the other, and nothing recurses: so 30 000 nested brackets
stop at the 65th, and aliases that would multiply stop before they do.
"""

from __future__ import annotations

import re
from dataclasses import replace

from fujin_cli.core.findings.finding import Edit, Finding, Fix
from fujin_cli.core.text.message import say
from fujin_cli.store.yaml.nodes import Marks, error

BYTES = 2 * 1024 * 1024
DEPTH = 64
NODES = 200_000
ALIASED = 1024 * 1024
NODE_WEIGHT = 16
"""``ALIASED`` bounds the characters that aliases may add to a file; every value counts ``NODE_WEIGHT`` besides."""
CHARACTERS_SHOWN = 20
"""A file with more forbidden characters than that is no text; a longer list would help nobody."""

# Control characters; line separators that YAML 1.1 and editors count differently; characters that turn the direction
# of what is read (a reviewer would see something else than the program does); surrogates, BOMs and non-characters.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]",
)
_LINE_END = re.compile("\r\n|\r|\n")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_WHOLE: Marks = (0, 0, 0, 0)


def text_of(data: bytes, path: str) -> tuple[str, bool, list[Finding]]:
    """The text of a file, whether it is to be parsed, and what is wrong with its characters.

    Forbidden characters are replaced by U+FFFD, so that positions stay and the rest can be read. A UTF-8 byte order
    mark, which some editors write, is passed over.
    """
    if len(data) > BYTES:
        message = say("the file is too large: {size} bytes; the limit is {most}", size=len(data), most=BYTES)
        return "", False, [error("FJ006", path, _WHOLE, message, say("split it into several files"))]
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "", False, [error("FJ007", path, _WHOLE, say("the file is UTF-16, not UTF-8"), say("save it as UTF-8"))]
    if b"\0" in data:
        return "", False, [error("FJ007", path, _WHOLE, say("the file is not text"), say("save it as text, in UTF-8"))]
    try:
        text = data.removeprefix(_BYTE_ORDER_MARK).decode("utf-8")
    except UnicodeDecodeError as problem:
        data = data.removeprefix(_BYTE_ORDER_MARK)
        shown = FORBIDDEN.sub("\ufffd", data.decode("utf-8", "replace"))
        return shown, False, [_undecodable(data, problem.start, path)]
    return FORBIDDEN.sub("\ufffd", text), True, _forbidden(text, path)


def _undecodable(data: bytes, position: int, path: str) -> Finding:
    line, column = _where(data[:position].decode("utf-8"))
    return error(
        "FJ007",
        path,
        (line, column, line, column + 1),
        say("from here on the file is not UTF-8"),
        say("save it as UTF-8; it may have been saved as GBK"),
    )


def _forbidden(text: str, path: str) -> list[Finding]:
    findings = []
    for count, match in enumerate(FORBIDDEN.finditer(text)):
        if count == CHARACTERS_SHOWN:
            break
        line, column = _where(text[: match.start()])
        message = say("invisible character: {character}", character=f"U+{ord(match[0]):04X}")
        found = error("FJ007", path, (line, column, line, column + 1), message, say("delete it"))
        fix = Fix(say("delete the character"), False, (Edit("replace", found.place),))
        findings.append(replace(found, fix=fix))
    return findings


def _where(before: str) -> tuple[int, int]:
    lines = _LINE_END.split(before)
    return len(lines) - 1, len(lines[-1])

"""Limit the size and characters of YAML files; a violation is a finding, reported before it can do harm.

The limits are checked at each event of the parser, without recursion: 30 000 nested brackets stop at the 65th, and
aliases stop before they multiply the file.
"""

from __future__ import annotations

import re
from dataclasses import replace

from fujin_cli.core.findings.finding import Edit, Finding, Fix
from fujin_cli.core.text.encodings import decode_gb18030
from fujin_cli.core.text.invisible import DEFAULT_IGNORABLE
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.store.yaml.nodes import Marks, error

BYTES = 2 * 1024 * 1024
DEPTH = 64
NODES = 200_000
ALIASED = 1024 * 1024
NODE_WEIGHT = 16
"""``ALIASED`` bounds the characters that aliases may add to a file; every value counts ``NODE_WEIGHT`` besides."""
CHARACTERS_SHOWN = 20
"""The most findings about forbidden characters: a file with more of them is no text."""

# Control characters; line separators that YAML 1.1 and editors count differently; characters that no font shows, among
# them those that turn the direction of the text (a reviewer would see another text than the program reads); surrogates
# and non-characters.
FORBIDDEN = re.compile(
    f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff{DEFAULT_IGNORABLE}]",
)
_LINE_END = re.compile("\r\n|\r|\n")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_FILE_START: Marks = (0, 0, 0, 0)


def decode_text(content: bytes, path: str) -> tuple[str, bool, list[Finding]]:
    """Decode a file: return its text, whether it can be parsed, and findings about its characters.

    Forbidden characters are replaced by U+FFFD, so that positions stay and the rest can be read. A UTF-8 byte order
    mark, which some editors write, is ignored.
    """
    if len(content) > BYTES:
        message = say("the file is too large: {size} bytes; the limit is {most}", size=len(content), most=BYTES)
        return "", False, [error("FJ006", path, _FILE_START, message, say("split it into several files"))]
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return (
            "",
            False,
            [error("FJ007", path, _FILE_START, say("the file is UTF-16, not UTF-8"), say("save it as UTF-8"))],
        )
    if b"\0" in content:
        return (
            "",
            False,
            [error("FJ007", path, _FILE_START, say("the file is not text"), say("save it as text, in UTF-8"))],
        )
    try:
        text = content.removeprefix(_BYTE_ORDER_MARK).decode("utf-8")
    except UnicodeDecodeError as problem:
        content = content.removeprefix(_BYTE_ORDER_MARK)
        readable_text = FORBIDDEN.sub("\ufffd", content.decode("utf-8", "replace"))
        return readable_text, False, [_decoding_finding(content, problem.start, path)]
    return FORBIDDEN.sub("\ufffd", text), True, _find_forbidden_characters(text, path)


def _decoding_finding(content: bytes, position: int, path: str) -> Finding:
    line, column = _line_and_column(content[:position].decode("utf-8"))
    return error(
        "FJ007",
        path,
        (line, column, line, column + 1),
        *_explain_encoding(content),
    )


def _explain_encoding(content: bytes) -> tuple[LocalizedText, LocalizedText]:
    try:
        decode_gb18030(content)
    except ValueError:
        return say("from here on the file is not UTF-8"), say("save it as UTF-8")
    return (
        say("from here on the file is not UTF-8; it is GB18030 (GBK)"),
        say("save it as UTF-8, for example with `iconv -f GB18030 -t UTF-8`"),
    )


def _find_forbidden_characters(text: str, path: str) -> list[Finding]:
    findings = []
    for count, match in enumerate(FORBIDDEN.finditer(text)):
        if count == CHARACTERS_SHOWN:
            break
        line, column = _line_and_column(text[: match.start()])
        message = say("invisible character: {character}", character=f"U+{ord(match[0]):04X}")
        finding = error("FJ007", path, (line, column, line, column + 1), message, say("delete it"))
        fix = Fix(say("delete the character"), False, (Edit("replace", finding.place),))
        findings.append(replace(finding, fix=fix))
    return findings


def _line_and_column(before: str) -> tuple[int, int]:
    lines = _LINE_END.split(before)
    return len(lines) - 1, len(lines[-1])

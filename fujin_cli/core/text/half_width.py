"""Read what a Chinese input method wrote: full-width digits, letters, colons and other separators become ASCII."""

from __future__ import annotations

import re

# U+FF01 to U+FF5E are the ASCII characters in full width (Unicode: Halfwidth and Fullwidth Forms).
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_BLANKS = dict.fromkeys(map(ord, "\u00a0\u2002\u2003\u2007\u2009\u202f\u3000"), " ")
_MARKS = {ord("。"): ".", ord("｡"): ".", ord("∶"): ":", ord("﹕"): ":", ord("、"): ","}
_ASCII_OF = _FULL_WIDTH | _DASHES | _BLANKS | _MARKS
_DIGIT = re.compile(r"\d")  # of every script: ５ ٥ ५
_CODE = re.compile("(?=.*[0-9])[\t -~]+")


def to_half_width(text: str) -> str:
    """Write a number, date, phone number or code in ASCII, as far as it can be: ``２０２６－０６`` → ``2026-06``.

    Not for running text, whose punctuation it would change.
    """
    if text.isascii():
        return text
    return _DIGIT.sub(lambda digit: str(int(digit[0])), text).translate(_ASCII_OF)


def narrow_code(text: str) -> str:
    """Write a text in ASCII if it then holds digits, Latin letters and separators alone; other texts stay.

    ``２ working days`` and ``ＸＦ０１`` change, ``１号楼`` and ``：`` do not.
    """
    if text.isascii():
        return text
    narrowed = to_half_width(text)
    return narrowed if _CODE.fullmatch(narrowed) else text

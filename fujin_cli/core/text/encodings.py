"""Decode the bytes of a text that somebody typed: UTF-8, UTF-16 with a mark, or GB18030, which contains GBK."""

from __future__ import annotations

import re

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
# What no text holds: control characters, and the private use and unassigned planes that random bytes lead to.
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\U00030000-\U0010ffff]")


def decode_typed_text(content: bytes) -> str:
    """Decode a text of unknown encoding. Raises ValueError where it is text in none of them."""
    if content.startswith(_UTF_16):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return decode_gb18030(content)


def decode_gb18030(content: bytes) -> str:
    """Decode GB18030 (GB 18030-2005), the encoding of Chinese Windows. Raises ValueError for what is no text in it."""
    text = content.decode("gb18030")
    if _NO_TEXT.search(text):
        raise ValueError("no text in GB18030")
    return text

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fujin_cli.core.text.encodings import decode_typed_text

LETTERS = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x9FFF, exclude_categories=("Cc", "Cs", "Co", "Cn")))


@given(LETTERS, st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_unicode_text_is_read_as_it_was_written(text: str, encoding: str) -> None:
    assert decode_typed_text(text.encode(encoding)) == text.removeprefix("\ufeff")


@pytest.mark.parametrize("text", ["姓名：样例·周某", "路灯不亮，三号楼", "㐀䶵", "€"])  # 㐀 is in GB18030, not in GBK
def test_gb18030(text: str) -> None:
    assert decode_typed_text(text.encode("gb18030")) == text


@pytest.mark.parametrize(
    "content", [b"caf\xff\xff", b"\xff\xd8\xff\xe0\x00\x10JFIF", b"a\x00b\xb0", bytes(range(128, 256))]
)
def test_what_is_no_text(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode_typed_text(content)

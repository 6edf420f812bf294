"""Full-width digits, separators and blanks become ASCII in codes, dates and numbers, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fujin_cli.core.text.half_width import narrow_code, to_half_width


@pytest.mark.parametrize(
    ("typed", "ascii_text"),
    [
        ("２０２６－０６－０１", "2026-06-01"),
        ("０９：３０", "09:30"),
        ("１２０。５０", "120.50"),
        ("１３９　００００—００００", "139 0000-0000"),
        ("ＸＦ０１", "XF01"),
        ("٢٠٢٦", "2026"),
        ("plain", "plain"),
    ],
)
def test_codes_in_ascii(typed: str, ascii_text: str) -> None:
    assert to_half_width(typed) == ascii_text


@pytest.mark.parametrize("text", ["１号楼", "：", "完成，谢谢", "３天内", "第１"])
def test_running_text_stays(text: str) -> None:
    assert narrow_code(text) == text


@pytest.mark.parametrize(
    ("typed", "ascii_text"), [("２ working days", "2 working days"), ("０８：３０－１１：３０", "08:30-11:30")]
)
def test_values_of_files_in_ascii(typed: str, ascii_text: str) -> None:
    assert narrow_code(typed) == ascii_text


@given(st.text())
def test_one_character_for_one(text: str) -> None:
    """Places in the text stay what they were; doing it again changes nothing."""
    narrowed = to_half_width(text)
    assert len(narrowed) == len(text)
    assert to_half_width(narrowed) == narrowed

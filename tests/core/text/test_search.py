"""What a search takes for the same text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fujin_cli.core.text.search import fold_for_search


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("路灯", "北门「路 灯」坏了"),
        ("路灯", "路\u3000灯"),
        ("路灯", "路\n灯"),
        ("路灯", "路\u200b灯"),
        ("路 灯", "路灯"),
        ("led", "ＬＥＤ灯"),
        ("ＬＥＤ", "led"),
        ("3号楼", "３号楼"),
        ("ｶﾞｽ", "ガス"),
        ("strasse", "STRASSE"),
        ("STRASSE", "Straße"),
        ("①", "1"),
    ],
)
def test_a_text_is_found_however_it_was_written(typed: str, text: str) -> None:
    assert fold_for_search(typed) in fold_for_search(text)


def test_other_characters_stay_different() -> None:
    assert fold_for_search("路灯") not in fold_for_search("路面，灯")


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold_for_search(fold_for_search(text)) == fold_for_search(text)


@given(st.text(), st.integers(0, 20))
def test_blanks_and_case_make_no_difference(text: str, place: int) -> None:
    assert fold_for_search(text[:place] + " \u3000" + text[place:]) == fold_for_search(text) or not text.isascii()

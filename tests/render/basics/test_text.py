from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fujin_cli.render.basics.text import (
    align_in_columns,
    display_width,
    fold_text,
    join_clauses,
    join_sentences,
    pad_to_width,
    paint,
    to_one_line,
)

MIXED = st.text(alphabet="ab é1-，。路灯不亮（）ｗ ", max_size=60)


@pytest.mark.parametrize(
    ("text", "columns"), [("", 0), ("abc", 3), ("路灯", 4), ("ab路", 4), ("e\u0301", 1), ("，", 2), ("…", 1), ("ｗ", 2)]
)
def test_width_in_columns(text: str, columns: int) -> None:
    assert display_width(text) == columns


def test_padding_counts_columns() -> None:
    assert pad_to_width("路灯", 6) == "路灯  "
    assert pad_to_width("路灯", 2) == "路灯"


@pytest.mark.parametrize(
    ("text", "harmless"),
    [
        ("路灯不亮", "路灯不亮"),
        ("a\tb\r\nc", "a b  c"),
        ("\x1b[31mred", " [31mred"),
        ("no\u202ereversed", "noreversed"),
        ("next\u2028line\x85", "next line "),
        ("全角　空格", "全角　空格"),
        ("half \ud800", "half \ufffd"),
    ],
)
def test_what_a_terminal_is_never_sent(text: str, harmless: str) -> None:
    assert to_one_line(text) == harmless


def test_folding() -> None:
    assert fold_text("three small words", 11) == ["three small", "words"]
    assert fold_text("路灯不亮了", 4) == ["路灯", "不亮", "了"]
    assert fold_text("路灯不亮了", 5) == ["路灯", "不亮", "了"]
    assert fold_text("unbreakable", 4) == ["unbr", "eaka", "ble"]
    assert fold_text("one\n\ntwo", 10) == ["one", "", "two"]
    assert fold_text("  set in and on", 8) == ["  set in", "  and on"]
    assert fold_text("as wide as it is", 0) == ["as wide as it is"]


@given(MIXED, st.integers(2, 30))
def test_folding_keeps_the_width_and_every_character(text: str, columns: int) -> None:
    lines = fold_text(text, columns)
    assert all(display_width(line) <= columns for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_columns_are_aligned_and_the_last_one_folds_under_itself() -> None:
    rows = [["类别", "Lighting"], ["summary", "路灯不亮已经三天"]]
    assert align_in_columns(rows, 21) == ["  类别     Lighting", "  summary  路灯不亮已", "           经三天"]
    assert align_in_columns(rows, 0)[1] == "  summary  路灯不亮已经三天"
    assert align_in_columns([], 80) == []


def test_a_narrow_screen_loses_nothing() -> None:
    lines = align_in_columns([["a long first column", "路灯不亮"]], 12)
    assert "".join(line[-4:].strip() for line in lines).endswith("不亮")


def test_paint() -> None:
    assert paint("late", "bold red", True) == "\x1b[1;31mlate\x1b[0m"
    assert paint("late", "bold red", False) == "late"
    assert paint("late", "", True) == "late"


def test_sentences_and_clauses() -> None:
    assert join_sentences(["One.", "", "Two."]) == "One. Two."
    assert join_clauses(["by a, b", ["c", "d"]]) == "by a, b; c, d"

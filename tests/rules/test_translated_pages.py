"""The page of a code in a language: the translation where there is one, with the examples of the English page."""

from __future__ import annotations

import pytest

from fujin_cli.rules import explain
from fujin_cli.rules.registry import page


def test_english_is_the_docstring() -> None:
    assert explain.page_in("en", "FJ303") == page("FJ303")


def test_chinese_is_the_file_with_the_examples_and_without_its_first_line() -> None:
    shown = explain.page_in("zh", "fj303") or ""
    assert shown.startswith("# FJ303 · 卡住的事项\n")
    assert "{example" not in shown and "translated from" not in shown
    assert "      done: {title: done, to: finished, by: clerk, when: {found: litter}}\n" in shown


def test_where_nobody_translated_a_page_the_english_one_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explain, "read_explain_page", lambda language, code: None)
    assert explain.page_in("zh", "FJ303") == page("FJ303")


@pytest.mark.parametrize("code", ["FJ999", "../../etc", ""])
def test_an_unknown_code_has_no_page_in_any_language(code: str) -> None:
    assert explain.page_in("zh", code) is explain.page_in("en", code) is None

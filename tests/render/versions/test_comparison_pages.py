"""Whatever stands in the files, Markdown shows it as it is: read by a Markdown parser, not by looking at escapes."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from fujin_cli.render.basics.text import to_one_line
from fujin_cli.render.versions import comparison_pages
from fujin_cli.render.versions.comparison_pages import escape_markdown

MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
NASTY = (
    "a | b",
    "`code`",
    "<b>x</b>",
    "<script>",
    "&lt;b&gt;",
    "&amp;",
    "[x](y)",
    "![x](y)",
    "**x** _y_ ~~z~~",
    "# x",
    "> x",
    "1. x",
    "10) x",
    "- x",
    "+ x",
    "* x",
    "---",
    "===",
    "line\nbreak",
    "a\r\n\n- b",
    "\\",
    "\\*",
    "```",
    "    code",
    "\t- x",
    "<!-- x -->",
    "<https://example.org>",
    "|a|\n|-|\n|b|",
    "$x$",
    "[ ] x",
    "[^1]",
    "http://x.y",
    "www.x.y",
)


class Text(HTMLParser):
    """The text of a page, and its tags."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_comment(self, data: str) -> None:
        self.tags.append("comment")

    def handle_data(self, data: str) -> None:
        self.text += data


def read(markdown: str) -> Text:
    page = Text()
    page.feed(MARKDOWN.render(markdown))
    return page


def words(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\u200b", "")).strip()


@pytest.mark.parametrize("text", NASTY)
def test_what_would_be_markup_is_text(text: str) -> None:
    page = read(f"- {escape_markdown(text)}")
    assert words(page.text) == words(to_one_line(text))
    assert page.tags == ["ul", "li"]


@given(st.text(st.characters(codec="utf-8"), max_size=40).filter(lambda text: text.strip()))
@settings(deadline=None)
def test_any_text_is_text(text: str) -> None:
    page = read(f"- {escape_markdown(text)}\n  1. {escape_markdown(text)}\n")
    assert set(page.tags) == {"ul", "li", "ol"} and len(page.tags) == 4


@pytest.mark.parametrize("text", ["@all", "see @x/y", "#12", "owner/name#12", "GH-12"])
def test_nobody_is_mentioned_and_nothing_referred_to(text: str) -> None:
    assert not re.search(r"@\w|#\d|GH-\d", read(escape_markdown(text)).text)


def test_a_comment_that_is_too_long_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison_pages, "MOST_CHARACTERS", 20)
    lines = comparison_pages._shorten_to_comment(["a" * 10, "b" * 10, "c"])
    assert lines[0] == "a" * 10 and "2 more lines" in lines[-1]

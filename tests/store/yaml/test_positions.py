"""From a route of keys to lines and columns, in characters."""

from __future__ import annotations

import pytest

from fujin_cli.core.findings.finding import Place, Route, Span
from fujin_cli.store.yaml.positions import span_of
from fujin_cli.store.yaml.read import read_yaml


def at(text: str, *route: str | int, key: bool = False, kept: dict[Route, tuple[int, ...]] | None = None) -> str:
    """What the span marks; lines are joined by a bar."""
    source = read_yaml(text.encode(), "a.yaml")
    source.remaining_indices = kept or {}
    span = span_of(source, Place("a.yaml", route, key))
    lines = source.lines[span.line - 1 : span.end_line]
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    return "|".join(lines)


TEXT = """\
# 注释
procedure: 诉求
title: {zh: "居民😀诉求", en: 'Request'}
steps:
  办理:
    owner: lead
    tell: [lead, "coordinator"]
    by: lead
    empty:
    none: ~
    ladder:
      - {before: 1 day, tell: [lead]}
      - after: 2 days
        raise: street
      -
        - nested
    note: |
      one
      two

    folded: a
      b   # remark
  closed: {end: done}
"""


@pytest.mark.parametrize(
    ("route", "marked"),
    [
        (("procedure",), "诉求"),
        (("title",), "title"),
        (("title", "zh"), '"居民😀诉求"'),
        (("title", "en"), "'Request'"),
        (("steps", "办理"), "办理"),
        (("steps", "办理", "owner"), "lead"),
        (("steps", "办理", "tell"), "tell"),
        (("steps", "办理", "tell", 1), '"coordinator"'),
        (("steps", "办理", "tell", "coordinator"), '"coordinator"'),
        (("steps", "办理", "tell", "nobody"), "tell"),
        (("steps", "办理", "by", "lead"), "lead"),
        (("steps", "办理", "by", 0), "lead"),
        (("steps", "办理", "empty"), "empty"),
        (("steps", "办理", "none"), "~"),
        (("steps", "办理", "ladder", 0), "{before: 1 day, tell: [lead]}"),
        (("steps", "办理", "ladder", 0, "tell", "lead"), "lead"),
        (("steps", "办理", "ladder", 1), "after: 2 days"),
        (("steps", "办理", "ladder", 1, "raise"), "street"),
        (("steps", "办理", "ladder", 2), "nested"),
        (("steps", "办理", "ladder", 9), "ladder"),
        (("steps", "办理", "note"), "||      one|      two"),
        (("steps", "办理", "folded"), "a|      b"),
        (("steps", "|a tag", "closed", "|another", "end"), "done"),
        (("steps", "closed", "title"), "closed"),
        (("clocks", "whole"), "procedure: 诉求"),
        ((), "procedure: 诉求"),
    ],
)
def test_what_a_route_marks(route: Route, marked: str) -> None:
    assert at(TEXT, *route) == marked


@pytest.mark.parametrize(
    ("route", "marked"),
    [
        (("procedure",), "procedure"),
        (("title", "zh"), "zh"),
        (("steps", "办理", "owner"), "owner"),
        (("steps", "办理", "tell", "lead"), "lead"),
        (("steps", "办理", "folded"), "folded"),
    ],
)
def test_a_key_itself(route: Route, marked: str) -> None:
    assert at(TEXT, *route, key=True) == marked


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("居民: 诉求\n", Span(1, 5, 1, 7)),
        ("😀😀: x\n居民: 诉求\n", Span(2, 5, 2, 7)),
        ("a: 1\r\n居民: 诉求\r\n", Span(2, 5, 2, 7)),
        ("a: 1\r居民: 诉求\r", Span(2, 5, 2, 7)),
        ("居民:\t诉求\t# 注\n", Span(1, 5, 1, 7)),
        ("\ufeff居民: 诉求\n", Span(1, 5, 1, 7)),
        ("居民: '诉求'", Span(1, 5, 1, 9)),
        ("a: &x 诉求\n居民: *x\n", Span(2, 5, 2, 7)),
    ],
)
def test_columns_count_characters(text: str, span: Span) -> None:
    assert span_of(read_yaml(text.encode(), "a.yaml"), Place("a.yaml", ("居民",))) == span


def test_a_place_that_has_its_span_keeps_it() -> None:
    span = Span(7, 7, 7, 9)
    assert span_of(read_yaml(b"a: b", "a.yaml"), Place("a.yaml", ("a",), span=span)) == span


def test_a_file_without_a_tree_is_marked_at_its_beginning() -> None:
    assert span_of(read_yaml(b"a: [", "a.yaml"), Place("a.yaml", ("a",))) == Span(1, 1, 1, 1)


def test_indices_count_only_the_items_that_were_kept() -> None:
    kept: dict[Route, tuple[int, ...]] = {("a",): (1, 2)}
    assert at("a: [x, y, z]\n", "a", 0, kept=kept) == "y"
    assert at("a: [x, y, z]\n", "a", 1, kept=kept) == "z"
    assert at("a: [x, y, z]\n", "a", 2, kept=kept) == "a"

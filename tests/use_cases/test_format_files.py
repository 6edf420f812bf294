"""The canonical layout: whatever a file says and remarks is still there, and nothing is left to do a second time."""

from __future__ import annotations

from collections import Counter
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from pydantic import BaseModel

from fujin_cli.store.schema.quick_accept import shapes_table
from fujin_cli.store.schema.shapes.base import definition_name, keys_of
from fujin_cli.store.schema.shapes.kinds import KINDS
from fujin_cli.store.yaml.comments import find_comments
from fujin_cli.store.yaml.printer import print_canonical
from fujin_cli.store.yaml.read import read_yaml
from fujin_cli.use_cases.format_files import LayoutFault, format_file
from tests.support.comment_owners import first_difference
from tests.support.generators.random_yaml import documents
from tests.use_cases.test_suppressions import TRAPS


def form(text: str) -> str:
    made = format_file(text.encode(), "workflows/a.yaml").formatted
    assert format_file(made.encode(), "workflows/a.yaml").formatted == made
    return made


def remarks(text: str) -> Counter[str]:
    source = read_yaml(text.encode(), "a.yaml")
    return Counter(source.lines[line][column:].rstrip() for line, column in find_comments(source).items())


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(documents())
def test_formatting_keeps_the_tree_and_every_comment_and_is_done_once(written: tuple[str, Any]) -> None:
    text, tree = written
    result = format_file(text.encode(), "a.yaml")
    assert result.skipped == ""
    assert read_yaml(result.formatted.encode(), "a.yaml").tree == tree
    assert first_difference(text, result.formatted) == ""
    assert form(result.formatted) == result.formatted


CASES = {
    "keys of the language in order, names as people put them": (
        "procedure: p\nsteps:\n  second: {owner: b, title: t}\n  first: {title: u}\ntitle: x\n",
        "procedure: p\ntitle: x\nsteps:\n  second: {title: t, owner: b}\n  first: {title: u}\n",
    ),
    "unknown keys stay, behind the known ones": ("roster: x\nzz: 1\nstaff: []\n", "roster: x\nstaff: []\nzz: 1\n"),
    "the head of the file stays at the top": (
        "# about the file\nnote: n\n# of the id\nmenu: m\n",
        "# about the file\n# of the id\nmenu: m\nnote: n\n",
    ),
    "a comment goes with its key": (
        "menu: m\n\n# kinds\nkinds: {}\n# topics\ntopics: {}  # none yet\n",
        "menu: m\n# topics\ntopics: {}  # none yet\n\n# kinds\nkinds: {}\n",
    ),
    "indentation and lists below their key": (
        "a:\n- x\n-  y\nb:\n      c:   d\n",
        "a:\n  - x\n  - y\nb:\n  c: d\n",
    ),
    "braces and brackets": ("a: {b: [ 1,2 ],  c: {} }\n", "a: {b: [1, 2], c: {}}\n"),
    "braces over several lines become one": ("a: {b: 1,\n    c: 2}\n", "a: {b: 1, c: 2}\n"),
    "braces with a comment inside become lines": (
        "a: {b: 1,  # one\n    c: 2}  # both\n",
        "a:\n  b: 1     # one\n  c: 2     # both\n",
    ),
    "quotes that nothing needs": (
        "a: \"word\"\nb: 'no'\nc: \"8:30\"\nd: 'D-1'\n",
        'a: word\nb: "no"\nc: "8:30"\nd: "D-1"\n',
    ),
    "a hash in quotes is no comment": ('a: "b # c"\nd: e#f\n', 'a: "b # c"\nd: e#f\n'),
    "a hash in a block of text is no comment": ("a: |\n     b\n     # c\nd: e # f\n", "a: |\n  b\n  # c\nd: e  # f\n"),
    "a block of text that begins with blanks": ("a: |2\n    b\n   c\n", "a: |2\n    b\n   c\n"),
    "blank lines that a block of text keeps": ("a: |+\n  b\n\n\nc: d\n", "a: |+\n  b\n\n\nc: d\n"),
    "one blank line of many": ("a: 1\n\n\n\nb: 2\n\n", "a: 1\n\nb: 2\n"),
    "no blank line at the beginning of a block": ("a:\n\n  b: 1\n\n  c: 2\n", "a:\n  b: 1\n\n  c: 2\n"),
    "a comment at the end of a block stays in it": (
        "a:\n    b: 1\n    # end of a\nc: 2\n",
        "a:\n  b: 1\n  # end of a\nc: 2\n",
    ),
    "a comment at the end of the file": ("a: 1\n# end\n", "a: 1\n# end\n"),
    "a comment between a dash and its item": ("a:\n  -\n    # b\n    c: d\n  - e\n", "a:\n  # b\n  - c: d\n  - e\n"),
    "a comment between a key and its value": ("a:\n  # b\n  c\nd: e\n", "# b\na: c\nd: e\n"),
    "comments in a column": ("a: 1        # one\nbcd: 2      # two\n", "a: 1        # one\nbcd: 2      # two\n"),
    "lines of other systems": ("a: 1\r\nb: |\r\n  c\r\n  d\r\n", "a: 1\nb: |\n  c\n  d\n"),
    "a first line for editors": ("# yaml-language-server: $schema=x\nmenu: m\n",) * 2,
    "a comment after the last of several lines": (
        'a:\n  b:\n    - c: "x\n        y"  # of c\n  d: e\n',
        "a:\n  b:\n    - c: x y  # of c\n  d: e\n",
    ),
    "a comment after a member in brackets": ("a: [b, c, # of c\n  d]\n", "a:\n  - b\n  - c     # of c\n  - d\n"),
    "a comment after brackets on a line": (
        "a: {b: [c, {d: e}]}  # all of it\nf: g\n",
        "a: {b: [c, {d: e}]}  # all of it\nf: g\n",
    ),
    "a comment after brackets on one line, in another order": (
        "procedure: p\nsteps: {a: {owner: b, title: t}}  # one\ntitle: x\n",
        "procedure: p\ntitle: x\nsteps: {a: {title: t, owner: b}}  # one\n",
    ),
    "a comment beside a bracket alone": ("a: [\n  b,\n  c\n]  # all of it\n", "a:  # all of it\n  - b\n  - c\n"),
    "a comment beside an open bracket": ("a: {  # all of it\n  b: c}\n", "a:    # all of it\n  b: c\n"),
    "a comment beside the brackets of the file": (
        "{ # first\n  a: [b] # of b\n} # last\n",
        "# first\na: [b]   # of b\n# last\n",
    ),
    "a comment in the place of a value": ("a:\n  # - b\nc: d\n", "# - b\na:\nc: d\n"),
    "a comment below a key without a value": ("a:\n# of c\nc: d\n", "a:\n# of c\nc: d\n"),
    "a comment below a list that is not indented": ("a:\n- b\n# end of file\n", "a:\n  - b\n# end of file\n"),
    "comments of different depths": ("a:\n  b:\n    c: 1\n    # of b\n  # of a\n# of d\nd: 2\n",) * 2,
    "comments between the members of a list": (
        "a:\n  - b\n  # of c\n  - c: 1\n    # of d\n    d: 2\n    # end of c\n  # end of a\ne: 3\n",
    )
    * 2,
    "a comment after a block of text": (
        "a:\n  b: |\n    c\n    # no comment\n  # of d\n  d: e\n  f: |\n    g\n  # end of a\nh: i\n",
    )
    * 2,
    "comments around the marks of a document": (
        "# one\n--- # two\na: b\n... # three\n# four\n",
        "# one\n# two\na: b\n# three\n# four\n",
    ),
    "a key without a value": ("a:\nb:   # c\n", "a:\nb:   # c\n"),
}


@pytest.mark.parametrize("name", CASES)
def test_layout(name: str) -> None:
    before, after = CASES[name]
    assert form(before) == after


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_comments_among_traps_are_kept(end: str) -> None:
    text = TRAPS.replace("e: a#fujin: ", "e: a#fujin:").replace("\n", end)
    assert remarks(form(text)) == remarks(text)


def test_what_is_too_long_gets_lines() -> None:
    words = " ".join(["word"] * 30)
    made = form(f"a: {{b: {words}, c: d}}\n")
    assert made.splitlines()[:2] == ["a:", "  b: >-"]
    assert max(map(len, made.splitlines())) <= 120


def test_an_ignored_line_stays_one_line() -> None:
    line = f"a: {{b: {'x' * 120}, c: d}}  # fujin: ignore[FJ210] why\n"
    assert form(line) == line


def test_an_ignore_comment_ignores_no_other_line_than_before() -> None:
    comment = "  # fujin: ignore[FJ210] why"
    assert form(f"a: {{b: 1,\n  c: 2}}{comment[1:]}\n") == f"a:\n  b: 1\n  c: 2{comment}\n"
    assert form(f"a: {{{comment}\n  b: 1}}\n") == f"a:  {comment}\n  b: 1\n"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a: [b\n", "unreadable"),
        ("- a\n", "unreadable"),
        ("", "unreadable"),
        ("a: &x b\nc: *x\n", "anchors"),
        ("%YAML 1.2\n---\na: b\n", "anchors"),
        ("a: 1\na: 2\n", "unreadable"),
    ],
)
def test_what_is_left_as_it_is(text: str, why: str) -> None:
    result = format_file(text.encode(), "a.yaml")
    assert (result.skipped, result.changed) == (why, False)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("word", "other"),
        ("note: word  # remark\n", "note: word\n# remark\n"),
        ("# remark", "#"),
        ("first: {", "zeroth: {}\n  first: {"),
        ("by: [a, b]", "by: [b, a]"),
    ],
)
def test_a_printer_that_changes_anything_is_caught(old: str, new: str) -> None:
    text = "procedure:   p\nnote: word  # remark\nsteps:\n  first: {end: done}\n  last: {end: no}\nby: [a, b]\n"

    def broken(*arguments: Any) -> str:
        made = print_canonical(*arguments)
        assert old in made
        return made.replace(old, new)

    with pytest.raises(LayoutFault):
        format_file(text.encode(), "a.yaml", broken)


def test_a_printer_that_swaps_two_steps_is_caught() -> None:
    text = "procedure:   p\nsteps:\n  first: {end: done}\n  last: {end: no}\n"
    with pytest.raises(LayoutFault):
        format_file(
            text.encode(),
            "a.yaml",
            lambda *_: "procedure: p\nsteps:\n  last: {end: no}\n  first: {end: done}\n",
        )


def shapes_below(shape: Any, seen: set[Any]) -> set[Any]:
    """The shapes that stand in the annotation ``shape``, however deep."""
    shape = getattr(shape, "__value__", shape)
    if isinstance(shape, type) and issubclass(shape, BaseModel):
        if shape not in seen:
            seen.add(shape)
            for entry in shape.model_fields.values():
                shapes_below(entry.annotation, seen)
        return seen
    for part in get_args(shape):
        shapes_below(part, seen)
    return seen


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_of_the_language_has_its_place(kind: str) -> None:
    """Each shape has an order for all of its keys, but for conditions, which are read as they are written."""
    as_written = {"Times", "Compared", "When", "InputCondition", "InCase"}
    table = shapes_table()["shapes"]
    for shape in shapes_below(KINDS[kind], set()):
        order = table[definition_name(shape.__name__)]["order"]
        assert (order is None) == (shape.__name__ in as_written)
        assert order is None or keys_of(shape) <= set(order), (shape.__name__, keys_of(shape))

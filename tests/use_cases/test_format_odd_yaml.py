"""Odd YAML: shapes that few people write, edited at random. Formatting loses nothing of it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fujin_cli.store.schema.check import check_shape
from fujin_cli.store.schema.key_order import order_of, sort_keys
from fujin_cli.store.yaml.read import read_yaml
from fujin_cli.use_cases.format_files import format_file
from tests.support.comment_owners import first_difference
from tests.support.golden_workspaces import BASE

ODD = (
    "a: {b: [1, 2, # x\n  3], c: d}\n",
    "a:\n  - - b\n    - c\n  -\n    - d\n",
    "? a\n: b\n",
    '? "a b"\n# c\n: - d\n',
    "? a",
    "a: >-\n\n  b\n   c\n\n  d\n",
    "a: |3\n     b\n   c\n",
    "a: |3\n    \n   c\n",
    "a: |-  # c\n  b\n# e\nd: f",
    "a: |\n b",
    "a: |\n b\n  ",
    "a: >\n b\n \t",
    "a: |+\n  b\n\n\n",
    "a: >+\n  b\n\n# c\n",
    "a: |\n\n\n",
    "a: >#+\n b\n\n",
    'a: "b\n  c # no\n\n  d" # yes\n',
    "a: b\n  c\n  d # x\n",
    "a: 'b''c\n\n   d'\n",
    "a: '# b' # c\n",
    "a:\n- b: c\n  # d\n  e: f\n# g\n- h\n  # i\n",
    "\"a\": b\n'c': d\n",
    '"a b": {"c, d": [e, "f: g"]}\n',
    "a: yes\nb: 010\nc: 1_000\nd: ~\ne: 2020-01-01\nf: null\ng:\nh: on\ni: 1e3\n",
    "a: {b: yes, c: ~, d: 0o7}\n",
    "a: [\n  b, # 1\n  # 2\n  c\n  # 3\n] # 4\n",
    "a: {\n  # 1\n}\n",
    "a:\n  - [ # 1\n  ]\n",
    "a: [] # x\n",
    "a: [[], {}, [[]]]\n",
    "a: {b, c: , d}\n",
    'a: {"b":c}\n',
    "a: [a: b, c: {d: e}]\n",
    "a: [b,]\n",
    "{a: b, # c\n c: d}\n",
    "{--- a: b}\n",
    "--- # x\na: b\n...\n",
    "---\na: b\n... # end\n# more\n",
    "a: b\n---\nc: d\n",
    "%YAML 1.2\n---\na: b\n",
    "# only\n",
    "",
    "\n\n",
    "- a\n",
    "a",
    "a: b: c\n",
    "\ta: b\n",
    "a:\tb\t# c\n",
    "a: b#c\n",
    ": b\n",
    "a : b\n",
    "a: &x b\nc: *x\n",
    "a: &x {b: c}\nd: {<<: *x}\n",
    "!!map {a: b}\n",
    "a: 1\na: 2\n",
    "\ufeffa: b\n",
    "a:    # c\n  # d\n  b\n",
    "a:\n    - b # 1\n      # 2\n    # 3\n  # 4\n# 5\nc: d\n",
    "a:\n  - # c\n    b: c\n",
    "a: 办理办理办理 #  全角\n",
    f"a: {{b: {'办理 ' * 40}, c: d}}  # x\n",
    f"a: {'x' * 200} # y\n",
    'a: "\\x00\\u202e\\n\\t"\n',
)
LAW = (BASE / "workflows" / "procedures" / "errand.yaml").read_text("utf-8")
LAW_PARTS = (LAW, *(f"{part}\n" for part in LAW.split("\n\n") if part.strip()))
PIECES = (
    "#",
    " # c",
    "\n",
    "\n\n",
    "\n# k\n",
    "\n   # k\n",
    "\n      # k\n",
    "\t",
    "\r\n",
    "\r",
    " ",
    "  ",
    '"',
    "'",
    "|",
    ">",
    ">-",
    "|+",
    "|2",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    ": ",
    "- ",
    "? ",
    "~",
    "yes",
    "010",
    "1_000",
    "办",
    "\ufeff",
    "&a ",
    "*a",
    "---\n",
    "...\n",
    "<<: ",
    "!t ",
    "\\",
    "  # fujin: ignore[FJ210] why",
)


@st.composite
def edited_texts(draw: st.DrawFn, texts: tuple[str, ...]) -> str:
    """One or two odd files as one, with pieces put in, characters taken out, and lines moved to the side."""
    text = "".join(draw(st.lists(st.sampled_from(texts), min_size=1, max_size=2)))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(text)))
        edit = draw(st.sampled_from(["put", "put", "take", "move", "remark"]))
        start = text.rfind("\n", 0, at) + 1
        if edit == "put":
            text = text[:at] + draw(st.sampled_from(PIECES)) + text[at:]
        elif edit == "take":
            text = text[:at] + text[at + draw(st.integers(1, 4)) :]
        elif edit == "move":
            text = text[:start] + " " * draw(st.integers(1, 4)) + text[start:]
        elif start:
            text = f"{text[: start - 1]}{draw(st.sampled_from(['  # r', '# r', chr(9) + '# r']))}\n{text[start:]}"
    return text.replace("\n", draw(st.sampled_from(["\n", "\n", "\r\n"])))


def check_formatting(text: str) -> str:
    """What the properties are, for one file; how it was left."""
    data = text.encode()
    result = format_file(data, "workflows/a.yaml")  # a LayoutFault fails
    if result.skipped:
        assert not result.changed
        return result.skipped
    made = result.formatted.encode()
    assert format_file(made, "workflows/a.yaml").formatted == result.formatted
    assert first_difference(text.removeprefix("\ufeff").replace("\r\n", "\n"), result.formatted) == ""
    before, after = read_yaml(data, "a.yaml"), read_yaml(made, "a.yaml")
    assert after.tree == before.tree
    order = order_of(next(iter(after.tree)))
    assert list(after.tree) == list(sort_keys(before.tree, order))
    assert check_shape(after).tree == check_shape(before).tree
    return "changed" if result.changed else "same"


@pytest.mark.parametrize("text", ODD)
def test_odd_files(text: str) -> None:
    check_formatting(text)


def test_the_odd_files_are_of_every_sort() -> None:
    assert {check_formatting(text) for text in ODD} == {"changed", "same", "unreadable", "anchors"}


@pytest.mark.slow
@settings(max_examples=600, deadline=None)
@given(edited_texts(ODD))
def test_edited_odd_files(text: str) -> None:
    check_formatting(text)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(edited_texts(LAW_PARTS))
def test_an_edited_procedure(text: str) -> None:
    check_formatting(text)


def test_signs_of_texts_and_empty_braces() -> None:
    cases = {
        "a: |\n b": "a: |-\n  b\n",
        "a: |\n b\n  ": "a: |-\n  b\n   \n",
        "a: |3\n    \n   c\n": "a: |2\n   \n  c\n",
        "a: >+\n b\n\n# c\n": "a: >+\n  b\n\n# c\n",
        "a: {\n  # 1\n}\n": "# 1\na: {}\n",
        "a:\n  - [ # 1\n    # 2\n  ]\n": "a:\n  # 2\n  - []  # 1\n",
        "? a": "a:\n",
        "{--- a: b}\n": '"--- a": b\n',
        "{\n--- a: b}\n": None,
    }
    for before, after in cases.items():
        result = format_file(before.encode(), "a.yaml")
        assert (None if result.skipped else result.formatted) == after, before

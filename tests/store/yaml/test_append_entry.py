"""Adding an entry to a list or mapping: in block and flow style, with comments and blank lines where they were."""

from __future__ import annotations

import pytest

from fujin_cli.store.yaml.append_entry import CannotAppend, append_entry
from fujin_cli.store.yaml.read import read_yaml

CASES = [
    ("a:\n  - x   # one\n  # two\n\nb: 1\n", "- y", "a:\n  - x   # one\n  - y\n  # two\n\nb: 1\n"),
    ("a: [x]   # one\n", "- y", "a: [x, y]   # one\n"),
    ("a: []   # none\n", "- y", "a:\n  - y   # none\n"),
    ("a:\n- x: 1\n  z:\n    - 2\nb: 1\n", "- y", "a:\n- x: 1\n  z:\n    - 2\n- y\nb: 1\n"),
    ("a:\n  x: |\n    t\n\nb: 1\n", "y: 2", "a:\n  x: |\n    t\n  y: 2\n\nb: 1\n"),
    ("a:\r\n  x: 1\r\nb: 1\r\n", "y: 2", "a:\r\n  x: 1\r\n  y: 2\r\nb: 1\r\n"),
    ("a: {x: 1}", "y: 2", "a: {x: 1, y: 2}"),
    ("a: {}\n", "y: 2", "a:\n  y: 2\n"),
    ("a:\n  x: 1", "y: 2", "a:\n  x: 1\n  y: 2"),
]


@pytest.mark.parametrize(("text", "entry", "expected"), CASES)
def test_an_entry_is_the_last_one(text: str, entry: str, expected: str) -> None:
    new = append_entry(text, ("a",), entry.removeprefix("- "))
    assert new == expected
    assert not read_yaml(new.encode(), "").findings


@pytest.mark.parametrize("text", ["a:\n", "a: x\n", "b: []\n", "a: [\n", ""])
def test_what_has_no_place_for_an_entry_is_left(text: str) -> None:
    with pytest.raises(CannotAppend):
        append_entry(text, ("a",), "y")

"""What the table calls surely valid, the models call valid too; and of files without a mistake it always says so."""

from __future__ import annotations

import copy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fujin_cli.store.schema.build_table import table_text
from fujin_cli.store.schema.quick_accept import TABLE, is_certainly_valid
from fujin_cli.store.schema.recover import is_valid
from fujin_cli.store.schema.shapes.kinds import KINDS
from fujin_cli.store.yaml.read import read_yaml
from tests.support.paths import GOLDEN, ROOT

SHIPPED = sorted((ROOT / "workflows").rglob("*.yaml"))
FILES = [*SHIPPED, *sorted(GOLDEN.rglob("*.yaml"))]


def tree_of(path: Path) -> Any:
    tree = read_yaml(path.read_bytes(), path.name).tree
    return tree if isinstance(tree, dict) and next(iter(tree), None) in KINDS else None


@cache
def trees() -> list[Any]:
    """The trees of all files; read by the tests that need them, and not wherever tests are collected."""
    return [tree for tree in map(tree_of, FILES) if tree is not None]


@cache
def words() -> list[str]:
    return sorted({word for tree in trees() for word in (*tree, *map(str, tree.values())) if len(word) < 60})


def test_the_table_is_that_of_the_shapes() -> None:
    assert TABLE.read_text("utf-8") == table_text(), "run `make docs`"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.relative_to(ROOT / "workflows")))
def test_shipped_files_are_surely_valid(path: Path) -> None:
    tree = tree_of(path)
    assert is_certainly_valid(next(iter(tree)), tree)


@pytest.mark.slow
def test_every_known_file_is_judged_as_its_model_judges_it() -> None:
    said = {True: 0, False: 0}
    for tree in trees():
        kind = next(iter(tree))
        sure = is_certainly_valid(kind, tree)
        assert sure == is_valid(KINDS[kind], tree)
        said[sure] += 1
    assert min(said.values()) > 20


def places(tree: Any, route: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The routes of all parts below a tree."""
    entries = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [place for key, item in entries for place in ((*route, key), *places(item, (*route, key)))]


def part_of(tree: Any, route: tuple[Any, ...]) -> Any:
    for key in route:
        tree = tree[key]
    return tree


@cache
def shallow_trees() -> list[Any]:
    """The trees of which two together are no deeper than a file."""
    return [tree for tree in trees() if max(map(len, places(tree))) < 20]


VALUES = st.one_of(
    st.sampled_from(["", " ", "x", "3", "0", "-1", "yes", "1/2", "2 working days", "2026-02-30", "any end", "öö"]),
    st.none(),
    st.just([]),
    st.just({}),
    st.just(["x"]),
    st.just({"to": "x"}),
)


@pytest.mark.slow
@given(st.data())
@settings(deadline=None, max_examples=400)
def test_what_is_surely_valid_is_valid_after_any_edits(data: st.DataObject) -> None:
    """Parts are taken out, replaced, renamed, or put where parts of other files stand."""
    tree = copy.deepcopy(data.draw(st.sampled_from(shallow_trees())))
    kind = next(iter(tree))
    for _ in range(data.draw(st.integers(1, 3))):
        routes = places(tree)
        if not routes:
            break
        *above, last = data.draw(st.sampled_from(routes))
        holder = part_of(tree, tuple(above))
        what = data.draw(st.sampled_from(["drop", "value", "rename", "graft"]))
        if what == "drop":
            del holder[last]
        elif what == "value":
            holder[last] = copy.deepcopy(data.draw(VALUES))
        elif what == "rename" and isinstance(holder, dict):
            holder[data.draw(st.sampled_from(words()))] = holder.pop(last)
        else:
            other = data.draw(st.sampled_from(shallow_trees()))
            holder[last] = copy.deepcopy(part_of(other, data.draw(st.sampled_from(places(other)))))
    if isinstance(tree, dict) and is_certainly_valid(kind, tree):
        assert is_valid(KINDS[kind], tree)

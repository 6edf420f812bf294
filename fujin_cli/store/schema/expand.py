"""Read a single word as a list of one, where the language has a list: ``from: visit`` is ``from: [visit]``.

Rules and the digests of procedures see the long form alone, so both forms are the same version. The table of shapes
says where this is so.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from fujin_cli.store.schema.quick_accept import shapes_table
from fujin_cli.store.schema.shapes.choices import CHOICES, kind_of, several, several_or_all

_WORD_CHOICES = (several.__name__, several_or_all.__name__)
Node = list[Any]
Expand = Callable[[Any], Any]


def expand_single_words(kind: str, tree: Any) -> Any:
    """Copy the tree of a kind of file with each single word as a list; parts without one are not copied."""
    shape = shapes_table()["kinds"].get(kind)
    return tree if shape is None else _expander("shape", shape)(tree)


def _expand(node: Node | None, value: Any) -> Any:
    """Expand a value that fits a node of the table, whose first member is its sort (``build_table``)."""
    if node is None:
        return value
    sort, *parts = node
    if sort == "sized":
        return _expand(parts[0], value)
    if sort in ("shape", "alias"):
        return _expander(sort, parts[0])(value) if _has_lists(sort, parts[0]) else value
    if sort == "either":
        members, choice = parts[0], parts[1] if len(parts) > 1 else kind_of.__name__
        if choice in _WORD_CHOICES and isinstance(value, str):
            return value if (choice, value) == (several_or_all.__name__, "all") else [value]
        return _expand(members.get(CHOICES[choice](value) or ""), value)
    if sort == "list" and isinstance(value, list):
        return [_expand(parts[0], part) for part in value]
    if sort == "dict" and isinstance(value, dict):
        return {key: _expand(parts[1], part) for key, part in value.items()}
    return value


@cache
def _expander(sort: str, name: str) -> Expand:
    if sort == "alias":
        return lambda value: _expand(shapes_table()["aliases"][name], value)
    shape = shapes_table()["shapes"][name]
    keys, others = shape["keys"], shape["others"]
    fixed = {key for key, node in keys.items() if not _mentions_list(node)}

    def expand(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {key: part if key in fixed else _expand(keys.get(key, others), part) for key, part in value.items()}

    return expand


@cache
def _names_with_lists() -> frozenset[tuple[str, str]]:
    """Collect the shapes and aliases in which a single word can be a list, directly or further down."""
    table = shapes_table()
    nodes = {("alias", name): [node] for name, node in table["aliases"].items()}
    nodes |= {
        ("shape", name): [*shape["keys"].values(), *([shape["others"]] if shape["others"] else [])]
        for name, shape in table["shapes"].items()
    }
    names: frozenset[tuple[str, str]] = frozenset()
    while True:
        larger = frozenset(name for name, inside in nodes.items() if any(_is_or_has(node, names) for node in inside))
        if larger == names:
            return names
        names = larger


def _is_or_has(node: Any, names: frozenset[tuple[str, str]]) -> bool:
    if isinstance(node, dict):
        return any(_is_or_has(part, names) for part in node.values())
    if not isinstance(node, list):
        return False
    if node[:1] == ["either"] and node[2:] and node[2] in _WORD_CHOICES:
        return True
    return (len(node) == 2 and tuple(map(str, node)) in names) or any(_is_or_has(part, names) for part in node)


def _has_lists(sort: str, name: str) -> bool:
    return (sort, name) in _names_with_lists()


def _mentions_list(node: Node) -> bool:
    return _is_or_has(node, _names_with_lists())

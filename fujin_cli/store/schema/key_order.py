"""Give the order in which ``fmt`` writes the keys of the language, read from the table of shapes.

Only keys of the language have an order. Names that people gave (steps, actions, people, fields …) and lists keep
theirs: the first step is where a case starts. Conditions (``when``, ``where``, ``needs``, ``may``) are left as written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from fujin_cli.store.schema.quick_accept import shapes_table

Node = list[Any]  # a node of the table: ["shape", name], ["dict", key, value], ["list", item], …


@dataclass(frozen=True, slots=True)
class KeyOrder:
    """Hold the order of keys at one place of a file; ``nodes`` are the mappings and lists that may be there."""

    nodes: tuple[Node, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """List the ordered keys at this place; empty if keys stay as written."""
        orders = (_shape(node)["order"] for node in self.nodes if node[0] == "shape")
        return next((tuple(order) for order in orders), ())

    def under(self, key: str | int) -> KeyOrder:
        """Return the order of the value at ``key`` of a mapping, or at that index of a list.

        A list where a single mapping is allowed too (``after: [{action: a}, {action: b}]``) is a list of such mappings.
        """
        if isinstance(key, int):
            lists = [node for node in self.nodes if node[0] == "list"]
            return _order_of_nodes(node[1] for node in lists) if lists else self
        return _order_of_nodes(inside for node in self.nodes for inside in _nodes_at(node, key))

    def sort_keys(self, keys: list[str]) -> list[str]:
        """Sort ``keys`` in this order; keys without a place stay in their own order at the end."""
        rank = {key: index for index, key in enumerate(self.keys)}
        return sorted(keys, key=lambda key: rank.get(key, len(rank))) if rank else keys


def order_of(kind: str) -> KeyOrder:
    """Look up the order for a kind of file; files of an unknown kind stay as written."""
    shape = shapes_table()["kinds"].get(kind)
    return _order_of_nodes([["shape", shape]]) if shape else KeyOrder()


def sort_keys(tree: Any, order: KeyOrder) -> Any:
    """Sort the keys of a plain tree in ``order``."""
    if isinstance(tree, dict):
        return {key: sort_keys(tree[key], order.under(key)) for key in order.sort_keys(list(tree))}
    if isinstance(tree, list):
        return [sort_keys(part, order.under(index)) for index, part in enumerate(tree)]
    return tree


def _shape(node: Node) -> Any:
    return shapes_table()["shapes"][node[1]]


def _order_of_nodes(nodes: Iterable[Node]) -> KeyOrder:
    return KeyOrder(tuple(choice for node in nodes for choice in _choices(node)))


def _choices(node: Node) -> Iterable[Node]:
    """List the mappings with an order, the mappings of names, and the lists that ``node`` allows."""
    match node[0]:
        case "shape":
            return [node] if _shape(node)["order"] is not None else []
        case "dict" | "list":
            return [node]
        case "either":
            return [choice for member in node[1].values() for choice in _choices(member)]
        case "alias":
            return _choices(shapes_table()["aliases"][node[1]])
        case "sized":
            return _choices(node[1])
    return []


def _nodes_at(node: Node, key: str) -> Iterable[Node]:
    if node[0] == "dict":
        return [node[2]]
    if node[0] == "shape":
        shape = _shape(node)
        inside = shape["keys"].get(key) or shape["others"]
        return [inside] if inside else []
    return []

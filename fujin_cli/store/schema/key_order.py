"""The order in which ``fmt`` writes the keys of the language, read from the table of shapes.

Only keys of the language have an order. Names that people gave (steps, actions, people, fields …) and lists keep
theirs: the first step is where a case starts. Conditions (``when``, ``where``, ``needs``, ``may``) are left as written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from fujin_cli.store.schema.quick_accept import shapes_table

Node = list[Any]  # what the table says of one place: ["shape", name], ["dict", key, value], ["list", item], …


@dataclass(frozen=True, slots=True)
class KeyOrder:
    """The order of the keys at one place of a file; ``nodes`` are the mappings and lists that may stand there."""

    nodes: tuple[Node, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that have an order here; empty where they stay as they stand."""
        orders = (_shape(node)["order"] for node in self.nodes if node[0] == "shape")
        return next((tuple(order) for order in orders), ())

    def under(self, key: str | int) -> KeyOrder:
        """The order of what stands at ``key`` of a mapping, or at that place of a list.

        A list where one mapping could stand as well (``after: [{action: a}, {action: b}]``) is a list of such mappings.
        """
        if isinstance(key, int):
            lists = [node for node in self.nodes if node[0] == "list"]
            return _order(node[1] for node in lists) if lists else self
        return _order(inside for node in self.nodes for inside in _inside(node, key))

    def arranged(self, keys: list[str]) -> list[str]:
        """Sort ``keys`` in this order; unknown ones stay in theirs, behind the known ones."""
        place = {key: at for at, key in enumerate(self.keys)}
        return sorted(keys, key=lambda key: place.get(key, len(place))) if place else keys


def order_of(kind: str) -> KeyOrder:
    """Look up the order of a kind of file; in a file of no known kind everything stays as written."""
    shape = shapes_table()["kinds"].get(kind)
    return _order([["shape", shape]]) if shape else KeyOrder()


def arranged(tree: Any, order: KeyOrder) -> Any:
    """Sort the keys of a plain tree in ``order``."""
    if isinstance(tree, dict):
        return {key: arranged(tree[key], order.under(key)) for key in order.arranged(list(tree))}
    if isinstance(tree, list):
        return [arranged(item, order.under(at)) for at, item in enumerate(tree)]
    return tree


def _shape(node: Node) -> Any:
    return shapes_table()["shapes"][node[1]]


def _order(nodes: Iterable[Node]) -> KeyOrder:
    return KeyOrder(tuple(choice for node in nodes for choice in _choices(node)))


def _choices(node: Node) -> Iterable[Node]:
    """The mappings with an order, the mappings of names, and the lists that may stand at ``node``."""
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


def _inside(node: Node, key: str) -> Iterable[Node]:
    if node[0] == "dict":
        return [node[2]]
    if node[0] == "shape":
        shape = _shape(node)
        inside = shape["keys"].get(key) or shape["others"]
        return [inside] if inside else []
    return []

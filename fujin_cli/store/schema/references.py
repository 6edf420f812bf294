"""List every place of a file where an id may stand, by the types in the table of shapes; no list by hand is needed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from fujin_cli.core.model.references import ReferencePlace
from fujin_cli.store.schema.quick_accept import shapes_table
from fujin_cli.store.schema.shapes.choices import CHOICES, kind_of
from fujin_cli.store.yaml.nodes import Mapping, Node, Scalar, Sequence
from fujin_cli.store.yaml.read import Source

TableNode = list[Any]


@dataclass(frozen=True, slots=True)
class WrittenReference:
    """A text or key of a file that may be an id.

    ``definition`` is the mapping that defines the id, where that can say what the id was (``was:``).
    """

    scalar: Scalar
    place: ReferencePlace
    definition: Mapping | None = None


Places = Iterator[WrittenReference]


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What the meaning of a name depends on, as in ``ReferencePlace``."""

    procedure: str = ""
    called: str = ""
    subject: str = ""


def list_reference_places(source: Source) -> Places:
    """List the texts and keys of a readable file that may be ids, in the order of the file."""
    root = source.root_node
    if not isinstance(root, Mapping) or not root.pairs:
        return
    shape = shapes_table()["kinds"].get(next(iter(root.pairs)))
    if shape is not None:
        yield from _list_in_shape(shape, root, _Surroundings())


def _list_in(table_node: TableNode | None, node: Node, around: _Surroundings) -> Places:
    if table_node is None:
        return
    sort, *parts = table_node
    if sort == "refers":
        if isinstance(node, Scalar) and not node.null:
            yield WrittenReference(node, _make_place(node.text, tuple(parts[1:]), around))
    elif sort == "sized":
        yield from _list_in(parts[0], node, around)
    elif sort == "alias":
        yield from _list_in(shapes_table()["aliases"][parts[0]], node, around)
    elif sort == "shape":
        yield from _list_in_shape(parts[0], node, around)
    elif sort == "either":
        choice = CHOICES[parts[1] if len(parts) > 1 else kind_of.__name__]
        yield from _list_in(parts[0].get(choice(node.plain) or ""), node, around)
    elif sort == "list" and isinstance(node, Sequence):
        for member in node.members:
            yield from _list_in(parts[0], member, around)
    elif sort == "dict" and isinstance(node, Mapping):
        types = tuple(parts[0][2:]) if parts[0][0] == "refers" else ()
        for key, value in node.pairs.values():
            yield from _list_in_pair(types, parts[1], key, value, around)


def _list_in_shape(name: str, node: Node, around: _Surroundings) -> Places:
    if not isinstance(node, Mapping):
        return
    shape = shapes_table()["shapes"][name]
    around = _enter(shape, node, around)
    for word, (key, value) in node.pairs.items():
        if word in shape["keys"]:
            places = _list_in(shape["keys"][word], value, around)
            defines = "was" in shape["keys"] and shape["keys"][word][2:] == ["outcome"]
            yield from (replace(place, definition=node) for place in places) if defines else places
        elif shape["others"]:
            yield from _list_in_pair(tuple(shape["other_keys"]), shape["others"], key, value, around)


def _list_in_pair(
    types: tuple[str, ...], value_node: TableNode, key: Scalar, value: Node, around: _Surroundings
) -> Places:
    """List the key of a mapping of names, and what stands under it."""
    if types:
        yield WrittenReference(key, _make_place(key.text, types, around), _find_definition(value_node, value))
    inside = replace(around, subject=key.text)
    yield from _list_in(value_node, value, replace(inside, procedure=key.text) if "procedure" in types else inside)


def _find_definition(table_node: TableNode, node: Node) -> Mapping | None:
    """Return the mapping under a key if its shape has the key ``was``."""
    sort, *parts = table_node
    if not isinstance(node, Mapping):
        return None
    if sort == "alias":
        return _find_definition(shapes_table()["aliases"][parts[0]], node)
    if sort == "either":
        choice = CHOICES[parts[1] if len(parts) > 1 else kind_of.__name__]
        member = parts[0].get(choice(node.plain) or "")
        return _find_definition(member, node) if member else None
    return node if sort == "shape" and "was" in shapes_table()["shapes"][parts[0]]["keys"] else None


def _enter(shape: Any, node: Mapping, around: _Surroundings) -> _Surroundings:
    """Note the procedure that a mapping is about, or that it opens."""
    for word, (_key, value) in node.pairs.items():
        table_node = shape["keys"].get(word)
        if isinstance(value, Scalar) and table_node and table_node[0] == "refers":
            if "procedure" in table_node[2:]:
                around = replace(around, procedure=value.text)
            elif "called procedure" in table_node[2:]:
                around = replace(around, called=value.text)
    return around


def _make_place(text: str, types: tuple[str, ...], around: _Surroundings) -> ReferencePlace:
    return ReferencePlace(text, types, around.procedure, around.called, around.subject)

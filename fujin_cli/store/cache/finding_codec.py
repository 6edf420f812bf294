"""Convert findings to plain JSON and back.

Sentences stay templates with values, so that a cached finding can be shown in any language. The codec reads the types
of a finding's fields and handles every dataclass among them, so a new kind of field needs no change here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, get_args, get_type_hints

from fujin_cli.core.findings.finding import Finding


class NotPlain(Exception):
    """A value cannot be converted to JSON and back, so its finding cannot be cached."""


def encode_finding(finding: Finding) -> Any:
    """Convert a finding to JSON. Raises NotPlain."""
    return _encode(finding)


def decode_finding(tree: Any) -> Finding:
    """Convert the JSON of ``encode_finding`` to the finding. Raises ValueError for any other JSON."""
    try:
        finding = _decode(tree)
    except (LookupError, TypeError, AttributeError) as problem:
        raise ValueError(str(problem)) from problem
    if not isinstance(finding, Finding):
        raise ValueError("no finding")
    return finding


def _encode(value: Any) -> Any:
    """Convert a value: a scalar stays as it is; a list, tuple, mapping or dataclass is a list headed by its type name.

    Example: ``("a", 1)`` becomes ``["tuple", "a", 1]``.
    """
    kind = type(value)
    if value is None or kind in (str, int, float, bool):
        return value
    if kind in (list, tuple):
        return [kind.__name__, *map(_encode, value)]
    if part_types().get(kind.__name__) is kind:
        return [kind.__name__, *(_encode(getattr(value, field.name)) for field in fields(kind))]
    if isinstance(value, Mapping):
        return ["map", *([_encode(key), _encode(element)] for key, element in value.items())]
    raise NotPlain(kind.__name__)


def _decode(tree: Any) -> Any:
    if not isinstance(tree, list):
        return tree
    kind, *elements = tree
    if kind == "map":
        return {_decode(key): _decode(element) for key, element in elements}
    values = [_decode(element) for element in elements]
    if kind == "list":
        return values
    if kind == "tuple":
        return tuple(values)
    return part_types()[kind](*values)


@cache
def part_types() -> dict[str, type[Any]]:
    """Find every dataclass that may occur in a finding, or as a value of its sentences, by its name."""
    from fujin_cli.core.wording.labels import NamedTitle

    types: dict[str, type[Any]] = {}
    todo: list[type[Any]] = [Finding, NamedTitle]
    while todo:
        kind = todo.pop()
        if types.setdefault(kind.__name__, kind) is kind:
            todo += [part for part in _find_field_types(kind) if part.__name__ not in types]
    return types


def _find_field_types(kind: type[Any]) -> Iterator[type[Any]]:
    """Iterate over the dataclasses in the types of a dataclass's fields."""
    hints = list(get_type_hints(kind).values())
    while hints:
        hint = hints.pop()
        hints += get_args(hint)
        if isinstance(hint, type) and is_dataclass(hint):
            yield hint

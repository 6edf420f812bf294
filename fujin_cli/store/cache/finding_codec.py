"""Findings as plain JSON and back: sentences stay templates and values, so that what was kept is shown in any language.

Nothing is named here that a finding is made of: whatever dataclasses its fields declare are taken, field by field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, get_args, get_type_hints

from fujin_cli.core.findings.finding import Finding


class NotPlain(Exception):
    """A value that JSON cannot carry and bring back: such findings are not kept."""


def encoded(finding: Finding) -> Any:
    """The finding as JSON. Raises NotPlain."""
    return _encoded(finding)


def decoded(data: Any) -> Finding:
    """The finding that ``encoded`` gave. Raises ValueError for anything else."""
    try:
        found = _decoded(data)
    except (LookupError, TypeError, AttributeError) as problem:
        raise ValueError(str(problem)) from problem
    if not isinstance(found, Finding):
        raise ValueError("no finding")
    return found


def _encoded(value: Any) -> Any:
    """Scalars as they are; whatever has parts is a list that begins with its kind."""
    kind = type(value)
    if value is None or kind in (str, int, float, bool):
        return value
    if kind in (list, tuple):
        return [kind.__name__, *map(_encoded, value)]
    if kind.__name__ in parts() and parts()[kind.__name__] is kind:
        return [kind.__name__, *(_encoded(getattr(value, field.name)) for field in fields(kind))]
    if isinstance(value, Mapping):
        return ["map", *([_encoded(key), _encoded(item)] for key, item in value.items())]
    raise NotPlain(kind.__name__)


def _decoded(data: Any) -> Any:
    if not isinstance(data, list):
        return data
    kind, *rest = data
    if kind == "map":
        return {_decoded(key): _decoded(item) for key, item in rest}
    values = [_decoded(item) for item in rest]
    if kind == "list":
        return values
    if kind == "tuple":
        return tuple(values)
    return parts()[kind](*values)


@cache
def parts() -> dict[str, type[Any]]:
    """Every dataclass that a finding may be made of, by name."""
    found: dict[str, type[Any]] = {}
    todo: list[type[Any]] = [Finding]
    while todo:
        kind = todo.pop()
        if found.setdefault(kind.__name__, kind) is kind:
            todo += [part for part in _named(kind) if part.__name__ not in found]
    return found


def _named(kind: type[Any]) -> Iterator[type[Any]]:
    hints = list(get_type_hints(kind).values())
    while hints:
        hint = hints.pop()
        hints += get_args(hint)
        if isinstance(hint, type) and is_dataclass(hint):
            yield hint

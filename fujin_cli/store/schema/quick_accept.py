"""Tells of most files that nothing can be wrong with their shape, by a table made from the shapes (``tabulate.py``).

A yes is certain: the models would find nothing either. A no means that they have to be asked, which takes longer than
all the rest of reading a file, because they have to be imported and built first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from fujin_cli.store.schema.shapes.choices import CHOICES, kind_of
from fujin_cli.store.schema.shapes.forms import CHECKS, NAME
from fujin_cli.store.schema.shapes.judging import JUDGES, nothing_more
from fujin_cli.store.schema.shapes.problems import Notes, Report

Fits = Callable[[Any], bool]
TABLE = Path(__file__).parent / "shapes" / "table.json"


def surely_valid(kind: str, tree: Any) -> bool:
    """Whether a tree is of the shape of its kind in every part, beyond doubt."""
    shape = shapes_table()["kinds"].get(kind)
    return shape is not None and _shape(shape)(tree)


@cache
def shapes_table() -> Any:
    """Read the table that ``build_table`` makes of the shapes: kinds, shapes and aliases."""
    return json.loads(TABLE.read_text("utf-8"))


@cache
def _shape(name: str) -> Fits:
    """Whether a value is a mapping of that shape."""
    entry = shapes_table()["shapes"][name]
    keys: dict[str, Fits] = {}
    required, judge = frozenset(entry["required"]), JUDGES[entry["judge"]]
    others = entry["others"]

    def fits(value: Any) -> bool:
        if not isinstance(value, dict) or not value.keys() >= required:
            return False
        for key, item in value.items():
            own = keys.get(key)
            if own is None:
                node = entry["keys"].get(key, others)
                if node is None:
                    return False
                own = keys[key] = _fits(node)
            if item is None or not own(item):
                return False
        return judge is nothing_more or _nothing_noted(judge, value)

    return fits


def _nothing_noted(judge: Callable[[dict[str, Any], Notes], None], value: dict[str, Any]) -> bool:
    report = Report()
    try:
        judge(value, Notes(report, id(value)))
    except ValueError:  # what shapes raise
        return False
    return not report.notes


def _fits(node: list[Any]) -> Fits:
    """Whether a value is what a node of the table says: its first item is one of the names below."""
    return _NODES[node[0]](*node[1:])


def _like(pattern: str) -> Fits:
    whole = re.compile(pattern).fullmatch
    return lambda value: isinstance(value, str) and whole(value) is not None


def _words(*words: str) -> Fits:
    return lambda value: isinstance(value, str) and value in words


def _check(name: str) -> Fits:
    check = CHECKS[name]
    return lambda value: isinstance(value, str) and check(value) is None


def _name_or(form: list[Any]) -> Fits:
    other = _fits(form)
    return lambda value: isinstance(value, str) and (NAME.check(value) is None or other(value))


def _either(members: dict[str, list[Any]], choice: str = kind_of.__name__) -> Fits:
    choose, known = CHOICES[choice], {tag: _fits(node) for tag, node in members.items()}

    def fits(value: Any) -> bool:
        own = known.get(choose(value) or "")
        return own is not None and own(value)

    return fits


def _list(item: list[Any]) -> Fits:
    own = _fits(item)
    return lambda value: isinstance(value, list) and all(each is not None and own(each) for each in value)


def _dict(key: list[Any], item: list[Any]) -> Fits:
    own_key, own = _fits(key), _fits(item)
    return lambda value: (
        isinstance(value, dict) and all(each is not None and own_key(k) and own(each) for k, each in value.items())
    )


def _sized(inner: list[Any], least: int, most: int | None) -> Fits:
    own = _fits(inner)
    return lambda value: own(value) and least <= len(value) <= (len(value) if most is None else most)


@cache
def _named(name: str) -> Fits:
    return _fits(shapes_table()["aliases"][name])


_NODES: dict[str, Callable[..., Fits]] = {
    "like": _like,
    "words": _words,
    "check": _check,
    "name or": _name_or,
    "either": _either,
    "list": _list,
    "dict": _dict,
    "sized": _sized,
    "alias": _named,
    "shape": _shape,
    "any": lambda: _whole,
    "never": lambda: lambda value: False,
}


def _whole(value: Any) -> bool:
    """Whether no part of it is empty."""
    if isinstance(value, dict):
        return all(map(_whole, value.values()))
    return all(map(_whole, value)) if isinstance(value, list) else value is not None

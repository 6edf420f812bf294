"""Accept files that are certainly valid without building pydantic models, by the table that ``build_table`` makes.

If a file is accepted, the models would accept it too. Otherwise the models must decide, which takes longer than all
other steps of reading a file, because they are imported and built first.
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


def is_certainly_valid(kind: str, tree: Any) -> bool:
    """Tell whether a tree certainly has the shape of its kind in every part; False means undecided."""
    shape = shapes_table()["kinds"].get(kind)
    return shape is not None and _shape(shape)(tree)


@cache
def shapes_table() -> Any:
    """Read the table that ``build_table`` makes of the shapes: kinds, shapes and aliases."""
    return json.loads(TABLE.read_text("utf-8"))


@cache
def _shape(name: str) -> Fits:
    """Make the test whether a value is a mapping of this shape."""
    shape = shapes_table()["shapes"][name]
    fits_by_key: dict[str, Fits] = {}
    required, judge = frozenset(shape["required"]), JUDGES[shape["judge"]]
    extra_node = shape["others"]

    def fits(value: Any) -> bool:
        if not isinstance(value, dict) or not value.keys() >= required:
            return False
        for key, part in value.items():
            part_fits = fits_by_key.get(key)
            if part_fits is None:
                node = shape["keys"].get(key, extra_node)
                if node is None:
                    return False
                part_fits = fits_by_key[key] = _fits(node)
            if part is None or not part_fits(part):
                return False
        return judge is nothing_more or _passes_judge(judge, value)

    return fits


def _passes_judge(judge: Callable[[dict[str, Any], Notes], None], value: dict[str, Any]) -> bool:
    report = Report()
    try:
        judge(value, Notes(report, id(value)))
    except ValueError:  # raised by the judges of shapes
        return False
    return not report.notes


def _fits(node: list[Any]) -> Fits:
    """Make the test whether a value fits a node of the table, whose first member is a key of ``_NODES``."""
    return _NODES[node[0]](*node[1:])


def _like(pattern: str) -> Fits:
    fullmatch = re.compile(pattern).fullmatch
    return lambda value: isinstance(value, str) and fullmatch(value) is not None


def _words(*words: str) -> Fits:
    return lambda value: isinstance(value, str) and value in words


def _check(name: str) -> Fits:
    check = CHECKS[name]
    return lambda value: isinstance(value, str) and check(value) is None


def _name_or(form: list[Any]) -> Fits:
    fits_form = _fits(form)
    return lambda value: isinstance(value, str) and (NAME.check(value) is None or fits_form(value))


def _either(members: dict[str, list[Any]], choice: str = kind_of.__name__) -> Fits:
    choose, fits_by_tag = CHOICES[choice], {tag: _fits(node) for tag, node in members.items()}

    def fits(value: Any) -> bool:
        member_fits = fits_by_tag.get(choose(value) or "")
        return member_fits is not None and member_fits(value)

    return fits


def _list(member: list[Any]) -> Fits:
    member_fits = _fits(member)
    return lambda value: isinstance(value, list) and all(part is not None and member_fits(part) for part in value)


def _dict(key: list[Any], member: list[Any]) -> Fits:
    key_fits, member_fits = _fits(key), _fits(member)
    return lambda value: (
        isinstance(value, dict)
        and all(part is not None and key_fits(name) and member_fits(part) for name, part in value.items())
    )


def _sized(inner: list[Any], least: int, most: int | None) -> Fits:
    inner_fits = _fits(inner)
    return lambda value: inner_fits(value) and least <= len(value) <= (len(value) if most is None else most)


@cache
def _alias(name: str) -> Fits:
    return _fits(shapes_table()["aliases"][name])


_NODES: dict[str, Callable[..., Fits]] = {
    "like": _like,
    "words": _words,
    "check": _check,
    "name or": _name_or,
    "refers": lambda form, *types: _fits(form),
    "either": _either,
    "list": _list,
    "dict": _dict,
    "sized": _sized,
    "alias": _alias,
    "shape": _shape,
    "any": lambda: _has_no_empty_part,
    "never": lambda: lambda value: False,
}


def _has_no_empty_part(value: Any) -> bool:
    """Tell whether every part of a value is filled in."""
    if isinstance(value, dict):
        return all(map(_has_no_empty_part, value.values()))
    return all(map(_has_no_empty_part, value)) if isinstance(value, list) else value is not None

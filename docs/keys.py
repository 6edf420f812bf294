"""The page of every key of every file, made of the shapes that judge the files: it cannot differ from them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import Discriminator

from fujin_cli.store.schema.shapes.base import Later, Shape
from fujin_cli.store.schema.shapes.forms import Form
from fujin_cli.store.schema.shapes.kinds import KINDS

# Shapes that only judge what is no shape at all; they are no part of the language.
_HELPERS = re.compile(r"Unknown|Nobody|Several|Undefaulted")
_FILES = {
    "workspace": "workspace.yaml",
    "jurisdiction": "jurisdiction.yaml",
    "menu": "menu.yaml",
    "partners": "partners.yaml",
    "committee": "committees/*.yaml",
    "roster": "rosters/*.yaml",
    "procedure": "procedures/*.yaml",
    "scenario": "scenarios/*.yaml",
    "migration": "migrations/*.yaml",
}
_INTRO = """\
Made of the shapes that `fujin validate` judges the files by. A file's kind is its first key. A key marked with ● has to
stand there. What the keys mean together is told in [the language](language.md); the files by themselves in
[files](files.md)."""


def page(note: str) -> str:
    """The page, in Markdown."""
    parts = [note, "# Keys", _INTRO]
    told: set[type[Shape]] = set()
    for kind, shape in KINDS.items():
        parts += [f"## `{_FILES[kind]}`", *_section(shape)]
        told.add(shape)
        for other in _below(shape, told):
            parts += [f"### {_title(other)}", *_section(other)]
    return "\n\n".join(parts) + "\n"


def _section(shape: type[Shape]) -> Iterator[str]:
    yield " ".join((shape.__doc__ or "").split("\n\n")[0].split())
    rows = ["| key | | value | meaning |", "|---|---|---|---|"]
    for name, field in shape.model_fields.items():
        key = name.removesuffix("_")
        mark = "●" if field.is_required() or key in shape.needs else ""
        rows.append(f"| `{key}` | {mark} | {_value(field.annotation, field.metadata)} | {field.description} |")
    yield "\n".join(rows)


def _below(shape: type[Shape], told: set[type[Shape]]) -> Iterator[type[Shape]]:
    """The shapes that stand in ``shape``, each once, in the order in which they are met."""
    for field in shape.model_fields.values():
        for other in _shapes(field.annotation):
            if other not in told:
                told.add(other)
                yield other
                yield from _below(other, told)


def _shapes(annotation: Any) -> Iterator[type[Shape]]:
    if isinstance(annotation, type) and issubclass(annotation, Shape):
        if not _HELPERS.match(annotation.__name__):
            yield annotation
        return
    for part in get_args(getattr(annotation, "__value__", annotation)):
        yield from _shapes(part)


def _title(shape: type[Shape]) -> str:
    """``WorkedStep`` → ``Worked step``."""
    words = re.findall(r"[A-Z][a-z]*", shape.__name__.removesuffix("Shape"))
    return " ".join(words).capitalize()


def _value(annotation: Any, metadata: list[Any] = []) -> str:  # noqa: B006 - never changed
    """What may stand there, in words."""
    for mark in metadata:
        if isinstance(mark, Form):
            return str(mark.description)
        if isinstance(mark, Later):
            return "not supported yet"
        if isinstance(mark, Discriminator) and mark.custom_error_context and not any(_shapes(annotation)):
            return str(mark.custom_error_context["expected"])
    annotation = getattr(annotation, "__value__", annotation)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _value(arguments[0], list(arguments[1:]))
    if origin in (Union, UnionType):
        found = [_value(part) for part in arguments if part is not NoneType]
        return ", or ".join(dict.fromkeys(words for words in found if words))
    if origin is list:
        return f"a list: {_value(arguments[0])}"
    if origin is dict:
        return f"names, each with {_value(arguments[1])}"
    if isinstance(annotation, type) and issubclass(annotation, Shape):
        helper = _HELPERS.match(annotation.__name__)
        return "" if helper else f"[{_title(annotation)}](#{_title(annotation).lower().replace(' ', '-')})"
    return "anything" if annotation is Any else "a text"

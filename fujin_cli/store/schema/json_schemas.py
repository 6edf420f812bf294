"""JSON Schemas of the kinds of file, made of the shapes that judge them: for editors, which know no fujin.

A schema says less than ``fujin validate``: keys, kinds of value and forms, not what keys mean together or refer to.
"""

from __future__ import annotations

import re
from typing import Any

from fujin_cli.language import LANGUAGES, translate_into
from fujin_cli.store.schema.shapes.base import definition_name
from fujin_cli.store.schema.shapes.kinds import KINDS

DIALECT = "https://json-schema.org/draft/2020-12/schema"
# Shapes that only judge what is no shape at all: with them among the choices anything would be valid.
_HELPERS = re.compile(r"(?:#/\$defs/)?(?:Unknown|Nobody|Several)\w+")


def json_schemas() -> dict[str, dict[str, Any]]:
    """Kind → its schema (draft 2020-12), complete in itself; descriptions in every language that has them."""
    found = {}
    for kind, shape in KINDS.items():
        schema = _named(_for_editors(shape.model_json_schema()))
        found[kind] = {"$schema": DIALECT, "$id": f"urn:fujin:schema:{kind}", "title": f"fujin {kind}", **schema}
    return found


def sentences() -> list[str]:
    """Every description in English, as the catalogue collects them: those of keys, and those of whole shapes."""
    found: dict[str, None] = {}
    for shape in KINDS.values():
        _collect(shape.model_json_schema(), found)
    return list(found)


def _collect(node: Any, found: dict[str, None]) -> None:
    for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        _collect(part, found)
    if isinstance(node, dict) and isinstance(node.get("description"), str):
        sentence = _sentence(node["description"])
        if sentence:
            found[sentence] = None


def _sentence(text: str) -> str:
    """The first paragraph, on one line."""
    return " ".join(text.split("\n\n", maxsplit=1)[0].split())


def _for_editors(node: Any) -> Any:
    """Choices where any one may fit (pydantic says exactly one, and editors cannot tell which), without helpers."""
    if isinstance(node, list):
        return [_for_editors(item) for item in node]
    if not isinstance(node, dict):
        return node
    made: dict[str, Any] = {}
    for key, value in node.items():
        if key == "oneOf":
            made["anyOf"] = [_for_editors(item) for item in value if not _HELPERS.fullmatch(item.get("$ref", ""))]
        elif key == "description" and isinstance(value, str):
            made[key] = _described(value)
        elif not (key == "title" and isinstance(value, str)) and not _HELPERS.fullmatch(key):
            made[key] = _for_editors(value)
    return made


def _named(schema: Any) -> Any:
    """The schema with its definitions, and the references to them, called as ``definition_name`` says."""
    if isinstance(schema, list):
        return [_named(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: _named(value) for key, value in schema.items()}
    if isinstance(made.get("$ref"), str):
        head, _, name = made["$ref"].rpartition("/")
        made["$ref"] = f"{head}/{definition_name(name)}"
    if "$defs" in made:
        made["$defs"] = {
            name: made["$defs"][old] for name, old in sorted((definition_name(old), old) for old in made["$defs"])
        }
    return made


def _described(text: str) -> str:
    sentence = _sentence(text)
    return "\n".join(dict.fromkeys([sentence, *(translate_into(language, sentence) for language in LANGUAGES)]))

"""Make the JSON Schemas of the kinds of file from their shapes, for completion and checks in editors.

A schema checks less than ``fujin validate``: keys, types and forms of values, but neither combinations of keys nor
references.
"""

from __future__ import annotations

import re
from typing import Any

from fujin_cli.language import LANGUAGES, translate_into
from fujin_cli.store.schema.shapes.base import definition_name
from fujin_cli.store.schema.shapes.kinds import KINDS

DIALECT = "https://json-schema.org/draft/2020-12/schema"
# Shapes that only report a missing or ambiguous type: as choices they would make any value valid.
_HELPERS = re.compile(r"(?:#/\$defs/)?(?:Unknown|Nobody|Several)\w+")


def json_schemas() -> dict[str, dict[str, Any]]:
    """Make the schema of each kind (draft 2020-12), self-contained, with descriptions in every language available."""
    schemas = {}
    for kind, shape in KINDS.items():
        schema = _rename_definitions(_convert_for_editors(shape.model_json_schema()))
        schemas[kind] = {"$schema": DIALECT, "$id": f"urn:fujin:schema:{kind}", "title": f"fujin {kind}", **schema}
    return schemas


def sentences() -> list[str]:
    """List the English descriptions of keys and shapes, which the catalogue of translations collects."""
    collected: dict[str, None] = {}
    for shape in KINDS.values():
        _collect(shape.model_json_schema(), collected)
    return list(collected)


def _collect(node: Any, collected: dict[str, None]) -> None:
    for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        _collect(part, collected)
    if isinstance(node, dict) and isinstance(node.get("description"), str):
        sentence = _take_first_paragraph(node["description"])
        if sentence:
            collected[sentence] = None


def _take_first_paragraph(text: str) -> str:
    """Return the first paragraph on one line."""
    return " ".join(text.split("\n\n", maxsplit=1)[0].split())


def _convert_for_editors(node: Any) -> Any:
    """Replace ``oneOf`` by ``anyOf`` (editors cannot tell which choice is meant) and leave out the helper shapes."""
    if isinstance(node, list):
        return [_convert_for_editors(part) for part in node]
    if not isinstance(node, dict):
        return node
    converted: dict[str, Any] = {}
    for key, value in node.items():
        if key == "oneOf":
            converted["anyOf"] = [
                _convert_for_editors(choice) for choice in value if not _HELPERS.fullmatch(choice.get("$ref", ""))
            ]
        elif key == "description" and isinstance(value, str):
            converted[key] = _translate_description(value)
        elif not (key == "title" and isinstance(value, str)) and not _HELPERS.fullmatch(key):
            converted[key] = _convert_for_editors(value)
    return converted


def _rename_definitions(schema: Any) -> Any:
    """Rename the definitions of a schema, and the references to them, by ``definition_name``."""
    if isinstance(schema, list):
        return [_rename_definitions(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    renamed = {key: _rename_definitions(value) for key, value in schema.items()}
    if isinstance(renamed.get("$ref"), str):
        head, _, name = renamed["$ref"].rpartition("/")
        renamed["$ref"] = f"{head}/{definition_name(name)}"
    if "$defs" in renamed:
        renamed["$defs"] = {
            name: renamed["$defs"][old] for name, old in sorted((definition_name(old), old) for old in renamed["$defs"])
        }
    return renamed


def _translate_description(text: str) -> str:
    sentence = _take_first_paragraph(text)
    return "\n".join(dict.fromkeys([sentence, *(translate_into(language, sentence) for language in LANGUAGES)]))

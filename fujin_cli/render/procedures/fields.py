"""Describe the fields of a procedure: their titles, types and choices."""

from __future__ import annotations

from fujin_cli.core.model.procedure import Field
from fujin_cli.core.text.localized import add_id_to_title, say
from fujin_cli.render.basics.fields import type_words


def describe_field(field: Field) -> list[object]:
    """Describe a field: its title, its type, its choices by title and name, and whether it must be entered."""
    words: list[object] = [field.title] if field.title else []
    words.append(type_words(field))
    if field.type == "choice":
        words.append([add_id_to_title(field.choices.get(value), value) for value in field.of])
    if field.computed:
        words.append(say("filled in by fujin"))
    elif field.default is not None:
        words.append(say("{value} unless entered", value=field.default))
    elif field.required:
        words.append(say("required"))
    return words

"""Write the fields that an action or an opening takes: as JSON, and by title and name for people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fujin_cli.core.model.procedure import Field
from fujin_cli.core.model.questions import Question
from fujin_cli.core.text.localized import LocalizedText, localize_value, plain_title_of, say


def questions_json(questions: Iterable[Question]) -> list[dict[str, Any]]:
    """Write fields as JSON. ``choices`` is null where any text of the type may be a value, and for partners.

    Partners are many: `fujin partner list` shows them.
    """
    return [
        {
            "field": question.field.name,
            "title": _words(question.title),
            "type": question.field.item_type,
            "list": question.field.is_list,
            "required": question.required,
            "choices": _choices_json(question),
        }
        for question in questions
    ]


def _choices_json(question: Question) -> list[dict[str, Any]] | None:
    if question.choices is None or question.field.item_type == "partner":
        return None
    return [{"value": choice.value, "title": _words(choice.title)} for choice in question.choices]


def _words(title: Any) -> str:
    return plain_title_of(title) if isinstance(title, dict | str) else str(title)


TYPES = {
    "text": say("text"),
    "choice": say("one of several choices"),
    "contact": say("contact data"),
    "partner": say("partner"),
    "person": say("person"),
    "case": say("case"),
    "menu": say("kind of committee"),
    "topic": say("topic"),
    "committee": say("committee"),
    "venue": say("venue"),
    "money": say("amount of money"),
    "number": say("number"),
    "count": say("count"),
    "share": say("share"),
    "duration": say("duration"),
    "date": say("date"),
    "moment": say("date and time"),
    "year": say("year"),
    "half-year": say("half-year"),
    "yes_no": say("yes or no"),
    "place": say("place"),
    "photo": say("photo"),
    "file": say("file"),
}
"""What the types of fields are called."""
EXAMPLES = {
    "date": "2026-06-01",
    "moment": "2026-06-01T09:00",
    "duration": "2 working days",
    "money": "1200.50",
    "share": "20%",
    "year": "2026",
    "half-year": "2026-H1",
}
"""Values of the types that have a form of their own, as people type them."""


def type_words(field: Field) -> object:
    """Name the type of a field, and say where it is a list."""
    type = TYPES.get(field.item_type, field.item_type)
    return say("list: {type}", type=type) if field.is_list else type


def describe_field_shortly(field: Field) -> LocalizedText:
    """Write a field's name, title and type: ``resume_on (resume on; date)``."""
    if localize_value(field.title or field.name) == field.name:
        return say("{field} ({type})", field=field.name, type=type_words(field))
    return say("{field} ({title}; {type})", field=field.name, title=field.title, type=type_words(field))

"""Define the forms of scalars in workspace files. This module does not import pydantic at start-up."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from fujin_cli.core.calendar.duration import UNITS, parse_duration
from fujin_cli.core.model.operators import parse_share
from fujin_cli.core.model.values import LONGEST_TEXT
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.store.schema.shapes.problems import make_error, make_type_error

if TYPE_CHECKING:
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

_LONGEST_MISSPELLING = 64
Check = Callable[[str], LocalizedText | None]
"""Returns None if the text fits, else the message."""


@dataclass(frozen=True, eq=False)  # eq=False keeps the hash of object, which typing needs
class Form:
    """Define a form of text: ``description`` has an example, ``check`` tests a text, ``schema`` is its JSON Schema.

    ``table_node`` is its node in the table of shapes: a pattern, words, or the name of a check (``quick_accept``).
    ``refers`` are the types of ids that the text may be (``core.model.references``), the first choice first.
    """

    description: LocalizedText
    check: Check
    table_node: tuple[Any, ...]
    schema: tuple[tuple[str, Any], ...] = (("type", "string"),)
    refers: tuple[str, ...] = ()

    def validate(self, value: Any) -> str:
        """Return ``value`` if it has the form. Raises FJ004 for a list or mapping, FJ009 for a text of another form."""
        if not isinstance(value, str):
            raise make_type_error(self.description, value)
        message = self.check(value)
        if message is not None:
            raise make_error("FJ009", message)
        return value

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        """Make the pydantic schema that calls ``validate``."""
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(self.validate)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: Any) -> JsonSchemaValue:
        """Return the JSON Schema for editors, which read ``3`` as a number, as the schemas of counts do."""
        return dict(self.schema)


def like(pattern: str, description: LocalizedText, *, types: tuple[str, ...] = ("string",)) -> Form:
    """Make the form of texts that match ``pattern`` as a whole."""
    fits = re.compile(pattern).fullmatch

    def check(text: str) -> LocalizedText | None:
        return None if fits(text) else wrong_form_message(text, description)

    return Form(description, check, ("like", pattern), _string(pattern, types=types))


def _string(pattern: str, *, types: tuple[str, ...] = ("string",)) -> tuple[tuple[str, Any], ...]:
    """Make the JSON Schema of texts that match ``pattern`` as a whole."""
    return (("type", types[0] if len(types) == 1 else list(types)), ("pattern", f"^(?:{pattern})$"))


def one_of(*words: str) -> Form:
    """Make the form of a fixed set of words, with did-you-mean."""
    description = say("one of {words}", words=words)

    def check(text: str) -> LocalizedText | None:
        if text in words:
            return None
        nearest_word = text.lower() if text.lower() in words else find_nearest(text, words)
        if nearest_word:
            return say(
                "{text} is not one of {words}; did you mean {meant}?", text=text, words=words, meant=nearest_word
            )
        return say("{text} is not one of {words}", text=text, words=words)

    return Form(description, check, ("words", *words), (("enum", list(words)),))


def find_nearest(word: str, words: Collection[str]) -> str | None:
    """Find the word of the language that a misspelt word probably means."""
    if len(word) > _LONGEST_MISSPELLING:
        return None
    from difflib import get_close_matches

    candidates = sorted(words)
    swapped = (known_word for known_word in candidates if sorted(known_word) == sorted(word))
    return next(swapped, None) or next(iter(get_close_matches(word, candidates, n=1, cutoff=0.6)), None)


def wrong_form_message(text: str, description: LocalizedText) -> LocalizedText:
    """Make the message for a text of another form."""
    return say("{text} is not {expected}", text=text if len(text) <= 60 else f"{text[:59]}…", expected=description)


def _text(text: str) -> LocalizedText | None:
    return None if text.strip() else say("a text is missing between the quotes")


def _remark(text: str) -> LocalizedText | None:
    if len(text) > LONGEST_TEXT:
        return say("a remark has at most {most} characters; this one has {count}", most=LONGEST_TEXT, count=len(text))
    return _text(text)


def _duration(text: str) -> LocalizedText | None:
    try:
        parse_duration(text)
    except ValueError as error:
        return (
            error.args[0]
            if isinstance(error.args[0], LocalizedText)
            else wrong_form_message(text, DURATION.description)
        )
    return None


def _share(text: str) -> LocalizedText | None:
    try:
        if re.fullmatch(r"\d{1,4}/\d{1,4}|\d{1,3}(\.\d{1,4})?%?", text):
            parse_share(text)
            return None
    except ValueError:
        pass
    return wrong_form_message(text, SHARE.description)


def _date(text: str) -> LocalizedText | None:
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            date.fromisoformat(text)
            return None
    except ValueError:
        pass
    return wrong_form_message(text, DATE.description)


def _days(text: str) -> LocalizedText | None:
    first, slash, last = text.partition("/")
    message = _date(first) or (_date(last) if slash else None)
    if message is None and slash and last < first:
        return say("{text} ends before it begins", text=text)
    return None if message is None else wrong_form_message(text, DAYS.description)


def _hours(text: str) -> LocalizedText | None:
    match = re.fullmatch(r"(\d{1,2}):([0-5]\d)\s*-\s*(\d{1,2}):([0-5]\d)", text)
    if not match:
        return wrong_form_message(text, HOURS.description)
    begin, end = (int(match[at]) * 60 + int(match[at + 1]) for at in (1, 3))
    return None if begin < end <= 24 * 60 else say("{text} does not end after it begins", text=text)


def _zone(text: str) -> LocalizedText | None:
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        return wrong_form_message(text, ZONE.description)
    return None


def refer(form: Form, *types: str) -> Form:
    """Make the same form of a text that is an id of one of these types."""
    return replace(form, refers=types)


def or_name(form: Form, description: LocalizedText) -> Form:
    """Make the form of texts that fit ``form`` or are the name of a setting."""

    def check(text: str) -> LocalizedText | None:
        return None if NAME.check(text) is None else form.check(text)

    patterns = [pattern for part in (NAME, form) for key, pattern in part.schema if key == "pattern"]
    schema = (("type", ["string", "integer"]), ("pattern", "|".join(patterns)))
    return Form(description, check, ("name or", form.table_node), schema)


NAME = like(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", say("a name of letters, digits, - and _"), types=("string", "integer"))
_UNITS = "|".join(f"{unit}?".replace(" ", r"\s+") for unit in UNITS)
_DAY = r"\d{4}-\d{2}-\d{2}"
DURATION = Form(
    say("a duration such as 2 working days"),
    _duration,
    ("check", "duration"),
    _string(rf"\s*0*[1-9]\d{{0,11}}\s+(?:{_UNITS})\s*"),
)
SHARE = Form(
    say("a share such as 2/3 or 60%"),
    _share,
    ("check", "share"),
    _string(r"\d{1,4}/\d{1,4}|\d{1,3}(\.\d{1,4})?%?", types=("string", "number")),
)
DATE = Form(say("a date such as 2027-02-06"), _date, ("check", "date"), (*_string(_DAY), ("format", "date")))
DAYS = Form(
    say("a day or days such as 2027-02-06 or 2027-02-06/2027-02-12"),
    _days,
    ("check", "days"),
    _string(rf"{_DAY}(/{_DAY})?"),
)
HOURS = Form(
    say("hours such as 08:30-11:30"), _hours, ("check", "hours"), _string(r"\d{1,2}:[0-5]\d\s*-\s*\d{1,2}:[0-5]\d")
)
ZONE = Form(say("a time zone such as Asia/Shanghai"), _zone, ("check", "zone"))
COUNT = like(r"\d{1,9}", say("a whole number such as 3"), types=("integer", "string"))
NUMBER = like(r"-?\d{1,12}(\.\d{1,6})?", say("a number such as 3 or 2.5"), types=("number", "string"))
MONEY = like(r"\d{1,12}(\.\d{1,2})?", say("an amount such as 120.50"), types=("number", "string"))
YEAR = like(r"[12]\d{3}", say("a year such as 2027"), types=("integer", "string"))

TEXT_FORM = Form(say("a text"), _text, ("check", "text"), (("type", ["string", "number", "boolean"]),))
REMARK = Form(
    say("a remark of at most 4000 characters"),
    _remark,
    ("check", "remark"),
    (*TEXT_FORM.schema, ("maxLength", LONGEST_TEXT)),
)
CHECKS: dict[str, Check] = {
    "text": _text,
    "remark": _remark,
    "duration": _duration,
    "share": _share,
    "date": _date,
    "days": _days,
    "hours": _hours,
    "zone": _zone,
}

"""Read typed values: every value is entered as text, and its field's type says how to read it (language.md)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from fujin_cli.core.calendar.duration import parse_duration
from fujin_cli.core.calendar.working_calendar import WorkingCalendar
from fujin_cli.core.calendar.written_moments import read_written_moment
from fujin_cli.core.model.operators import YES_OR_NO, order_key, parse_share
from fujin_cli.core.model.organisation import REFERENCES, Organisation
from fujin_cli.core.model.procedure import Field, Procedure
from fujin_cli.core.text.half_width import to_half_width
from fujin_cli.core.text.localized import LocalizedText, say, say_count

_NAMES = ("partner", "person", "case", "menu", "topic", "committee", "venue")
_QUANTITIES = ("money", "number", "count", "share", "duration", "date", "moment", "year", "half-year")
_MATERIALS = ("place", "photo", "file", "duty", "survey")
TYPES = ("text", "choice", "list", "contact", *_NAMES, *_QUANTITIES, "yes_no", *_MATERIALS)
LONGEST_TEXT = 4000  # characters; Open311's limit for a description
CONTACT = re.compile(r"vault:c-[0-9a-f]{16}")
ATTACHMENT = re.compile(r"sha256:[0-9a-f]{64}(\.[a-z0-9]{1,8})?")
_AS_WRITTEN = ("text", "contact", "place", "photo", "file")  # types whose values may hold any character
_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,6})?([eE][+-]?[0-9]{1,2})?")  # Decimal also reads 1_0 and 1e400
_LARGEST_NUMBER = 10**12
_GROUPED = r"[0-9]{1,3}(?:,[0-9]{3}){1,3}"  # 1,200: amounts and counts have no third decimal that it could mean
_CASE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*-[0-9]{6}[a-z]{1,4}-[0-9]{4,6}")


def resolve_setting(settings: Mapping[str, str], text: str) -> str:
    """Resolve what may name a setting: the value of the setting with that name, else the text itself."""
    return settings.get(text, text)


def resolve_lowest_value(version: Procedure, text: str) -> str:
    """Resolve what may name a setting to the lowest value that the setting can have; any other text is itself."""
    setting = version.settings.get(text)
    return text if setting is None else setting.low or setting.default


def resolve_highest_value(version: Procedure, text: str) -> str:
    """Resolve what may name a setting to the highest value that the setting can have; any other text is itself."""
    setting = version.settings.get(text)
    return text if setting is None else setting.high or setting.default


def list_procedures_served(version: Procedure, field: str) -> set[str]:
    """List the procedures whose cases are opened for the committee in ``field``."""
    openings = [opens for effects in version.all_effects() for opens in effects.opens]
    return {opens.procedure for opens in openings if opens.committee == field}


class Unfit(Exception):
    """A text that is no value of its type; ``message`` says what would be one."""

    def __init__(self, message: LocalizedText) -> None:
        super().__init__(str(message))
        self.message = message


class Values:
    """Read values of a procedure's fields, against the ids that the organisation declares."""

    def __init__(self, procedure: Procedure, organisation: Organisation, calendar: WorkingCalendar) -> None:
        self.procedure = procedure
        self.organisation = organisation
        self.calendar = calendar

    def read(self, field: Field, texts: list[Any]) -> Any:
        """Read a value of ``field`` from texts (one, or for a list any number). Raises Unfit."""
        if not field.is_list:
            if len(texts) != 1:
                raise Unfit(say("{field} takes one value, {count} were given", field=field.name, count=len(texts)))
            return self.read_one(field, texts[0])
        return self.read_appended(field, [], texts)

    def read_appended(self, field: Field, present: Sequence[Any], texts: list[Any]) -> list[Any]:
        """Read texts as values of a list behind those that it has at present. Raises Unfit."""
        values = [*present, *(value for text in texts for value in self._read_items(field, text))]
        if field.at_most and len(values) > int(field.at_most):
            raise Unfit(
                say_count(
                    "{field} takes at most {count} value",
                    "{field} takes at most {count} values",
                    field=field.name,
                    count=int(field.at_most),
                )
            )
        if field.at_least and len(values) < int(field.at_least):
            raise Unfit(
                say_count(
                    "{field} takes at least {count} value",
                    "{field} takes at least {count} values",
                    field=field.name,
                    count=int(field.at_least),
                )
            )
        if len({str(value) for value in values}) < len(values):
            raise Unfit(say("{field} contains the same value twice", field=field.name))
        return values

    def _read_items(self, field: Field, text: Any) -> list[Any]:
        form = self.procedure.forms.get(field.item_type)
        if form is not None:
            return [self._read_row(form, text)]
        single = Field(field.name, field.item_type)
        if field.item_type in ("partner", "person", "case", "topic") and isinstance(text, str):
            return [self.read_one(single, part.strip()) for part in re.split("[,，、]", text) if part.strip()]
        return [self.read_one(single, text)]

    def _read_row(self, form: Mapping[str, Field], row: Any) -> dict[str, Any]:
        """Read one row of a form: a mapping of its fields. Raises Unfit."""
        if not isinstance(row, Mapping):
            raise Unfit(say("a row needs the fields {fields}", fields=list(form)))
        unknown = [name for name in row if name not in form]
        missing = [name for name, part in form.items() if part.required and not row.get(name)]
        if unknown or missing:
            raise Unfit(say("a row needs the fields {fields}", fields=list(form)))
        return {name: self.read_one(form[name], value) for name, value in row.items() if value not in (None, "")}

    def read_one(self, field: Field, text: Any) -> Any:
        """Read one value: counts are numbers, everything else is canonical text. Raises Unfit."""
        if not isinstance(text, str):
            raise Unfit(say("{field} takes a text", field=field.name))
        text = text.strip()
        if not text:
            raise Unfit(say("{field} is empty", field=field.name))
        if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
            raise Unfit(say("{field} is not valid UTF-8 text", field=field.name))
        if field.type not in _AS_WRITTEN:
            text = to_half_width(text)
        if field.type == "committee":
            served = list_procedures_served(self.procedure, field.name)
            committees = self.organisation.committees
            ids = {id: committees[id] for id in self.organisation.list_committees_using(served)}
            return self._read_declared(field, text, ids)
        if field.type in REFERENCES:
            return self._read_declared(field, text, REFERENCES[field.type](self.organisation))
        reader = getattr(self, f"_{field.type.replace('-', '_')}", None)
        value = reader(field, text) if reader else self._text(field, text)
        self._check_bounds(field, value)
        return value

    def _check_bounds(self, field: Field, value: Any) -> None:
        if field.type not in ("count", "number", "money", "share"):
            return
        if field.at_least and order_key(field.type, value) < order_key(field.type, field.at_least):
            raise Unfit(say("{field} must be at least {bound}", field=field.name, bound=field.at_least))
        if field.at_most and order_key(field.type, value) > order_key(field.type, field.at_most):
            raise Unfit(say("{field} must be at most {bound}", field=field.name, bound=field.at_most))

    def _text(self, field: Field, text: str) -> str:
        if len(text) > LONGEST_TEXT:
            raise Unfit(say("{field} is longer than {count} characters", field=field.name, count=LONGEST_TEXT))
        return text

    def _choice(self, field: Field, text: str) -> str:
        return self._read_declared(field, text, {value: {"title": field.choices.get(value)} for value in field.of})

    def _read_declared(self, field: Field, text: str, things: Mapping[str, Any]) -> str:
        if text in things:
            return text
        from fujin_cli.core.text.titles import find_nearest_ids, label_ids, titles_of  # for wrong values alone

        nearest = find_nearest_ids(text, titles_of(things))
        choices = [*label_ids(nearest, titles_of(things)), *(id for id in things if id not in nearest)]
        raise Unfit(
            say(
                "{value} is not a value of {field}; choose one of {choices}",
                value=text,
                field=field.name,
                choices=choices[:12],
            )
        )

    def _person(self, field: Field, text: str) -> str:
        if self.organisation.find_person(text) is not None:
            return text
        from fujin_cli.core.text.titles import find_nearest_ids, label_ids

        names = {member.person: member.name for member in self.organisation.people()}
        nearest = label_ids(find_nearest_ids(text, names), names)
        if nearest:
            raise Unfit(say("{value} is on no roster; did you mean {name}?", value=text, name=nearest))
        raise Unfit(say("{value} is on no roster", value=text))

    def _contact(self, field: Field, text: str) -> str:
        if not CONTACT.fullmatch(text):
            raise Unfit(
                say(
                    "contact data is given as {field}=@FILE or {field}=@- so that it stays out of the shell's history",
                    field=field.name,
                )
            )
        return text

    def _photo(self, field: Field, text: str) -> str:
        if not ATTACHMENT.fullmatch(text):
            raise Unfit(say("{field} takes a file: {field}=@FILE", field=field.name))
        return text

    _file = _photo

    def _case(self, field: Field, text: str) -> str:
        if not _CASE.fullmatch(text):
            raise Unfit(
                say("{value} is not a case id; a case id looks like {example}", value=text, example="XF01-202611a-0042")
            )
        return text

    def _yes_no(self, field: Field, text: str) -> str:
        if text.lower() not in YES_OR_NO:
            raise Unfit(say("{field} takes yes or no", field=field.name))
        return YES_OR_NO[text.lower()]

    def _count(self, field: Field, text: str) -> int:
        if not re.fullmatch(rf"{_GROUPED}|[0-9]{{1,9}}", text):
            raise Unfit(say("{field} takes a whole number", field=field.name))
        return int(text.replace(",", ""))

    def _number(self, field: Field, text: str) -> str:
        number = Decimal(text) if _NUMBER.fullmatch(text) else None
        if number is None or abs(number) >= _LARGEST_NUMBER:
            raise Unfit(say("{field} takes a number such as {example}", field=field.name, example="2.5"))
        return str(number)

    def _money(self, field: Field, text: str) -> str:
        if not re.fullmatch(rf"({_GROUPED}|[0-9]{{1,12}})(\.[0-9]{{1,2}})?", text):
            raise Unfit(say("{field} takes an amount such as {example}", field=field.name, example="120.50"))
        return f"{Decimal(text.replace(',', '')):.2f}"

    def _share(self, field: Field, text: str) -> str:
        try:
            return str(parse_share(text))
        except ValueError:
            raise Unfit(say("{field} takes a share such as {example}", field=field.name, example="2/3")) from None

    def _duration(self, field: Field, text: str) -> str:
        try:
            return str(parse_duration(text))
        except ValueError:
            raise Unfit(
                say("{field} takes a duration such as {example}", field=field.name, example="2 working days")
            ) from None

    def _date(self, field: Field, text: str) -> str:
        try:
            moment = read_written_moment(text)
            if moment != datetime(moment.year, moment.month, moment.day):
                raise ValueError(text)  # it has a time or an offset
            day = moment.date().isoformat()
            self.calendar.parse_moment(day)  # keeps to years that calendars can count
            return day
        except ValueError:
            raise Unfit(say("{field} takes a date such as {example}", field=field.name, example="2026-12-01")) from None

    def _moment(self, field: Field, text: str) -> str:
        try:
            return self.calendar.parse_moment(text).isoformat().replace("+00:00", "Z")
        except ValueError:
            raise Unfit(
                say("{field} takes a date and time such as {example}", field=field.name, example="2026-12-01T09:30")
            ) from None

    def _year(self, field: Field, text: str) -> str:
        if not re.fullmatch(r"[12][0-9]{3}", text):
            raise Unfit(say("{field} takes a year", field=field.name))
        return text

    def _half_year(self, field: Field, text: str) -> str:
        if not re.fullmatch(r"[12][0-9]{3}-H[12]", text := text.upper()):
            raise Unfit(say("{field} takes a half-year such as {example}", field=field.name, example="2026-H1"))
        return text

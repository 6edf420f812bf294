"""Define the scalar types of workspace files. Every scalar arrives as text; its type says which texts are valid."""

from __future__ import annotations

from typing import Annotated, TypeVar

from fujin_cli.core.model.values import CONTACT, TYPES
from fujin_cli.core.text.localized import say
from fujin_cli.store.schema.shapes.base import LIST, MAPPING, TEXT, either, one_or_list, or_them
from fujin_cli.store.schema.shapes.forms import (
    COUNT,
    DATE,
    DAYS,
    DURATION,
    HOURS,
    MONEY,
    NAME,
    NUMBER,
    REMARK,
    SHARE,
    TEXT_FORM,
    YEAR,
    ZONE,
    like,
    one_of,
    or_name,
    refer,
)

Text = Annotated[str, TEXT_FORM]
Remark = Annotated[str, REMARK]
Name = Annotated[str, NAME]
Duration = Annotated[str, DURATION]
DurationOrSetting = Annotated[
    str, refer(or_name(DURATION, say("a duration such as 2 working days, or a setting")), "setting")
]
Count = Annotated[str, COUNT]
CountOrSetting = Annotated[str, refer(or_name(COUNT, say("a whole number such as 3, or a setting")), "setting")]
Share = Annotated[str, SHARE]
Date = Annotated[str, DATE]
Days = Annotated[str, DAYS]
Hours = Annotated[str, HOURS]
Zone = Annotated[str, ZONE]
Number = Annotated[str, NUMBER]
Money = Annotated[str, MONEY]
Year = Annotated[str, YEAR]
HalfYear = Annotated[str, like(r"[12]\d{3}-H[12]", say("a half-year such as 2026-H1"))]
Moment = Annotated[
    str, like(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?", say("a moment such as 2026-12-01T09:30"))
]
TimeOfDay = Annotated[str, like(r"([01]?\d|2[0-3]):[0-5]\d", say("a time such as 19:00"))]
LANGUAGE = like(r"[a-z]{2,3}(-[A-Za-z]{2,8})?", say("a language such as zh or en"))
Language = Annotated[str, LANGUAGE]
Contact = Annotated[str, like(CONTACT.pattern, say("a contact in the vault such as vault:c-0123456789abcdef"))]
YesNo = Annotated[str, one_of("yes", "no", "true", "false")]
Public = Annotated[str, one_of("yes", "no", "preview", "true")]
LEVEL = one_of("committee", "community", "street", "city")
Level = Annotated[str, LEVEL]
WEEKDAY = one_of("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Weekday = Annotated[str, WEEKDAY]
FieldType = Annotated[str, one_of(*TYPES)]

Title = Annotated[
    Annotated[Text, TEXT] | Annotated[dict[Language, Text], MAPPING],
    either(say("a title: a text, or texts by language such as {example}", example="{zh: …, en: …}")),
]
Member = TypeVar("Member")
OneOrMore = Annotated[
    Annotated[Member, TEXT] | Annotated[list[Member], LIST],
    either(say("a name or a list of names")),
]
Names = OneOrMore[Name]
Texts = Annotated[
    Annotated[Text, TEXT] | Annotated[list[Text], LIST],
    either(say("a value or a list of values")),
]
# Lists that a single word may stand for. ``Names`` and ``Texts`` keep a word as it is written, because the digests of
# procedures cover it.
ListOf = Annotated[
    Annotated[Member, TEXT] | Annotated[list[Member], LIST], one_or_list(say("a name or a list of names"))
]
NameList = ListOf[Name]
TextList = Annotated[
    Annotated[Text, TEXT] | Annotated[list[Text], LIST], one_or_list(say("a value or a list of values"))
]
LevelList = Annotated[Annotated[Level, TEXT] | Annotated[list[Level], LIST], one_or_list(or_them(LEVEL.description))]
LanguageList = Annotated[
    Annotated[Language, TEXT] | Annotated[list[Language], LIST], one_or_list(or_them(LANGUAGE.description))
]
DaysList = Annotated[Annotated[Days, TEXT] | Annotated[list[Days], LIST], one_or_list(or_them(DAYS.description))]
HoursList = Annotated[Annotated[Hours, TEXT] | Annotated[list[Hours], LIST], one_or_list(or_them(HOURS.description))]
WeekdayList = Annotated[
    Annotated[Weekday, TEXT] | Annotated[list[Weekday], LIST], one_or_list(or_them(WEEKDAY.description))
]

"""Localized text: an English template and its values, put into the language in use when it is shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from fujin_cli import language

Title = Mapping[str, str]
# Letters of Hebrew, Arabic and the other scripts that run from right to left (Unicode's Bidi_Class R and AL).
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")
_ISOLATE, _END_OF_ISOLATE = "\u2068", "\u2069"  # FSI and PDI (Unicode Standard Annex 9)
# Both ends of what fills a hole, with a space of the template at either side.
_SEAM = re.compile(" ?\0(?: ?\0)* ?")


@dataclass(frozen=True, slots=True)
class LocalizedText:
    """``text`` is an English template (the catalogue's key) with ``{name}`` holes; ``values`` fill them.

    ``plural`` is the template for any ``count`` but 1; it is empty where the sentence counts nothing.
    """

    text: str
    values: Mapping[str, object] = field(default_factory=dict)
    plural: str = ""

    def __str__(self) -> str:
        words = {name: localize_value(value) for name, value in self.values.items()}
        if language.current_language() != "zh":
            return self._translated_template().format_map(words)
        marked = {name: f"\0{value}\0" for name, value in words.items()}
        return _SEAM.sub(_join_seam, self._translated_template().format_map(marked))

    def _translated_template(self) -> str:
        if not self.plural:
            return language.translate(self.text)
        return language.translate_count(self.text, self.plural, int(str(self.values["count"])))


def say(text: str, /, **values: object) -> LocalizedText:
    """Make a localized text; the catalogue tool collects the first argument of every call."""
    return LocalizedText(text, values)


def say_count(one: str, many: str, /, *, count: int, **values: object) -> LocalizedText:
    """Make a text about ``count`` things: ``say_count("{count} case", "{count} cases", count=2)`` is “2 cases”.

    The catalogue tool collects both templates as one sentence (gettext's ngettext).
    """
    return LocalizedText(one, {"count": count, **values}, many)


def title_of(title: Title | str | None, otherwise: str = "") -> str:
    """Give a title in the language of the screens, else of the workspace, else in its first one, else ``otherwise``.

    One with right-to-left letters is isolated, so that it does not reorder the sentence or the row around it.
    """
    return _isolate(plain_title_of(title, otherwise))


def _isolate(text: str) -> str:
    if text.isascii() or not _RIGHT_TO_LEFT.search(text) or text.startswith(_ISOLATE):
        return text
    return f"{_ISOLATE}{text}{_END_OF_ISOLATE}"


def plain_title_of(title: Title | str | None, otherwise: str = "") -> str:
    """Give a title as ``title_of`` does, without isolating it: for JSON and other programs."""
    if not title:
        return otherwise
    if isinstance(title, str):
        return title
    for tongue in language.title_languages():
        text = title.get(tongue) or next((title[key] for key in title if key.split("-")[0] == tongue), None)
        if text:
            return text
    return next(iter(title.values()), otherwise)


def add_id_to_title(title: object, id: str) -> Title | str:
    """Join a title and the id that files and commands take: ``Police (police)``; the id alone without a title."""
    if isinstance(title, Mapping):
        return {tongue: _append_id(text, id) for tongue, text in title.items()} or id
    return _append_id(str(title or ""), id)


def keep_id_in_english(title: Title | str | None, id: str) -> Title | str:
    """Give a title in every language but English, whose words ids are already: ``scope``, 影响范围."""
    if not title:
        return id
    return {**(title if isinstance(title, Mapping) else {"zh": title}), "en": id}


def _append_id(text: str, id: str) -> str:
    return f"{_isolate(text)} ({id})" if text and text != id else id


def shorten_list(values: Sequence[object], most: int) -> list[object]:
    """Keep the first values of a list for a sentence, and say how many more there are."""
    return [*values[:most], say("{count} more", count=len(values) - most)] if len(values) > most else [*values]


def localize_value(value: object) -> str:
    """Write a value inside a sentence: texts and titles in the language in use, lists joined as it joins them."""
    if isinstance(value, LocalizedText | str):
        return str(value)
    if isinstance(value, Mapping):
        return title_of(value)
    if isinstance(value, Iterable):
        return ("、" if language.current_language() == "zh" else ", ").join(localize_value(part) for part in value)
    return str(value)


def to_program_text(value: object) -> str:
    """Write a value for programs, the same in every language of the screens.

    Sentences are in English, titles in the workspace's first language, lists joined by a comma and a space.
    """
    if isinstance(value, LocalizedText):
        words = {name: to_program_text(part) for name, part in value.values.items()}
        template = value.plural if value.plural and str(value.values["count"]) != "1" else value.text
        return template.format_map(words)
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        tongue = next((tongue for tongue in language.declared_languages() if value.get(tongue)), None)
        return str(value[tongue] if tongue else next(iter(value.values()), ""))
    if isinstance(value, Iterable):
        return ", ".join(to_program_text(part) for part in value)
    return str(value)


def _join_seam(match: re.Match[str]) -> str:
    """Join a value to a Chinese sentence: with a space beside Latin letters and digits, without one beside Chinese.

    A translator cannot know which of the two will come: an id or a title, a number or a word.
    """
    before, after = match.string[: match.start()][-1:], match.string[match.end() :][:1]
    if _is_han(before) and _is_han(after):
        return ""
    if (_is_han(before) and _is_latin(after)) or (_is_latin(before) and _is_han(after)):
        return " "
    return match[0].replace("\0", "")


def _is_han(character: str) -> bool:
    return "一" <= character <= "鿿"


def _is_latin(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character == "%")

"""A sentence that is not spoken yet: an English template and its values, so that one fact is shown in any language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from fujin_cli import language

Title = Mapping[str, str]
# Both ends of what fills a hole, with a space of the template at either side.
_SEAM = re.compile(" ?\0(?: ?\0)* ?")


@dataclass(frozen=True, slots=True)
class LocalizedText:
    """``text`` is an English template (the catalogue's key) with ``{name}`` holes; ``values`` fill them."""

    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        said = {name: spoken(value) for name, value in self.values.items()}
        if language.current() != "zh":
            return language.translate(self.text).format_map(said)
        marked = {name: f"\0{value}\0" for name, value in said.items()}
        return _SEAM.sub(_seam, language.translate(self.text).format_map(marked))


def say(text: str, /, **values: object) -> LocalizedText:
    """A message; the call's first argument is what the catalogue tool collects."""
    return LocalizedText(text, values)


def title_of(title: Title | str | None, otherwise: str = "") -> str:
    """A title in the language in use, else in any language it has, else ``otherwise``."""
    if not title:
        return otherwise
    if isinstance(title, str):
        return title
    return title.get(language.current()) or next(iter(title.values()), otherwise)


def with_id(title: object, id: str) -> Title | str:
    """``Police (police)``: a title with the id that files and commands take; the id alone where there is no title."""
    if isinstance(title, Mapping):
        return {tongue: _beside(text, id) for tongue, text in title.items()} or id
    return _beside(str(title or ""), id)


def _beside(text: str, id: str) -> str:
    return f"{text} ({id})" if text and text != id else id


def spoken(value: object) -> str:
    """A value inside a sentence: messages and titles in the language in use, lists joined in its way."""
    if isinstance(value, LocalizedText | str):
        return str(value)
    if isinstance(value, Mapping):
        return title_of(value)
    if isinstance(value, Iterable):
        return ("、" if language.current() == "zh" else ", ").join(spoken(item) for item in value)
    return str(value)


def _seam(match: re.Match[str]) -> str:
    """What stands where a value meets a Chinese sentence: a space beside Latin letters and digits, none beside Chinese.

    A translator cannot know which of the two will come: an id or a title, a number or a word.
    """
    before, after = match.string[: match.start()][-1:], match.string[match.end() :][:1]
    if _han(before) and _han(after):
        return ""
    if (_han(before) and _latin(after)) or (_latin(before) and _han(after)):
        return " "
    return match[0].replace("\0", "")


def _han(character: str) -> bool:
    return "一" <= character <= "鿿"


def _latin(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character == "%")

"""Choose the language of the screens and translate sentences; the lowest layer, so every layer may use it."""

from __future__ import annotations

import gettext
import os
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TypedDict

LANGUAGES = ("zh", "en")
# The families of findings, by the first digit of their codes: folders of pages.
FAMILIES = (
    "files",
    "references",
    "organisation",
    "behaviour",
    "guarantees",
    "privacy",
    "versions",
    "ledger",
    "refusals",
)
_catalogues = Path(__file__).parent / "locale"
_TAGS = {"zh": "zh-CN", "en": "en"}


class _State(TypedDict):
    language: str
    titles: tuple[str, ...]


_state: _State = {"language": "en", "titles": ()}


VARIABLES = ("FUJIN_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
_NO_LANGUAGE = ("c", "posix")


def find_screen_language(tag: str) -> str | None:
    """Find the language of the screens that a tag means: ``zh_CN.UTF-8`` and ``zh-Hans`` → ``zh``; None for others."""
    primary = _primary_subtag(tag)
    return primary if primary in LANGUAGES else None


def _primary_subtag(tag: str) -> str:
    return tag.split(".", maxsplit=1)[0].replace("-", "_").split("_")[0].lower()


def choose_language(environment: Mapping[str, str] | None = None, declared: Sequence[str] = ()) -> tuple[str, str]:
    """Choose the language of the screens: ``FUJIN_LANG``, else the locale, else the workspace's, else English.

    ``declared`` are the workspace's languages, of which the first one with screens decides where there is no locale
    (docs/reference/contract.md, "Language").
    Returns the language and the variable that decided, empty for none.
    """
    env = os.environ if environment is None else environment
    for name in VARIABLES:
        tag = env.get(name, "")
        language = find_screen_language(tag)
        if language:
            return language, name
        if tag and name != "FUJIN_LANG":
            if _primary_subtag(tag) in _NO_LANGUAGE:
                break
            return "en", name
    return next((language for tag in declared if (language := find_screen_language(tag))), "en"), ""


def find_unknown_setting(environment: Mapping[str, str] | None = None) -> str | None:
    """Return the value of ``FUJIN_LANG`` if it is no language of the screens."""
    value = (os.environ if environment is None else environment).get("FUJIN_LANG", "")
    return value if value and find_screen_language(value) is None else None


def set_title_languages(declared: Sequence[str]) -> None:
    """Set the workspace's languages, in which titles are shown that the language of the screens lacks."""
    _state["titles"] = tuple(declared)


def title_languages() -> tuple[str, ...]:
    """Return the languages of titles, the first choice first: that of the screens, then those of the workspace."""
    return (current_language(), *_state["titles"])


def declared_languages() -> tuple[str, ...]:
    """Return the workspace's languages, the first choice first; none outside of a workspace."""
    return _state["titles"]


def set_language(language: str) -> None:
    """Set the language of the screens; an unknown one falls back to English."""
    _state["language"] = language if language in LANGUAGES else "en"


def language_tag() -> str:
    """Return the language in use as a BCP 47 tag, for formats that need one: ``zh-CN`` or ``en``."""
    return _TAGS[_state["language"]]


def current_language() -> str:
    """Return the language in use: ``zh`` or ``en``."""
    return _state["language"]


@lru_cache(maxsize=4)
def _load_catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("fujin", localedir=str(_catalogues), languages=[language], fallback=True)


def translate(text: str) -> str:
    """Translate an English sentence, the catalogue's key, into the language in use; unchanged without a translation."""
    return translate_into(_state["language"], text)


def translate_into(language: str, text: str) -> str:
    """Translate an English sentence, the catalogue's key, into a language; unchanged without a translation."""
    return text if not text or language == "en" else _load_catalogue(language).gettext(text)


def translate_count(one: str, many: str, count: int) -> str:
    """The template for ``count`` things, in the language in use: English has two forms, Chinese has one."""
    if _state["language"] == "en":
        return one if count == 1 else many
    return _load_catalogue(_state["language"]).ngettext(one, many, count)


def read_explain_page(language: str, code: str) -> str | None:
    """Read the page of a finding's code (``FJ102``) that is a file; None where there is none in that language."""
    path = _catalogues / language / "explain" / FAMILIES[int(code[2])] / f"{code}.md"
    return path.read_text("utf-8") if path.is_file() else None


_ = translate

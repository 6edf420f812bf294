"""Choose the language of the screens and translate sentences; the lowest layer, so every layer may use it."""

from __future__ import annotations

import gettext
import os
from functools import lru_cache
from pathlib import Path

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
_state = {"language": "en"}


def choose_language(environment: dict[str, str] | None = None, first: str = "zh") -> str:
    """Choose the language of the screens: ``FUJIN_LANG``, else the locale, else the workspace's first language.

    ``first`` is that first language; it decides under ``C`` and ``POSIX`` (docs/reference/contract.md, "Language").
    """
    env = os.environ if environment is None else environment
    for name in ("FUJIN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = env.get(name, "")
        if not value:
            continue
        tag = value.split(".")[0].replace("-", "_").split("_")[0].lower()
        if tag in LANGUAGES:
            return tag
        if name == "FUJIN_LANG":
            continue
        return first if tag in ("c", "posix") else "en"
    return first


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

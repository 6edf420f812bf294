"""Make the files of a new workspace from a template: its id, title, language and time zone come from the arguments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from fujin_cli.core.findings.finding import Route
from fujin_cli.core.model.ids import NAME
from fujin_cli.core.text.localized import say
from fujin_cli.language import LANGUAGES
from fujin_cli.store.schema.shapes.forms import ZONE
from fujin_cli.store.workspace.load import MARK
from fujin_cli.store.workspace.template import TEMPLATE_IDS, TemplateName, sample_names, template_files
from fujin_cli.store.yaml.set_values import set_values
from fujin_cli.use_cases.session import WrongUsage

_HEAD, _JURISDICTION = MARK.as_posix(), "workflows/jurisdiction.yaml"
_CHINESE_ZONES = frozenset(
    ("Asia/Shanghai", "Asia/Urumqi", "Asia/Chongqing", "Asia/Chungking", "Asia/Harbin", "Asia/Kashgar", "PRC")
)


@dataclass(frozen=True, slots=True)
class NewWorkspace:
    """What a new workspace is made of. None: as the template has it; ``year`` begins a calendar outside of China."""

    template: TemplateName
    folder_name: str
    year: int
    language: str
    title: str | None = None
    zone: str | None = None


def build_workspace_files(new: NewWorkspace) -> dict[str, bytes]:
    """Map the path of each file to its content. Raises WrongUsage for a language, title or zone that cannot be."""
    if new.language not in LANGUAGES:
        raise WrongUsage(say("--language takes one of {languages}", languages=LANGUAGES))
    if new.title is not None and not new.title.strip():
        raise WrongUsage(say("the title is empty"))
    message = ZONE.check(new.zone) if new.zone is not None else None
    if message:
        raise WrongUsage(message)
    texts = {path: content.decode() for path, content in template_files(new.template, new.language).items()}
    texts = _use_sample_names(_use_id(texts, TEMPLATE_IDS[new.template], new.folder_name), new.language)
    for path in (_HEAD, _JURISDICTION):
        values = _choose_values(new, path)
        texts[path] = set_values(texts[path], values) if values else texts[path]
    if new.template == "full" and new.language != "zh":
        texts[_HEAD] = _put_language_first(texts[_HEAD], new.language)
    if new.zone is not None and new.zone not in _CHINESE_ZONES:
        texts[_HEAD] = texts[_HEAD].replace("{country: CN}", f"{{years: {{{new.year}: {{}}}}}}")
    return {path: text.encode() for path, text in texts.items()}


def _use_id(texts: Mapping[str, str], old: str, folder_name: str) -> dict[str, str]:
    """Write the folder's name for the id of the template, where it can be one and nothing else has it."""
    id = folder_name
    if not NAME.fullmatch(id) or any(re.search(rf"\b{re.escape(id)}\b", text) for text in texts.values()):
        return dict(texts)
    word = re.compile(rf"\b{re.escape(old)}\b")
    return {word.sub(id, path): word.sub(id, text) for path, text in texts.items()}


def _use_sample_names(texts: Mapping[str, str], language: str) -> dict[str, str]:
    """Write the names of invented persons in the language; the template has them in Chinese."""
    names = dict(zip(sample_names("zh"), sample_names(language), strict=True))
    pattern = re.compile("|".join(names))
    return {path: pattern.sub(lambda match: names[match[0]], text) for path, text in texts.items()}


def _choose_values(new: NewWorkspace, path: str) -> dict[Route, str]:
    """Choose the values of a file that the arguments replace."""
    values: dict[Route, str] = {}
    if new.title is not None:
        values[("title",)] = new.title.strip()
    if new.zone is not None and path == _HEAD:
        values[("zone",)] = new.zone
    return values


def _put_language_first(text: str, language: str) -> str:
    """Write the languages with the one of the place first."""
    others = [other for other in LANGUAGES if other != language]
    return text.replace("languages: [zh, en]", f"languages: [{', '.join([language, *others])}]")

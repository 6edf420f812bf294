"""
# FJ113 · A word that is not in any list of the city

Kinds of committee and topics are listed in `menu.yaml`; traits of communities, groups of members and venues in
`jurisdiction.yaml`. A word that is not listed cannot be chosen, counted or searched for.

Failing:

```yaml fail committees/C1-environment.yaml
kind: enviroment
```

Passing:

```yaml pass committees/C1-environment.yaml
kind: environment
```

To fix it, correct the word, or add it to its list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fujin_cli.core.findings.finding import Finding, Place, Route, Severity
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.defined_names import unknown_name
from fujin_cli.rules.support.file_index import FileIndex, index_files, value_at

CODE = "FJ113"
SEVERITY: Severity = "error"
Uses = Iterator[tuple[str, str, Place]]  # list, name, where it is used

LISTS: Mapping[str, tuple[str, str]] = {  # list → the file's kind and section
    "kind": ("menu", "kinds"),
    "topic": ("menu", "topics"),
    "trait": ("jurisdiction", "traits"),
    "group": ("jurisdiction", "groups"),
    "venue": ("jurisdiction", "venues"),
}


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every kind, topic, trait, group or venue that its list does not have."""
    files = index_files(context.workspace)
    names_in_list = {name: files.of_kind(kind, section) for name, (kind, section) in LISTS.items()}
    for listed, name, place in (*_uses_in_city(files), *_uses_in_menu_and_partners(files), *_uses_in_units(files)):
        if name not in names_in_list[listed]:
            yield unknown_name(CODE, _describe_word(listed, name), place, name, names_in_list[listed])


def _describe_word(listed: str, name: str) -> LocalizedText:
    return {
        "kind": say("the menu has no kind of committee {name}", name=name),
        "topic": say("the menu has no topic {name}", name=name),
        "trait": say("the city's file has no trait {name}", name=name),
        "group": say("the city's file has no group of members {name}", name=name),
        "venue": say("the city's file has no venue {name}", name=name),
    }[listed]


def _uses_in_city(files: FileIndex) -> Uses:
    for file in files.by_kind.get("jurisdiction", ()):
        for name, spec in _list_section(file.tree, "communities"):
            yield from _uses("trait", spec, file.path, ("communities", name), "traits")


def _uses_in_menu_and_partners(files: FileIndex) -> Uses:
    for file in files.by_kind.get("menu", ()):
        for name, spec in _list_section(file.tree, "kinds"):
            yield from _uses("topic", spec, file.path, ("kinds", name), "answers")
            yield from _uses("trait", spec, file.path, ("kinds", name), "called_for_by")
    for file in files.by_kind.get("partners", ()):
        for name, spec in _list_section(file.tree, "partners"):
            yield from _uses("topic", spec, file.path, ("partners", name), "can")


def _uses_in_units(files: FileIndex) -> Uses:
    for file in files.by_kind.get("committee", ()):
        yield from _uses("kind", file.tree, file.path, (), "kind")
        yield from _uses("venue", value_at(file.tree, ("meets",)), file.path, ("meets",), "where")
    for file in files.by_kind.get("roster", ()):
        for index, member in enumerate(value_at(file.tree, ("members",)) or ()):
            yield from _uses("group", member, file.path, ("members", index), "group")


def _list_section(tree: Any, name: str) -> list[tuple[str, Any]]:
    section = value_at(tree, (name,))
    return list(section.items()) if isinstance(section, Mapping) else []


def _uses(listed: str, spec: Any, path: str, route: Route, key: str) -> Uses:
    names = value_at(spec, (key,))
    if isinstance(names, str):
        yield listed, names, Place(path, (*route, key))
    elif isinstance(names, list):
        for name in names:
            yield listed, name, Place(path, (*route, key, name))

"""
# FJ112 · A street, community or committee that does not exist

Committees, rosters, venues, notice boards, grids and partners say which unit they belong to. The city's units stand in
`jurisdiction.yaml`, committees in `committees/`.

Failing:

```yaml fail jurisdiction.yaml
boards:
  C1-board: {title: Board at the gate, community: C11}
```

Passing:

```yaml pass jurisdiction.yaml
boards:
  C1-board: {title: Board at the gate, community: C1}
```

To fix it, correct the id, or add the unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fujin_cli.core.findings.finding import Finding, Place, Severity
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.defined_names import DefinedNames, unknown_name
from fujin_cli.rules.support.file_index import FileIndex, index_files, value_at
from fujin_cli.rules.support.procedure_source import Mention

CODE = "FJ112"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every reference to a unit that neither the city's file nor a committee's file defines."""
    files = index_files(context.workspace)
    communities = files.of_kind("jurisdiction", "communities")
    streets = files.of_kind("jurisdiction", "streets")
    for mention in (*_units_in_city(files), *_units_in_files(files)):
        message = say("there is no community {community}", community=mention.name)
        yield from _check_mention(mention, communities, message)
    for mention in _list_street_mentions(files):
        yield from _check_mention(mention, streets, say("there is no street {street}", street=mention.name))
    units = communities | streets | files.named("jurisdiction") | files.named("committee")
    for file in files.by_kind.get("roster", ()):
        if file.tree is not None:
            message = say("there is no committee, community, street or city {unit}", unit=file.name)
            yield from _check_mention(Mention(file.name, Place(file.path, ("roster",))), units, message)


def _check_mention(mention: Mention, units: DefinedNames, message: LocalizedText) -> Iterator[Finding]:
    if mention.name not in units:
        yield unknown_name(CODE, message, mention.place, mention.name, units)


def _list_street_mentions(files: FileIndex) -> Iterator[Mention]:
    for file in files.by_kind.get("jurisdiction", ()):
        for community, spec in _list_section(file.tree, "communities"):
            yield from _list_mentions(spec, "street", file.path, ("communities", community))


def _units_in_city(files: FileIndex) -> Iterator[Mention]:
    for file in files.by_kind.get("jurisdiction", ()):
        for section in ("grids", "venues", "boards"):
            for name, spec in _list_section(file.tree, section):
                yield from _list_mentions(spec, "community", file.path, (section, name))
        for name, spec in _list_section(file.tree, "venues"):
            yield from _list_mentions(spec, "shared_with", file.path, ("venues", name))
        for community, _ in _list_section(file.tree, "settings"):
            yield Mention(community, Place(file.path, ("settings", community), key=True))


def _units_in_files(files: FileIndex) -> Iterator[Mention]:
    for file in files.by_kind.get("committee", ()):
        yield from _list_mentions(file.tree, "community", file.path, ())
    for file in files.by_kind.get("partners", ()):
        for name, spec in _list_section(file.tree, "partners"):
            if isinstance(spec, Mapping) and spec.get("serves") != "all":
                yield from _list_mentions(spec, "serves", file.path, ("partners", name))


def _list_section(tree: Any, name: str) -> list[tuple[str, Any]]:
    section = value_at(tree, (name,))
    return list(section.items()) if isinstance(section, Mapping) else []


def _list_mentions(spec: Any, key: str, path: str, route: tuple[str, ...]) -> Iterator[Mention]:
    names = value_at(spec, (key,))
    for name in [names] if isinstance(names, str) else names or ():
        place = Place(path, (*route, key)) if isinstance(names, str) else Place(path, (*route, key, name))
        yield Mention(name, place)

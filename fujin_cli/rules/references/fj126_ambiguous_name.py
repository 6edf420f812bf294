"""
# FJ126 · A name with two definitions

Two files define the same procedure, committee or roster; there is a second `jurisdiction.yaml`; or a committee has the
id of a community, or a group the name of a field. Only one of the two would be used, and a reader could not know which.

Failing:

```yaml fail procedures/errand-copy.yaml
procedure: errand
title: Errand
case_of: community
opened: {by: [clerk]}
people:
  clerk: {role: coordinator, of: committee}
steps:
  asked:
    title: Asked
    owner: clerk
    within: 1 working day
    ladder: [{at: deadline, tell: [clerk], raise: street}]
    actions:
      finish: {title: finish, to: done, by: clerk}
  done: {title: Done, end: done}
```

Passing:

```yaml pass procedures/errand-copy.yaml
procedure: short-errand
title: Short errand
case_of: community
opened: {by: [clerk]}
people:
  clerk: {role: coordinator, of: committee}
steps:
  asked:
    title: Asked
    owner: clerk
    within: 1 working day
    ladder: [{at: deadline, tell: [clerk], raise: street}]
    actions:
      finish: {title: finish, to: done, by: clerk}
  done: {title: Done, end: done}
```

To fix it, rename one of the two, or remove the file that is not needed.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Place, Related, Severity
from fujin_cli.core.model.workspace import File
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.file_index import FileIndex, index_files
from fujin_cli.rules.support.procedure_source import opened_groups, procedure_sources

CODE = "FJ126"
SEVERITY: Severity = "error"
ONLY_ONE = ("workspace", "jurisdiction", "menu", "partners")  # kinds with one file in a workspace


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every name, and every kind of file, that is defined twice."""
    files = index_files(context.workspace)
    yield from _check_files(files)
    yield from _check_units(files)
    for source in procedure_sources(context.workspace):
        fields = source.defined("fields")
        for name, place in opened_groups(source).places.items():
            if name in fields.places and place is not None:
                yield _ambiguous_name_finding(name, place, fields.places[name] or place)


def _check_files(files: FileIndex) -> Iterator[Finding]:
    for kind, same_kind in files.by_kind.items():
        first: dict[str, File] = {}
        for file in same_kind if kind else ():
            name = "" if kind in ONLY_ONE else file.name
            if name in first:
                yield _second_file_finding(kind, file, first[name])
            else:
                first[name] = file


def _second_file_finding(kind: str, file: File, earlier: File) -> Finding:
    message = say("{other} defines the {kind} {name} too", other=earlier.path, kind=kind, name=file.name)
    if kind in ONLY_ONE:
        message = say(
            "a workspace has only one file of the kind {kind}, and {other} is another", kind=kind, other=earlier.path
        )
    related = Related(say("the other one"), Place(earlier.path, (kind,)))
    return Finding(CODE, "error", message, Place(file.path, (kind,)), say("rename or remove one of them"), (related,))


def _check_units(files: FileIndex) -> Iterator[Finding]:
    """Report ids of two units: a roster names its unit by the id alone."""
    places: dict[str, Place] = {}
    for units in (
        files.named("jurisdiction"),
        files.of_kind("jurisdiction", "streets"),
        files.of_kind("jurisdiction", "communities"),
        files.named("committee"),
    ):
        for name, place in units.places.items():
            if place is None:
                continue
            if name in places:
                yield _ambiguous_name_finding(name, place, places[name])
            else:
                places[name] = place


def _ambiguous_name_finding(name: str, place: Place, earlier: Place) -> Finding:
    related = Related(say("{name} is already defined here", name=name), earlier)
    return Finding(
        CODE, "error", say("{name} is defined twice", name=name), place, say("rename one of them"), (related,)
    )

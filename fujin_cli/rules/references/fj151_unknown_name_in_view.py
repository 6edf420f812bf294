"""
# FJ151 · An unknown name in a view

A view names communities, committees, procedures, topics, partners, steps, actions, owners and columns. One that nothing
defines chooses no case, or shows an empty column, so that the list looks like a quiet day.

Failing:

```yaml fail workspace.yaml
views:
  flats: {procedure: errnd}
```

Passing:

```yaml pass workspace.yaml
views:
  flats: {procedure: errand, columns: [case, summary, due]}
```

To fix it, correct the name. The fields of every procedure are columns, beside those that every list has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from fujin_cli.core.findings.finding import Finding, Place, Severity
from fujin_cli.core.listing.filters import COLUMN_NAMES
from fujin_cli.core.model.workspace import File, Workspace
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.defined_names import ANY_NAME, DefinedNames, language_words, unknown_name

CODE = "FJ151"
SEVERITY: Severity = "warning"  # a list is poorer for it, and no case is in danger


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every name in a view of the workspace that nothing defines."""
    workspace = context.workspace
    for file in workspace.files:
        views = (file.tree or {}).get("views") if file.kind == "workspace" else None
        for name, view in (views or {}).items():
            yield from _check_view(workspace, file, name, view)


def _check_view(workspace: Workspace, file: File, view: str, spec: Mapping[str, Any]) -> Iterator[Finding]:
    for key, list_names in _NAMES.items():
        value = spec.get(key)
        if value is None:
            continue
        names = ANY_NAME if _is_incomplete(workspace) else language_words(*list_names(workspace, spec))
        for place, name in _list_mentions(file, ("views", view, key), value):
            if name not in names:
                yield _build_finding(key, name, place, names)


def _build_finding(key: str, name: str, place: Place, names: DefinedNames) -> Finding:
    message = say("{key}: there is no {name}", key=key, name=name)
    return replace(unknown_name(CODE, message, place, name, names), severity="warning")


def _list_mentions(file: File, route: tuple[str, ...], value: Any) -> Iterator[tuple[Place, str]]:
    if isinstance(value, str):
        yield Place(file.path, route), value
        return
    for name in value:
        yield Place(file.path, (*route, name)), name


def _is_incomplete(workspace: Workspace) -> bool:
    """Whether a file could not be read, so that any name may be defined in it."""
    return any(file.tree is None or file.pruned for file in workspace.files if file.kind != "scenario")


def _list_steps(workspace: Workspace, spec: Mapping[str, Any]) -> set[str]:
    return {step for version in _list_procedures(workspace, spec) for step in version.steps}


def _list_actions(workspace: Workspace, spec: Mapping[str, Any]) -> set[str]:
    versions = _list_procedures(workspace, spec)
    return {action.name for version in versions for _step, action in version.all_actions() if action.by}


def _list_owners(workspace: Workspace, spec: Mapping[str, Any]) -> set[str]:
    roles = {name for version in _list_procedures(workspace, spec) for name in version.people}
    people = {member.person for member in workspace.organisation.people()}
    return roles | people | set(workspace.organisation.partners)


def _list_columns(workspace: Workspace, spec: Mapping[str, Any]) -> set[str]:
    return {*COLUMN_NAMES, *(field for version in workspace.procedures.values() for field in version.fields)}


def _list_procedures(workspace: Workspace, spec: Mapping[str, Any]) -> list[Any]:
    """List the procedures that a view is about: the one that it names, else all of them."""
    versions = workspace.procedures
    return [versions[spec["procedure"]]] if spec.get("procedure") in versions else list(versions.values())


_NAMES: Mapping[str, Callable[[Workspace, Mapping[str, Any]], Any]] = {
    "community": lambda workspace, spec: workspace.organisation.communities,
    "committee": lambda workspace, spec: workspace.organisation.committees,
    "procedure": lambda workspace, spec: workspace.procedures,
    "topic": lambda workspace, spec: workspace.organisation.topics,
    "partner": lambda workspace, spec: workspace.organisation.partners,
    "step": _list_steps,
    "can": _list_actions,
    "owner": _list_owners,
    "columns": _list_columns,
}

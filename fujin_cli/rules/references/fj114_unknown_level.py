"""
# FJ114 · A level that the city does not have

`levels` in `jurisdiction.yaml` is the ladder from a committee up to the city. People of a procedure (`of`), rungs that
`raise` a case, and the levels of a role (`at`) name one of its rungs.

Failing:

```yaml fail jurisdiction.yaml
levels: [committee, community, city]
```

Passing:

```yaml pass jurisdiction.yaml
levels: [committee, community, street, city]
```

To fix it, correct the level, or add it to the ladder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fujin_cli.core.findings.finding import Finding, Place, Severity
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.defined_names import ANY_NAME, DefinedNames, unknown_name
from fujin_cli.rules.support.procedure_source import Mention, ProcedureSource, people, procedure_sources

CODE = "FJ114"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every level that the city's file does not list."""
    workspace = context.workspace
    path = workspace.path_of("jurisdiction")
    levels = _list_levels(workspace, path)
    mentions = [mention for source in procedure_sources(workspace) for mention in _levels_in_procedure(source)]
    for role, spec in workspace.organisation.roles.items():
        role_levels = (spec.get("at") if isinstance(spec, Mapping) else None) or ()
        mentions += [Mention(level, Place(path, ("roles", role, "at", level))) for level in role_levels]
    for mention in mentions:
        if mention.name not in levels:
            message = say("the city has no level {level}", level=mention.name)
            yield unknown_name(CODE, message, mention.place, mention.name, levels)


def _list_levels(workspace: Workspace, path: str) -> DefinedNames:
    if not path or "levels" in workspace.pruned_names(path) or not workspace.organisation.city:
        return ANY_NAME
    return DefinedNames({level: Place(path, ("levels", level)) for level in workspace.organisation.levels})


def _levels_in_procedure(source: ProcedureSource) -> Iterator[Mention]:
    for person in people(source.procedure):
        if person.kind in ("role", "seat"):
            yield from source.text((*person.route, "of"))
    for step in source.procedure.steps.values():
        for rung in step.ladder:
            yield from source.text((*rung.route, "raise"))

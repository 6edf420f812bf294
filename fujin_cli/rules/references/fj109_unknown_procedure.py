"""
# FJ109 · A procedure that the workspace does not have

A procedure can be opened, referred to, used by a committee or configured only if the workspace has it: a file in
`procedures/` whose first key is `procedure`.

Failing:

```yaml fail procedures/errand.yaml
steps:
  asked:
    actions:
      send: {opens: {orders: {procedure: ordre, one_each: [helper], give: {task: summary}}}}
```

Passing:

```yaml pass procedures/errand.yaml
steps:
  asked:
    actions:
      send: {opens: {orders: {procedure: order, one_each: [helper], give: {task: summary}}}}
```

To fix it, correct the name, or add the procedure's file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fujin_cli.core.findings.finding import Finding, Place, Severity
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.defined_names import unknown_name
from fujin_cli.rules.support.file_index import index_files
from fujin_cli.rules.support.procedure_source import Mention, ProcedureSource, procedure_sources

CODE = "FJ109"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every name of a procedure that no file defines."""
    workspace = context.workspace
    procedures = index_files(workspace).named("procedure")
    mentions = [mention for source in procedure_sources(workspace) for mention in _names_in_procedure(source)]
    for mention in (*mentions, *_names_in_committees(workspace), *_names_in_city(workspace)):
        if mention.name not in procedures:
            message = say("there is no procedure {procedure}", procedure=mention.name)
            yield unknown_name(CODE, message, mention.place, mention.name, procedures)


def _names_in_procedure(source: ProcedureSource) -> Iterator[Mention]:
    for effects in source.procedure.all_effects():
        for opens in effects.opens:
            yield from source.text((*opens.route, "procedure"))
    for name, field in source.procedure.fields.items():
        if field.type == "case":
            yield from source.names(("fields", name, "of"))


def _names_in_committees(workspace: Workspace) -> Iterator[Mention]:
    for committee in workspace.organisation.committees.values():
        for name in committee.details.get("procedures") or ():
            yield Mention(name, Place(committee.path, ("procedures", name)))
        for name in _list_procedure_names(committee.details.get("settings")):
            yield Mention(name, Place(committee.path, ("settings", name), key=True))


def _names_in_city(workspace: Workspace) -> Iterator[Mention]:
    path = workspace.path_of("jurisdiction")
    for community, settings in workspace.organisation.settings.items():
        for name in _list_procedure_names(settings):
            yield Mention(name, Place(path, ("settings", community, name), key=True))


def _list_procedure_names(settings: object) -> list[str]:
    return list(settings) if isinstance(settings, Mapping) else []

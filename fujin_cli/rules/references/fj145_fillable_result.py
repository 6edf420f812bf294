"""
# FJ145 · A result that can be filled in at the opening

A field that only moves fill (`sets`, `adds`) records what happened. While it is optional, whoever opens a case may fill
it in beforehand, and nobody can tell an entered result from a real one.

Failing:

```yaml fail procedures/errand.yaml
fields:
  verdict: {type: choice, of: [good, bad], optional: yes}
steps:
  checking:
    actions:
      approve: {title: approve, to: done, by: asker, tell: {asker: answer}, publish: notice, sets: {verdict: good}}
```

Passing:

```yaml pass procedures/errand.yaml
fields:
  verdict: {type: choice, of: [good, bad], computed: yes}
steps:
  checking:
    actions:
      approve: {title: approve, to: done, by: asker, tell: {asker: answer}, publish: notice, sets: {verdict: good}}
```

To fix it, write `computed: yes` instead of `optional: yes`.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.model.procedure import Field, Procedure
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.procedure_source import actions, procedure_sources

CODE = "FJ145"
SEVERITY: Severity = "warning"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every optional field that only moves fill, although people may fill it when they open a case."""
    for source in procedure_sources(context.workspace):
        version = source.procedure
        if set(version.opened_by) <= {"procedure"} or not source.complete:
            continue
        filled_by_moves = {name for effects in version.all_effects() for name in (*effects.sets, *effects.adds)}
        entered = {entry.field for action in actions(version) for entry in action.inputs}
        for name in sorted(filled_by_moves - entered - _given_by_openers(context.workspace, version)):
            field = version.fields.get(name)
            if field is not None and _is_open_to_openers(field):
                yield Finding(
                    CODE,
                    "warning",
                    say(
                        "only moves fill {field}, but whoever opens a case may fill it in, too",
                        field=field.title or name,
                    ),
                    source.place(("fields",), name),
                    say("write computed: yes instead of optional: yes"),
                )


def _is_open_to_openers(field: Field) -> bool:
    """Whether it is left to the opening to fill the field; one that is required or has a default is meant to be."""
    return not field.required and not field.computed and field.default is None


def _given_by_openers(workspace: Workspace, version: Procedure) -> set[str]:
    """List the fields that procedures hand over when they open such a case."""
    return {
        name
        for opener in workspace.procedures.values()
        for groups in opener.openings_by_group().values()
        for opens in groups
        if opens.procedure == version.name
        for name in (*opens.give, *opens.bring)
    }

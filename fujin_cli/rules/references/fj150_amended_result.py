"""
# FJ150 · An amended result

A field with `computed: yes` records what moves wrote, and nobody enters it. An action that `amends` it would let
somebody overwrite the record by hand.

Failing:

```yaml fail procedures/errand.yaml
fields:
  verdict: {type: choice, of: [good, bad], computed: yes}
anytime:
  correct: {title: correct, by: clerk, in: [asked], amends: [summary, verdict]}
```

Passing:

```yaml pass procedures/errand.yaml
anytime:
  correct: {title: correct, by: clerk, in: [asked], amends: [summary]}
```

To fix it, take the field out of `amends`, or let the move that writes it be done again.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.procedure_source import procedure_sources

CODE = "FJ150"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every field of ``amends`` that only moves write."""
    for source in procedure_sources(context.workspace):
        for name, action in source.procedure.anytime.items():
            for mention in source.names(("anytime", name, "amends")):
                field = source.procedure.fields.get(mention.name)
                if field is not None and field.computed:
                    yield Finding(
                        CODE,
                        "error",
                        say(
                            "{action} amends {field}, which only moves write",
                            action=action.title or name,
                            field=field.title or field.name,
                        ),
                        mention.place,
                        say("take {field} out of amends:", field=field.name),
                    )

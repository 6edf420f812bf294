"""
# FJ143 · A migration into an end

A migration moves open cases to a step where they can continue; it does not close them. Here `map` leads to an end,
where the case would be closed without acceptance, answer or publication.

Failing:

```yaml fail migrations/together.yaml
migration: together
procedure: order
from: 0123456789ab
map: {packed: refused}
deadlines: keep-remaining
reason: two steps became one
approver: p-41
```

Passing:

```yaml pass migrations/together.yaml
migration: together
procedure: order
from: 0123456789ab
map: {packed: sent}
deadlines: keep-remaining
reason: two steps became one
approver: p-41
```

To fix it, map the step to one from which people can bring the case to its end.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Place, Severity
from fujin_cli.core.model.migration_file import read_migrations
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext

CODE = "FJ143"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every step that is mapped to an end."""
    for migration in read_migrations(context.workspace.files):
        version = context.workspace.procedures.get(migration.procedure)
        for old, step in migration.steps.items():
            if version is not None and step in version.steps and version.steps[step].end is not None:
                message = say("a migration cannot end a case: {step} is an end", step=step)
                yield Finding(CODE, SEVERITY, message, Place(migration.path, ("map", old)))

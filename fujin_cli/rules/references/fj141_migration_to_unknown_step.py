"""
# FJ141 · A migration to an unknown step

`map` gives, for each old step, the step of the current version where its cases continue. The current version has no
such step. The old steps cannot be checked here: `fujin case migrate` checks them against the open cases.

Failing:

```yaml fail migrations/together.yaml
migration: together
procedure: order
from: 0123456789ab
map: {packed: snt}
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

To fix it, use a step of the current version.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Place, Severity
from fujin_cli.core.model.migration_file import read_migrations
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.defined_names import unknown_name
from fujin_cli.rules.support.file_index import index_files

CODE = "FJ141"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every target step that the procedure does not have; files for an earlier version are FJ142."""
    workspace = context.workspace
    files = index_files(workspace)
    for migration in read_migrations(workspace.files):
        version = workspace.procedures.get(migration.procedure)
        if version is None or not version.digest.startswith(migration.new):
            continue
        steps = files.section(version.path, "steps")
        for old, step in migration.steps.items():
            if step not in steps:
                message = say("{procedure} has no step {step}", procedure=version.name, step=step)
                yield unknown_name(CODE, message, Place(migration.path, ("map", old)), step, steps)

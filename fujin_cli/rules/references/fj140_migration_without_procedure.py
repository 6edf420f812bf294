"""
# FJ140 · A migration of an unknown procedure

A migration file names the procedure whose cases it moves. The workspace has no procedure of that name.

Failing:

```yaml fail migrations/together.yaml
migration: together
procedure: ordr
from: 0123456789ab
map: {sent: sent}
deadlines: keep-remaining
reason: two steps became one
approver: p-41
```

Passing:

```yaml pass migrations/together.yaml
migration: together
procedure: order
from: 0123456789ab
map: {sent: sent}
deadlines: keep-remaining
reason: two steps became one
approver: p-41
```

To fix it, correct the name, or delete the file if the migration is finished.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Place, Severity
from fujin_cli.core.model.migration_file import read_migrations
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.defined_names import unknown_name
from fujin_cli.rules.support.file_index import index_files

CODE = "FJ140"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every migration whose procedure does not exist."""
    procedures = index_files(context.workspace).named("procedure")
    for migration in read_migrations(context.workspace.files):
        if migration.procedure not in procedures:
            message = say("there is no procedure {procedure}", procedure=migration.procedure)
            yield unknown_name(CODE, message, Place(migration.path, ("procedure",)), migration.procedure, procedures)

"""
# FJ142 · A migration to a version that is not current

`to` names the version to which the file leads, and the procedure has changed since. The file no longer moves any case.

Failing:

```yaml fail migrations/together.yaml
migration: together
procedure: order
from: 0123456789ab
to: 0000000000aa
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

To fix it, delete the file, or remove `to` if the map also fits the current version. It does no harm to keep the file as
a record.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Place, Severity
from fujin_cli.core.model.migration_file import read_migrations
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext

CODE = "FJ142"
SEVERITY: Severity = "info"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every migration that leads to another version than the one in the workspace."""
    for migration in read_migrations(context.workspace.files):
        version = context.workspace.procedures.get(migration.procedure)
        if version is not None and not version.digest.startswith(migration.new):
            message = say("{procedure} is now version {law}", procedure=version.name, law=version.digest[:12])
            yield Finding(CODE, SEVERITY, message, Place(migration.path, ("to",)), say("delete it, or leave out `to`"))

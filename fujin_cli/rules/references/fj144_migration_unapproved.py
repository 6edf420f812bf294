"""
# FJ144 · A migration approved by an unknown person

Every case that the file moves records who approved the migration, by the person's id on a roster.

Failing:

```yaml fail migrations/together.yaml
migration: together
procedure: order
from: 0123456789ab
map: {sent: sent}
deadlines: keep-remaining
reason: two steps became one
approver: p-99
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

To fix it, write the id of a person on a roster.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Place, Severity
from fujin_cli.core.model.migration_file import read_migrations
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext

CODE = "FJ144"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every migration whose approver is on no roster."""
    workspace = context.workspace
    people = {seated.person for seated in workspace.organisation.people()}
    broken = any(file.pruned or file.tree is None for file in workspace.files if file.kind == "roster")
    for migration in read_migrations(workspace.files):
        if migration.approver and migration.approver not in people and not broken:
            message = say("{person} is on no roster", person=migration.approver)
            yield Finding(CODE, SEVERITY, message, Place(migration.path, ("approver",)))

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

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.missing_procedures import missing_procedures

CODE = "FJ140"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every migration whose procedure does not exist."""
    yield from missing_procedures(context.workspace, CODE)

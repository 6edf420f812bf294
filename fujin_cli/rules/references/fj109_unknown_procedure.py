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
      send: {opens: {orders: {procedure: order, one_each: [helper], give: {task: summary}, instead_of: [refused]}}}
```

A procedure that several places refer to is reported once, at the first of them; the finding lists the others, those in
scenarios and migration files included. So a deleted file is one finding.

To fix it, correct the name, or add the procedure's file.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.missing_procedures import missing_procedures

CODE = "FJ109"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every procedure that is named and that no file defines."""
    yield from missing_procedures(context.workspace, CODE)

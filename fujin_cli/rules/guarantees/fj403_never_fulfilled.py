"""
# FJ403 · A guarantee that is owed for ever

Here a case can go round without a limit, and all the way round it owes what the guarantee promises. Nobody ever breaks
it, and nobody ever keeps it. The run shows how a case enters the round (the marked place) and goes round once.

Failing:

```yaml fail procedures/errand.yaml
steps:
  checking:
    actions:
      redo: {title: redo, to: running, by: inspector}
guarantees:
  what-is-redone-comes-to-an-end: {after: redo, eventually: {enter: any end}}
```

Passing:

```yaml pass procedures/errand.yaml
steps:
  checking:
    actions:
      redo: {title: redo, to: running, by: inspector, limit: 2}
guarantees:
  what-is-redone-comes-to-an-end: {after: redo, eventually: {enter: any end}}
```

To mend it, give one of the moves of the round a `limit`, or let what is promised happen on it.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.text.message import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.guarantee_findings import failing_guarantees, guarantee_finding, guarantee_words, title_of

CODE = "FJ403"
SEVERITY: Severity = "error"
ALONE = True  # it reads procedures and nothing else


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every guarantee that no run violates but that can stay pending for ever, with a shortest lasso."""
    for source, verdict in failing_guarantees(context, "owed"):
        promise, says = title_of(verdict.guarantee), guarantee_words(source, verdict.guarantee)
        message = say("a case can owe “{promise}” for ever: {says}", promise=promise, says=says)
        yield guarantee_finding(source, verdict, CODE, message, say("from here on it goes round"))

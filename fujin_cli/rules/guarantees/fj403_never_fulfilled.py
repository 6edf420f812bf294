"""
# FJ403 · A guarantee that may never be fulfilled

A case can loop here without a limit while the guarantee is still pending, so it is never violated and never fulfilled.
The run shows how a case enters the loop (the marked place), and one round of it.

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

To fix it, give one of the moves of the loop a `limit`, or let the guaranteed event happen on it.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.guarantee_findings import failing_guarantees, guarantee_finding, guarantee_words, title_of

CODE = "FJ403"
SEVERITY: Severity = "error"
ALONE = True  # it reads procedures and nothing else


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every guarantee that no run violates but that can stay pending for ever, with a shortest lasso."""
    for source, verdict in failing_guarantees(context, "never fulfilled"):
        promise, says = title_of(verdict.guarantee), guarantee_words(source, verdict.guarantee)
        message = say("a case can go on forever without fulfilling “{promise}”: {says}", promise=promise, says=says)
        yield guarantee_finding(source, verdict, CODE, message, say("the run repeats from here"))

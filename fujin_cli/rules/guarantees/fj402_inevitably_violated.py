"""
# FJ402 · A guarantee that is inevitably violated

The run violates the guarantee at its last line, but it was inevitable before: from the marked place on, every path to
an end violates it. Fix it at that place. If every run violates the guarantee, it is violated from the beginning.

Failing:

```yaml fail procedures/order.yaml
steps:
  sent:
    actions:
      drop: {title: drop, to: dropping, by: helper}
  dropping:
    title: Dropping
    owner: clerk
    within: 1 working day
    ladder: [{after: 1 working day, raise: street}]
    actions: {confirm: {title: confirm, to: dropped, by: clerk}}
  dropped:
    title: Dropped
    owner: clerk
    within: 1 working day
    ladder: [{after: 1 working day, raise: street}]
    actions: {file: {title: file, to: refused, by: clerk}}
guarantees:
  the-clerk-hears: {eventually: {tells: clerk}, except: {overdue: sent}}
```

Passing:

```yaml pass procedures/order.yaml
steps:
  sent:
    actions:
      drop: {title: drop, to: dropping, by: helper}
  dropping:
    title: Dropping
    owner: clerk
    within: 1 working day
    ladder: [{after: 1 working day, raise: street}]
    actions: {confirm: {title: confirm, to: refused, by: clerk, tell: [clerk]}}
guarantees:
  the-clerk-hears: {eventually: {tells: clerk}, except: {overdue: sent}}
```

To fix it, make it possible to fulfil the guarantee after the marked place, or weaken the guarantee.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.guarantee_findings import failing_guarantees, guarantee_finding, guarantee_words, title_of

CODE = "FJ402"
SEVERITY: Severity = "error"
ALONE = True  # it reads procedures and nothing else


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every guarantee that is lost before the last event of a shortest violating run, or that no run keeps."""
    for source, verdict in failing_guarantees(context, "inevitably violated"):
        promise, says = title_of(verdict.guarantee), guarantee_words(source, verdict.guarantee)
        message = say(
            "a case can reach a point from which “{promise}” is always violated: {says}", promise=promise, says=says
        )
        if verdict.never:
            message = say("every case violates “{promise}”: {says}", promise=promise, says=says)
        yield guarantee_finding(source, verdict, CODE, message, say("after this, every run violates it"))

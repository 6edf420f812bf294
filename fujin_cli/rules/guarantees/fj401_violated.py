"""
# FJ401 · A guarantee that a case can violate

fujin explored every possible case together with the guarantee, including deadlines and refusals. The run shown is a
shortest one that violates it, at its last line. A guarantee is judged when a case ends, and immediately where nothing
that follows could fulfil it. For `only`, the run leads to an action that somebody outside the names may do: by `by`, by
`through` for somebody who needs no proof, or because the case was raised to their level.

Failing:

```yaml fail procedures/order.yaml
guarantees:
  only-with-a-result: {before: {end: refused}, require: finish}
```

Passing:

```yaml pass procedures/order.yaml
guarantees:
  only-with-a-result: {before: {end: finished}, require: finish}
```

To fix it, change the procedure so that the run cannot happen, or weaken the guarantee.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.guarantee_findings import (
    failing_guarantees,
    guarantee_finding,
    guarantee_words,
    outsider_finding,
    title_of,
)

CODE = "FJ401"
SEVERITY: Severity = "error"
ALONE = True  # it reads procedures and nothing else


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every guarantee that some run violates, with a shortest one."""
    for source, verdict in failing_guarantees(context, "violated"):
        promise, says = title_of(verdict.guarantee), guarantee_words(source, verdict.guarantee)
        if verdict.performer is not None:
            yield outsider_finding(source, verdict, CODE)
            continue
        message = say("a case can violate “{promise}”: {says}", promise=promise, says=says)
        yield guarantee_finding(source, verdict, CODE, message, say("this violates it"))

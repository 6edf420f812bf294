"""
# FJ306 · A step without a time

People have to act here, and nothing says by when. No reminder goes out, nobody above is told, and no list shows the
case as late. A step at which nobody acts is none of these: one that leads on at once, or one that only waits for other
cases, which have times of their own.

Failing:

```yaml fail procedures/order.yaml
steps:
  sent:
    actions:
      keep: {title: keep, to: kept, by: helper}
  kept:
    title: Kept
    owner: clerk
    actions: {done: {title: done, to: finished, by: clerk}}
```

Passing:

```yaml pass procedures/order.yaml
steps:
  sent:
    actions:
      keep: {title: keep, to: kept, by: helper}
  kept:
    title: Kept
    owner: clerk
    within: 1 working day
    ladder: [{after: 1 working day, raise: street}]
    actions: {done: {title: done, to: finished, by: clerk}}
```

To mend it, say `within` and a `ladder`, or `lasts` for a period that is meant to end.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from fujin_cli.core.finding import Finding, Severity
from fujin_cli.core.message import say
from fujin_cli.core.workspace import Workspace
from fujin_cli.rules.reading import readings

CODE = "FJ306"
SEVERITY: Severity = "error"


def check(workspace: Workspace, today: date) -> Iterator[Finding]:
    """Every step that people work at without ``within`` or ``lasts``."""
    for reading in readings(workspace):
        for name, step in reading.procedure.steps.items():
            if step.end is None and step.actions and not step.within and not step.lasts:
                yield Finding(
                    CODE,
                    "error",
                    say("nothing says by when {step} must be done", step=reading.title(name)),
                    reading.place(("steps",), name),
                    say("add within: and a ladder:, or lasts: for a period that is meant to end"),
                )

"""
# FJ303 · A case that is stuck

Here a case can come to a step where nobody can do anything that takes it further, nothing happens by itself, no
deadline moves it and no other case is awaited. It would stay open for ever. The run that leads there is a shortest one.

Failing:

```yaml fail procedures/order.yaml
steps:
  sent:
    actions:
      keep: {title: keep, to: kept, by: helper, may: [found]}
  kept:
    title: Kept
    owner: clerk
    within: 1 working day
    ladder: [{after: 1 working day, raise: street}]
    actions: {done: {title: done, to: finished, by: clerk, when: {found: litter}}}
```

Passing:

```yaml pass procedures/order.yaml
steps:
  sent:
    actions:
      keep: {title: keep, to: kept, by: helper, may: [found]}
  kept:
    title: Kept
    owner: clerk
    within: 1 working day
    ladder: [{after: 1 working day, raise: street}]
    actions:
      done: {title: done, to: finished, by: clerk, when: {found: litter}}
      other: {title: other, to: refused, by: clerk, when: {found: {not: litter}}}
```

To mend it, add an action or a move for the data that the run shows, or a rung that leads on.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from fujin_cli.core.explore import Exploration
from fujin_cli.core.finding import Finding, Severity
from fujin_cli.core.message import say
from fujin_cli.core.workspace import Workspace
from fujin_cli.rules.proofs import explored, shown

CODE = "FJ303"
SEVERITY: Severity = "error"
ALONE = True  # it reads procedures and nothing else


def check(workspace: Workspace, today: date) -> Iterator[Finding]:
    """One finding for each step at which a case can be stuck, with a shortest run."""
    for reading, found in explored(workspace):
        stuck: dict[str, Finding] = {}
        for entry in found:
            for number in _stuck(entry):
                name = entry.step(number)
                if name not in stuck:
                    title = reading.procedure.steps[name].title or name
                    stuck[name] = Finding(
                        CODE,
                        "error",
                        say("a case can be stuck at {step}: nothing takes it further", step=title),
                        reading.place(("steps",), name),
                        say("add an action or a move for the data of the run, or a rung that leads on"),
                        trace=shown(reading, entry.way_to(number)),
                    )
        yield from stuck.values()


def _stuck(found: Exploration) -> Iterator[int]:
    """States at no end from which nothing but the same step with the same possibilities follows, nearest first."""
    leaves = [
        found.ended(number) or any(edge.target != number for edge in found.edges[number])
        for number in range(len(found.states))
    ]
    yield from (number for number, free in enumerate(leaves) if not free)

"""
# FJ304 · No path to an end

From here on there is always a possible move, but the case can never end: every path leads back. A limit that is used up
counts as closed. The run shows how a case gets there, and one round of the loop.

Failing:

```yaml fail procedures/order.yaml
steps:
  sent:
    actions:
      keep: {title: keep, to: kept, by: helper}
  kept:
    title: Kept
    owner: clerk
    within: 1 working day
    ladder: [{after: 1 working day, raise: street}]
    actions: {look: {title: look, to: looked, by: clerk}}
  looked:
    title: Looked at
    owner: clerk
    within: 1 working day
    ladder: [{after: 1 working day, raise: street}]
    actions: {back: {title: back, to: kept, by: clerk}}
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
    actions: {look: {title: look, to: looked, by: clerk}}
  looked:
    title: Looked at
    owner: clerk
    within: 1 working day
    ladder: [{after: 1 working day, raise: street}]
    actions:
      back: {title: back, to: kept, by: clerk, limit: 2}
      done: {title: done, to: finished, by: clerk}
```

To fix it, add an action, a move or a rung that leads from one of these steps towards an end.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.text.localized import say
from fujin_cli.core.verify.deadlocks import find_dead_ends
from fujin_cli.rules.support.confirmed_runs import with_confirmed_run
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.traces import related_settings

CODE = "FJ304"
SEVERITY: Severity = "error"
ALONE = True  # it reads procedures and nothing else


def check(context: RuleContext) -> Iterator[Finding]:
    """Report each set of steps that a case enters and never leaves for an end; purely automatic circles are FJ308."""
    for source, explorations in context.explored():
        reported_steps: set[frozenset[str]] = set()
        for exploration in explorations:
            for end in find_dead_ends(exploration) or ():
                if (
                    not end.circle
                    or end.steps in reported_steps
                    or all(edge.label.kind == "move" for edge in end.circle)
                ):
                    continue
                reported_steps.add(end.steps)
                listed = [name for name in source.procedure.steps if name in end.steps]
                finding = Finding(
                    CODE,
                    "error",
                    say("no end can be reached from {steps}", steps=[source.title(name) for name in listed]),
                    source.place(("steps",), exploration.step_of(end.circle[0].source)),
                    say("add a move from one of these steps towards an end"),
                    related=related_settings(source, exploration.changed_settings),
                )
                yield with_confirmed_run(context, source, exploration, finding, end.run, end.circle)

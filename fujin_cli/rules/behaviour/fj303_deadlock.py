"""
# FJ303 · A case that is stuck

Here a case can come to a step where nobody can do anything that takes it further, nothing happens by itself, no
deadline moves it and no other case is awaited. It would stay open for ever. What could lead on may ask for other data,
or its limit may be used up. The run that leads there is a shortest one that keeps to every limit.

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

To mend it, add an action or a move for the data that the run shows, or a rung that leads on;
where a limit is used up, a `then` that says what happens afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.text.message import say
from fujin_cli.core.verify.deadlocks import awaited, dead_ends
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.traces import related_settings, trace_of

CODE = "FJ303"
SEVERITY: Severity = "error"
ALONE = True  # it reads procedures and nothing else


def check(context: RuleContext) -> Iterator[Finding]:
    """Report each step at which a case can be stuck, with a shortest run; waiting for other cases is FJ312."""
    for source, explorations in context.explored():
        reported_steps: set[str] = set()
        for exploration in explorations:
            for end in dead_ends(exploration) or ():
                name = exploration.step(end.number)
                if end.circle or name in reported_steps or awaited(exploration, end.number):
                    continue
                if any(edge.label.kind == "move" and not edge.label.limited for edge in exploration.edges[end.number]):
                    continue  # an automatic circle: FJ308
                reported_steps.add(name)
                used_up = any(
                    edge.label.limited and edge.target != end.number for edge in exploration.edges[end.number]
                )
                yield Finding(
                    CODE,
                    "error",
                    say("a case can be stuck at {step}: nothing takes it further", step=source.title(name)),
                    source.place(("steps",), name),
                    say("say with then: what happens once the limit is used up")
                    if used_up
                    else say("add an action or a move for the data of the run, or a rung that leads on"),
                    related=related_settings(source, exploration.unusual),
                    trace=trace_of(source, end.run, exploration.unusual),
                )

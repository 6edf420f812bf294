"""
# FJ303 · A deadlock

A case can get stuck at this step: no action is possible, no automatic move or deadline moves it, and it does not wait
for another case. It would stay open forever. The actions that could move it may need other data, or their limits are
used up. The run shown is a shortest one that respects all limits.

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

To fix it, add an action or a move that is possible with the data of the run, or a rung with `to`; where a limit is used
up, add a `then` that says what happens afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.simulate.expectations import is_stuck
from fujin_cli.core.text.localized import say
from fujin_cli.core.verify.deadlocks import find_awaited_test, find_dead_ends
from fujin_cli.rules.support.confirmed_runs import with_confirmed_run
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.traces import related_settings

CODE = "FJ303"
SEVERITY: Severity = "error"
ALONE = True  # it reads procedures and nothing else


def check(context: RuleContext) -> Iterator[Finding]:
    """Report each step at which a case can be stuck, with a shortest run; waiting for other cases is FJ312."""
    for source, explorations in context.explored():
        reported_steps: set[str] = set()
        for exploration in explorations:
            for end in find_dead_ends(exploration) or ():
                name = exploration.step_of(end.number)
                if end.circle or name in reported_steps or find_awaited_test(exploration, end.number):
                    continue
                if any(edge.label.kind == "move" and not edge.label.limited for edge in exploration.edges[end.number]):
                    continue  # an automatic circle: FJ308
                reported_steps.add(name)
                used_up = any(
                    edge.label.limited and edge.target != end.number for edge in exploration.edges[end.number]
                )
                finding = Finding(
                    CODE,
                    "error",
                    say("a case can get stuck at {step}: no further move is possible", step=source.title(name)),
                    source.place(("steps",), name),
                    say("add then: to say what happens when the limit is used up")
                    if used_up
                    else say("add an action or a move that is possible with the data of the run, or a rung with to:"),
                    related=related_settings(source, exploration.changed_settings),
                )
                yield with_confirmed_run(context, source, exploration, finding, end.run, shows=is_stuck)

"""
# FJ308 · A loop of automatic moves

Nobody acts here and no time passes: one automatic move leads to the next and back again. The engine stops after a
hundred moves and refuses the action that started them, so a case with these data can never leave this place.

Failing:

```yaml fail procedures/order.yaml
steps:
  sent:
    actions:
      sort: {title: sort, to: sorting, by: helper, needs: [found]}
  sorting:
    title: Sorting
    then:
      - {when: {found: litter}, to: weighing}
      - {to: finished}
  weighing:
    title: Weighing
    then:
      - {to: sorting}
```

Passing:

```yaml pass procedures/order.yaml
steps:
  sent:
    actions:
      sort: {title: sort, to: sorting, by: helper, needs: [found]}
  sorting:
    title: Sorting
    then:
      - {when: {found: litter}, to: weighing}
      - {to: finished}
  weighing:
    title: Weighing
    then:
      - {to: refused}
```

To fix it, let one of the moves lead elsewhere, or let people decide in between.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Place, Severity
from fujin_cli.core.text.localized import say
from fujin_cli.core.verify.unbounded_cycles import find_loops
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.traces import related_settings, trace_of

CODE = "FJ308"
SEVERITY: Severity = "error"
ALONE = True  # it reads procedures and nothing else


def check(context: RuleContext) -> Iterator[Finding]:
    """Report each circle of automatic moves."""
    for source, explorations in context.explored():
        reported_steps: set[frozenset[str]] = set()
        for exploration in explorations:
            for loop in (find_loops(exploration) or ((), ()))[0]:
                steps = frozenset(loop.steps)
                if steps in reported_steps:
                    continue
                reported_steps.add(steps)
                yield Finding(
                    CODE,
                    "error",
                    say("automatic moves loop forever: {steps}", steps=[source.title(name) for name in loop.steps]),
                    Place(source.file.path, loop.circle[0].label.route),
                    say("let one of these moves lead elsewhere"),
                    related=related_settings(source, exploration.changed_settings),
                    trace=trace_of(source, [*loop.run, *loop.circle], exploration.changed_settings),
                )

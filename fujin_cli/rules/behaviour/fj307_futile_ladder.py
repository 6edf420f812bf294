"""
# FJ307 · A ladder without an effect

If nobody acts here, only messages are sent: no rung at or after the deadline moves the case (`to`) or reaches a higher
level (`raise`). Only those who missed the deadline are told, and the case stays where it is. A rung with a limit does
not count, because it stops having an effect.

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
    ladder: [{at: deadline, tell: [clerk]}]
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
    ladder:
      - {at: deadline, tell: [clerk]}
      - {after: 1 working day, raise: street}
    actions: {done: {title: done, to: finished, by: clerk}}
```

To fix it, add a rung with `raise: LEVEL`, or one with `to: STEP`. A step that the highest level owns needs neither.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.model.procedure import Procedure, Step
from fujin_cli.core.model.rung_types import Rung
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.procedure_source import procedure_sources

CODE = "FJ307"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every step with a deadline whose ladder neither moves the case nor raises it to a higher level."""
    levels = context.workspace.organisation.levels
    for source in procedure_sources(context.workspace):
        for name, step in source.procedure.steps.items():
            if (
                not step.within
                or any(map(_escalates, step.ladder))
                or _is_at_top_level(source.procedure, step, levels[-1:])
            ):
                continue
            yield Finding(
                CODE,
                "error",
                say("when the deadline of {step} passes, no higher level is told", step=source.title(name)),
                source.place(("steps", name), "ladder" if step.ladder else "within"),
                say("add a rung with raise: or to:"),
            )


def _escalates(rung: Rung) -> bool:
    lasting = rung.limit is None or rung.then is not None
    return not rung.is_reminder and lasting and bool(rung.raises or rung.to)


def _is_at_top_level(procedure: Procedure, step: Step, top: tuple[str, ...]) -> bool:
    owner = procedure.people.get(step.owner or "")
    return owner is not None and owner.of in top

"""
# FJ306 · A step without a deadline

People have to act here, but no deadline is set. No reminder is sent, no higher level is told, and the case never counts
as late. The same holds where a step lasts until a moment in a field (`lasts: {until: FIELD}`) and a case can arrive
without that field. Steps without actors are not reported: those that a case passes at once, and those that only wait
for other cases, which have deadlines of their own.

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

To fix it, add `within` and a `ladder`, or `lasts` for a period that ends by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fujin_cli.core.explore.domains import NO_VALUE
from fujin_cli.core.explore.feasible_paths import Undecided, find_feasible_path
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.model.procedure import Step
from fujin_cli.core.text.localized import say
from fujin_cli.core.verify.deadlocks import find_dead_ends
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.procedure_source import ProcedureSource, procedure_sources
from fujin_cli.rules.support.traces import related_settings, trace_of

CODE = "FJ306"
SEVERITY: Severity = "error"
ALONE = True  # it reads procedures and nothing else


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every step with actions but no time limit, and every ``lasts`` that some case has no end of."""
    explorations = context.explorations.explorations
    for source in procedure_sources(context.workspace):
        for step in source.procedure.steps.values():
            if step.lasts and step.lasts.until:
                yield from _check_endless(source, step, step.lasts.until, explorations.get(source.procedure.name, ()))
            elif step.end is None and step.actions and not step.within and not step.lasts:
                yield Finding(
                    CODE,
                    "error",
                    say("{step} has no deadline", step=source.title(step.name)),
                    source.place(("steps",), step.name),
                    say("add within: and a ladder:, or lasts: for a period that is meant to end"),
                )


def _check_endless(
    source: ProcedureSource, step: Step, until: str, explorations: Sequence[Exploration]
) -> Iterator[Finding]:
    for exploration in explorations:
        if any(step.name in end.steps for end in find_dead_ends(exploration) or ()):
            return  # FJ303 or FJ304 reports it
        place = exploration.model.places[until]
        numbers = {
            number
            for number, state in enumerate(exploration.states)
            if state.values[place] == NO_VALUE and exploration.step_of(number) == step.name
        }
        try:
            run = find_feasible_path(exploration, numbers)
        except Undecided:
            run = []
        if run is not None:
            yield Finding(
                CODE,
                "error",
                say("{step} never ends for a case without {field}", step=source.title(step.name), field=until),
                source.place(("steps", step.name, "lasts", "until")),
                say("make every move that leads here require the field"),
                related=related_settings(source, exploration.changed_settings),
                trace=trace_of(source, run, exploration.changed_settings),
            )
            return

"""
# FJ301 · A step that no case can reach

fujin explored every possible case, with all data that guards distinguish, all settings at their extremes, and all
limits. None of them reaches this step.

Failing:

```yaml fail procedures/errand.yaml
steps:
  waiting:
    title: Waiting
    owner: clerk
    within: 1 working day
    ladder: [{after: 1 working day, raise: street}]
    actions: {go-on: {title: go on, to: checking, by: clerk}}
```

Passing:

```yaml pass procedures/errand.yaml
steps:
  running:
    actions:
      wait: {title: wait, to: waiting, by: clerk, limit: 1}
  waiting:
    title: Waiting
    owner: clerk
    within: 1 working day
    ladder: [{after: 1 working day, raise: street}]
    actions: {go-on: {title: go on, to: checking, by: clerk}}
```

To fix it, let an action, a move or a rung lead to the step, correct the guard that keeps cases from it, or remove the
step.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.text.localized import say
from fujin_cli.core.verify.reachable_moves import find_reachable_rules, find_reachable_steps
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.root_causes import root_unreached_steps

CODE = "FJ301"
SEVERITY: Severity = "error"
ALONE = True  # it reads procedures and nothing else


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every step that no case reaches under any choice of settings, unless another finding explains it."""
    for source, explorations in context.explored():
        reached = frozenset().union(*map(find_reachable_steps, explorations))
        taken_rules = frozenset().union(*map(find_reachable_rules, explorations))
        explained_rules = (
            frozenset(move.rule for _, move in source.procedure.all_actions()) - taken_rules
        )  # FJ302 and FJ309 report these
        for name in root_unreached_steps(source.procedure, reached, explained_rules):
            yield Finding(
                CODE,
                "error",
                say("no case can reach {step}", step=source.title(name)),
                source.place(("steps",), name),
                say("add a move that leads to it, or remove it"),
            )

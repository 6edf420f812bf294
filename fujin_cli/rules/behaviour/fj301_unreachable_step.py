"""
# FJ301 · A step that no case ever reaches

Every case that can happen was followed, with all the data that guards tell apart, every setting at its extremes and
every limit kept. None of them comes to this step, so whatever it promises is promised to nobody.

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

To mend it, let an action, a move or a rung lead to the step, mend the guard that keeps cases from it, or take it out.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.text.message import say
from fujin_cli.core.verify.reachable_moves import possible_rules, possible_steps
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.root_causes import root_unreached_steps

CODE = "FJ301"
SEVERITY: Severity = "error"
ALONE = True  # it reads procedures and nothing else


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every step that no case reaches under any choice of settings, unless another finding explains it."""
    for source, explorations in context.explored():
        reached = frozenset().union(*map(possible_steps, explorations))
        taken_rules = frozenset().union(*map(possible_rules, explorations))
        explained_rules = (
            frozenset(move.rule for _, move in source.procedure.all_actions()) - taken_rules
        )  # FJ302 and FJ309 report these
        for name in root_unreached_steps(source.procedure, reached, explained_rules):
            yield Finding(
                CODE,
                "error",
                say("no case ever reaches {step}", step=source.title(name)),
                source.place(("steps",), name),
                say("let something lead to it, or take it out"),
            )

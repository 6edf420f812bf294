"""
# FJ314 · A limit that is never used up

The `then` of this limit never happens: other limits, or steps that nothing leads back to, always end the loop before.
Readers expect a path that does not exist, and no test can cover it. A `limit` without `then` is not reported, because
it may be there to show that a loop ends.

Failing:

```yaml fail procedures/order.yaml
steps:
  sent:
    actions:
      give-back: {title: give back, to: refused, by: helper, limit: 2, then: {to: finished}}
```

Passing:

```yaml pass procedures/order.yaml
steps:
  sent:
    actions:
      ask: {title: ask, by: helper, limit: 2, tell: {clerk: answer}, then: {to: refused, tell: {clerk: answer}}}
```

To fix it, remove `then` and, if nothing else needs it, the limit; or lower the limit.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Place, Severity
from fujin_cli.core.model.procedure import Action
from fujin_cli.core.model.rung_types import Rung
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.core.verify.deadlocks import find_dead_ends
from fujin_cli.core.verify.reachable_moves import find_reachable_overflows, find_reachable_rules, find_reachable_steps
from fujin_cli.rules.support.context import RuleContext

CODE = "FJ314"
SEVERITY: Severity = "warning"
ALONE = True  # it reads procedures and nothing else


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every ``then`` of a limit that no run reaches, unless FJ301 or FJ302 explains it."""
    for source, explorations in context.explored():
        limited = [(move, move.then.to) for move in source.procedure.all_moves() if move.limit and move.then]
        if not limited or any(map(find_dead_ends, explorations)):  # a dead end may also hide runs that use up a limit
            continue
        taken_rules = frozenset().union(*map(find_reachable_rules, explorations))
        overflowed_rules = frozenset().union(*map(find_reachable_overflows, explorations))
        reached = frozenset().union(*map(find_reachable_steps, explorations))
        for move, to in limited:
            if move.rule in taken_rules and move.rule not in overflowed_rules and (to is None or to in reached):
                yield Finding(
                    CODE,
                    "warning",
                    _describe_limit(move),
                    Place(source.file.path, (*move.route, "then"), key=True),
                    say("remove then:, or lower the limit to what can happen"),
                )


def _describe_limit(move: Action | Rung) -> LocalizedText:
    named = move.title or (move.name if move.by else "") if isinstance(move, Action) else ""
    if named:
        return say("the limit of {action} can never be used up", action=named)
    return say("the limit of this move can never be used up")

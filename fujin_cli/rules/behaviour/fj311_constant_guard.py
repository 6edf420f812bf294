"""
# FJ311 · A guard that is always true

This guard holds for every case that reaches it, so it suggests a choice that does not exist; or one of its alternatives
never holds. (For a guard that never holds, see FJ302.)

Failing:

```yaml fail procedures/order.yaml
steps:
  sent:
    actions:
      sort: {title: sort, to: sorting, by: helper, needs: [found]}
  sorting:
    title: Sorting
    owner: clerk
    within: 1 working day
    ladder: [{after: 1 working day, raise: street}]
    actions:
      sweep: {title: sweep, to: finished, by: clerk, when: {found: given}}
```

Passing:

```yaml pass procedures/order.yaml
steps:
  sent:
    actions:
      sort: {title: sort, to: sorting, by: helper, may: [found]}
  sorting:
    title: Sorting
    owner: clerk
    within: 1 working day
    ladder: [{after: 1 working day, raise: street}]
    actions:
      sweep: {title: sweep, to: finished, by: clerk, when: {found: given}}
      close: {title: close, to: refused, by: clerk}
```

To fix it, remove the guard (or the alternative), or make other values of the field possible.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fujin_cli.core.cases.conditions import single_test_holds
from fujin_cli.core.findings.finding import Finding, Place, Severity
from fujin_cli.core.model.procedure import Action, Step
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.guard_states import (
    StateRef,
    StatesByStep,
    fields_of,
    states_by_step,
    states_checking,
    value_words,
)
from fujin_cli.rules.support.procedure_source import ProcedureSource

CODE = "FJ311"
SEVERITY: Severity = "warning"
ALONE = True  # it reads procedures and nothing else


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every guard that always holds, and every alternative of a guard that never holds."""
    for source, explorations in context.explored():
        states = states_by_step(explorations)
        taken_rules = {edge.label.rule for exploration in explorations for edges in exploration.edges for edge in edges}
        for step, action in source.procedure.all_actions():
            if action.when and action.rule in taken_rules:
                yield from _check_constant(source, states, step, action)


def _check_constant(
    source: ProcedureSource, states: StatesByStep, step: Step | None, action: Action
) -> Iterator[Finding]:
    refs = list(states_checking(source, states, step, action))
    facts = value_words(refs, fields_of(action))
    if all(ref.satisfies(action) for ref in refs):
        yield Finding(
            CODE,
            "warning",
            say("this guard always holds; values tried: {facts}", facts=facts)
            if facts
            else say("this guard always holds"),
            Place(source.file.path, (*action.route, "when"), key=True),
            say("remove the guard, or make it possible that it does not hold"),
        )
        return
    for index in _find_never_true_alternatives(refs, action):
        yield Finding(
            CODE,
            "warning",
            say("this alternative never holds; values tried: {facts}", facts=facts)
            if facts
            else say("this alternative never holds"),
            Place(source.file.path, (*action.route, "when", index)),
            say("remove the alternative, or make it possible"),
        )


def _find_never_true_alternatives(refs: Sequence[StateRef], action: Action) -> list[int]:
    """List the indexes of the alternatives of a guard that hold in none of the states."""
    alternatives = action.when.alternatives if action.when else ()
    possible = dict(enumerate(alternatives)) if len(alternatives) > 1 else {}
    for ref in refs:
        facts = ref.facts
        for index in [
            index for index, tests in possible.items() if all(single_test_holds(test, facts) for test in tests)
        ]:
            del possible[index]
    return list(possible)

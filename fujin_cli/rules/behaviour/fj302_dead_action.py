"""
# FJ302 · An action that can never be taken

Cases reach the step, but this action is never open there, whatever the data and the settings: its guard can never hold,
another move always takes the case away first, or it needs something done twice that `spaced` allows again only after
the case has left the step. (For an automatic move that an earlier one always precedes, see FJ309.)

Failing:

```yaml fail procedures/order.yaml
steps:
  sent:
    actions:
      praise: {title: praise, to: finished, by: clerk, when: {found: litter}}
```

Passing:

```yaml pass procedures/order.yaml
steps:
  sent:
    actions:
      look: {title: look, by: helper, needs: [found]}
      praise: {title: praise, to: finished, by: clerk, when: {found: litter}}
```

To fix it, correct the guard, make it possible that the field gets the value in the guard, or remove the action.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.cases.moves import is_available_at
from fujin_cli.core.findings.finding import Finding, Place, Related, Severity
from fujin_cli.core.model.procedure import Action
from fujin_cli.core.text.localized import say
from fujin_cli.core.verify.reachable_moves import find_reachable_rules, find_reachable_steps
from fujin_cli.core.verify.spaced_moves import find_rules_in_time, find_unrepeatable_rules
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.guard_states import (
    find_shadowed_moves,
    states_by_step,
    states_checking,
    tests_never_true,
)
from fujin_cli.rules.support.procedure_source import ProcedureSource
from fujin_cli.rules.support.root_causes import waits_for_others

CODE = "FJ302"
SEVERITY: Severity = "error"
ALONE = True  # it reads procedures and nothing else


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every action or move of a reached step that no case takes under any choice of settings."""
    calendar = context.workspace.build_calendar()
    for source, explorations in context.explored():
        unrepeatable = find_unrepeatable_rules(source.procedure, calendar)
        reached = frozenset().union(*map(find_reachable_steps, explorations))
        taken_rules = frozenset().union(*map(find_reachable_rules, explorations))
        in_time = taken_rules
        if unrepeatable:
            in_time &= frozenset().union(*(find_rules_in_time(each, unrepeatable) for each in explorations))
        states = states_by_step(explorations)
        for step, action in source.procedure.all_actions():
            if action.rule in in_time or (step is not None and step.name not in reached):
                continue
            if step is not None and len(step.then) > 1 and action.rule in find_shadowed_moves(states, step):
                continue
            if step is not None and waits_for_others(explorations, step, action):
                continue  # FJ312 reports it
            all_steps = source.procedure.steps.items()
            if step is None and {name for name, at in all_steps if is_available_at(action, at)} - reached:
                continue  # FJ301 reports that its steps are not reached
            if action.rule in taken_rules:
                yield _too_late_finding(source, action, unrepeatable)
                continue
            yield Finding(
                CODE,
                "error",
                say("{action} can never be taken", action=action.title or action.name),
                Place(source.file.path, action.route, key=isinstance(action.route[-1], str)),
                say(
                    "a limit is used up before its guard holds, or another move always comes first; change one of these"
                )
                if any(ref.satisfies(action) for ref in states_checking(source, states, step, action))
                else say("correct its guard, or remove the action"),
                tuple(
                    Related(say("this never holds here"), source.place_of_test(test))
                    for test in tests_never_true(source, states, step, action)
                ),
            )


def _too_late_finding(source: ProcedureSource, action: Action, unrepeatable: frozenset[str]) -> Finding:
    """Say that an action needs another one done twice, and that the step ends before ``spaced`` allows that."""
    spaced = [other for _, other in source.procedure.all_actions() if other.rule in unrepeatable]
    return Finding(
        CODE,
        "error",
        say("{action} can never be taken", action=action.title or action.name),
        Place(source.file.path, action.route, key=isinstance(action.route[-1], str)),
        say("let less time pass between two times (`spaced`), or give the step more time"),
        tuple(
            Related(
                say("the case has left the step before this can be done again"),
                Place(source.file.path, (*other.route, "spaced")),
            )
            for other in spaced
        ),
    )

"""
# FJ309 · Guards that overlap

Automatic moves are tried in order, and the first possible one is taken. This move is never taken: whenever its guard
holds, an earlier one has already moved the case. For two actions of people, this is a warning: they compare the same
field with different bounds, as alternatives, but both are open for some value, so whoever acts first decides.

Failing:

```yaml fail procedures/order.yaml
steps:
  sent:
    actions:
      sort: {title: sort, to: sorting, by: helper, needs: [found]}
  sorting:
    title: Sorting
    then:
      - {when: {found: given}, to: finished}
      - {when: {found: damage}, to: refused}
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
      - {when: {found: damage}, to: refused}
      - {when: {found: given}, to: finished}
```

To fix it, put the narrower guard first, or change a bound so that each value belongs to one of the two.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from fujin_cli.core.explore.feasible_paths import Undecided, find_feasible_path
from fujin_cli.core.explore.state import Edge
from fujin_cli.core.findings.finding import Finding, Place, Related, Severity
from fujin_cli.core.model.operators import ORDER_OPERATORS
from fujin_cli.core.model.procedure import Action, Step
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.guard_states import (
    StateRef,
    StatesByStep,
    fields_of,
    find_shadowed_moves,
    states_by_step,
    value_words,
)
from fujin_cli.rules.support.procedure_source import ProcedureSource
from fujin_cli.rules.support.traces import related_settings, trace_of

CODE = "FJ309"
SEVERITY: Severity = "error"
ALONE = True  # it reads procedures and nothing else


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every automatic move that an earlier one always preempts, and every two actions whose bounds overlap."""
    for source, explorations in context.explored():
        states = states_by_step(explorations)
        for step in source.procedure.steps.values():
            earlier = find_shadowed_moves(states, step) if len(step.then) > 1 else {}
            for action in step.then:
                if action.rule in earlier:
                    yield _preempted_move_finding(source, step, action, earlier[action.rule])
            for first, second in combinations(step.actions.values(), 2):
                yield from _check_overlap(source, states, step, first, second)


def _preempted_move_finding(source: ProcedureSource, step: Step, action: Action, earlier: Action) -> Finding:
    return Finding(
        CODE,
        "error",
        say("this move is never taken at {step}: an earlier one always comes first", step=source.title(step.name)),
        Place(source.file.path, action.route),
        say("put the narrower guard first"),
        related=(Related(say("the earlier move"), Place(source.file.path, earlier.route)),),
    )


def _check_overlap(
    source: ProcedureSource, states: StatesByStep, step: Step, first: Action, second: Action
) -> Iterator[Finding]:
    fields = [name for name in fields_of(first, *ORDER_OPERATORS) if name in fields_of(second, *ORDER_OPERATORS)]
    if not fields or None in (first.to, second.to) or first.to == second.to:
        return
    open_at: dict[tuple[bool, bool], StateRef] = {}
    for ref in states.at(step.name):
        open_at.setdefault((ref.satisfies(first), ref.satisfies(second)), ref)
    both = open_at.get((True, True))
    if both is None or (True, False) not in open_at or (False, True) not in open_at:
        return
    run = _run_to(both)
    if run is not None:
        yield Finding(
            CODE,
            "warning",
            say(
                "{one} and {other} are both open when {facts}",
                one=first.title or first.name,
                other=second.title or second.name,
                facts=value_words([both], fields),
            ),
            Place(source.file.path, (*second.route, "when"), key=True),
            say("change a bound so that each value belongs to one of the two"),
            related=(
                Related(say("the other guard"), Place(source.file.path, (*first.route, "when"), key=True)),
                *related_settings(source, both.exploration.changed_settings),
            ),
            trace=trace_of(source, run, both.exploration.changed_settings),
        )


def _run_to(ref: StateRef) -> list[Edge] | None:
    """Find a feasible run to the state; an empty one where that is undecided, None where there is none."""
    try:
        return find_feasible_path(ref.exploration, {ref.number})
    except Undecided:
        return []

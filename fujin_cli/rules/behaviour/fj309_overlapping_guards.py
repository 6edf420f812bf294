"""
# FJ309 · Guards that overlap

Moves that nobody makes are tried in their order, and the first one that can happen does. This one can never have its
turn: whenever its guard holds, an earlier one has already taken the case away. Two actions of people that compare the
same field with different bounds are meant as alternatives; where their guards overlap at some value and differ at
others, whoever acts first decides what nobody wanted left open (a warning).

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

To mend it, put the narrower guard first, or change a bound so that each value belongs to one of the two.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from fujin_cli.core.explore.feasible_paths import Undecided, exact_way
from fujin_cli.core.explore.state import Edge
from fujin_cli.core.findings.finding import Finding, Place, Related, Severity
from fujin_cli.core.model.operators import ORDER_OPERATORS
from fujin_cli.core.model.procedure import Action, Step
from fujin_cli.core.text.message import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.guard_states import (
    StateRef,
    StatesByStep,
    fields_of,
    find_shadowed_moves,
    holds,
    states_by_step,
    value_words,
)
from fujin_cli.rules.support.procedure_source import ProcedureSource
from fujin_cli.rules.support.traces import related_settings, trace_of

CODE = "FJ309"
SEVERITY: Severity = "error"
ALONE = True  # it reads procedures and nothing else


def check(context: RuleContext) -> Iterator[Finding]:
    """Every automatic move that another one always forestalls, and every two actions whose bounds overlap."""
    for reading, found in context.explored():
        steps = states_by_step(found)
        for step in reading.procedure.steps.values():
            earlier = find_shadowed_moves(steps, step) if len(step.then) > 1 else {}
            for action in step.then:
                if action.rule in earlier:
                    yield _forestalled(reading, step, action, earlier[action.rule])
            for one, other in combinations(step.actions.values(), 2):
                yield from _overlapping(reading, steps, step, one, other)


def _forestalled(reading: ProcedureSource, step: Step, action: Action, earlier: Action) -> Finding:
    return Finding(
        CODE,
        "error",
        say("this move never has its turn at {step}: an earlier one always comes first", step=reading.title(step.name)),
        Place(reading.file.path, action.route),
        say("put the narrower guard first"),
        related=(Related(say("the earlier move"), Place(reading.file.path, earlier.route)),),
    )


def _overlapping(
    reading: ProcedureSource, steps: StatesByStep, step: Step, one: Action, other: Action
) -> Iterator[Finding]:
    fields = [name for name in fields_of(one, *ORDER_OPERATORS) if name in fields_of(other, *ORDER_OPERATORS)]
    if not fields or None in (one.to, other.to) or one.to == other.to:
        return
    open_at: dict[tuple[bool, bool], StateRef] = {}
    for here in steps.at(step.name):
        open_at.setdefault((holds(here, one), holds(here, other)), here)
    both = open_at.get((True, True))
    if both is None or (True, False) not in open_at or (False, True) not in open_at:
        return
    run = _run(both)
    if run is not None:
        yield Finding(
            CODE,
            "warning",
            say(
                "{one} and {other} are both open where {facts}",
                one=one.title or one.name,
                other=other.title or other.name,
                facts=value_words([both], fields),
            ),
            Place(reading.file.path, (*other.route, "when"), key=True),
            say("change a bound so that each value belongs to one of the two"),
            related=(
                Related(say("the other guard"), Place(reading.file.path, (*one.route, "when"), key=True)),
                *related_settings(reading, both[0].unusual),
            ),
            trace=trace_of(reading, run, both[0].unusual),
        )


def _run(here: StateRef) -> list[Edge] | None:
    try:
        return exact_way(here[0], {here[1]})
    except Undecided:
        return []

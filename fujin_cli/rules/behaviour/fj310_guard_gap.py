"""
# FJ310 · Guards that leave a gap

With the values shown, no action of this step is open, although the guards allow others: the values fall between the
guards. Nobody can act until time moves the case on. (If time does not move it, it is a deadlock: FJ303.)

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
    ladder: [{after: 1 working day, to: refused}]
    actions:
      sweep: {title: sweep, to: finished, by: clerk, when: {found: litter}}
```

Passing:

```yaml pass procedures/order.yaml
steps:
  sent:
    actions:
      sort: {title: sort, to: sorting, by: helper, needs: [found]}
  sorting:
    title: Sorting
    owner: clerk
    within: 1 working day
    ladder: [{after: 1 working day, to: refused}]
    actions:
      sweep: {title: sweep, to: finished, by: clerk, when: {found: litter}}
      repair: {title: repair, to: finished, by: clerk, when: {found: damage}}
```

To fix it, widen one of the guards, or add an action for the values shown. If the step is meant to wait, use `lasts`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fujin_cli.core.explore.feasible_paths import Undecided, find_feasible_path
from fujin_cli.core.explore.graph import find_ancestors
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.explore.state import Edge
from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.model.procedure import Action, Step
from fujin_cli.core.text.localized import say
from fujin_cli.core.verify.deadlocks import find_dead_ends
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.guard_states import (
    StateRef,
    StatesByStep,
    failing_tests,
    fields_of,
    states_by_step,
    value_words,
)
from fujin_cli.rules.support.procedure_source import ProcedureSource
from fujin_cli.rules.support.traces import related_settings, trace_of

CODE = "FJ310"
SEVERITY: Severity = "warning"
ALONE = True  # it reads procedures and nothing else


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every step with a deadline at which, for some values, no action leads on."""
    for source, explorations in context.explored():
        states = states_by_step(explorations)
        dead_end_steps = {
            step for exploration in explorations for end in find_dead_ends(exploration) or () for step in end.steps
        }
        guarded = [
            step
            for step in source.procedure.steps.values()
            if step.within and step.name not in dead_end_steps and any(map(_has_field_tests, step.actions.values()))
        ]
        if guarded:
            free = [_find_states_with_way_out(exploration) for exploration in explorations]
            for step in guarded:
                yield from _check_gap(source, states, step, free)


def _has_field_tests(action: Action) -> bool:
    return action.to is not None and bool(fields_of(action))


def _is_timeless(edge: Edge) -> bool:
    return edge.label.kind not in ("rung", "time-up")


def _find_states_with_way_out(exploration: Exploration) -> set[int]:
    """Find the states from which something other than time leads to a step."""
    leaving = {e.source for edges in exploration.edges for e in edges if e.label.to and _is_timeless(e)}
    return find_ancestors(exploration.edges, leaving, lambda edge: edge.label.to is None and _is_timeless(edge))


def _check_gap(
    source: ProcedureSource, states: StatesByStep, step: Step, free: Sequence[set[int]]
) -> Iterator[Finding]:
    """Report the first gap of a step that a feasible run reaches."""
    for ref in _find_states_stuck_until_deadline(states, step, free):
        closed = [
            action for action in step.actions.values() if _has_field_tests(action) and _fails_by_fields(ref, action)
        ]
        if not closed:
            continue
        try:
            run = find_feasible_path(ref.exploration, {ref.number})
        except Undecided:
            run = []
        if run is None:
            continue
        fields = dict.fromkeys(name for action in closed for name in fields_of(action))
        yield Finding(
            CODE,
            "warning",
            say(
                "at {step}, no action is possible before the deadline when {facts}",
                step=source.title(step.name),
                facts=value_words([ref], fields),
            ),
            source.place(("steps", step.name), "actions"),
            say("widen one of the guards, or add an action for these values"),
            related=related_settings(source, ref.exploration.changed_settings),
            trace=trace_of(source, run, ref.exploration.changed_settings),
        )
        return


def _find_states_stuck_until_deadline(states: StatesByStep, step: Step, free: Sequence[set[int]]) -> Iterator[StateRef]:
    """List the states at a step from which only time leads on; ``free`` are the others, for each exploration."""
    for exploration, numbers, free_states in zip(states.explorations, states.numbers, free, strict=True):
        yield from (StateRef(exploration, number) for number in numbers.get(step.name, ()) if number not in free_states)


def _fails_by_fields(ref: StateRef, action: Action) -> bool:
    """Whether fields alone keep some alternative of the action's guard from holding."""
    return any(tests and all(test.kind == "field" for test in tests) for tests in failing_tests(ref, action))

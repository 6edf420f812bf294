"""
# FJ310 · Guards that leave a gap

With the values shown, no action of this step is open, although others are: what the guards ask about falls between
them. Nobody can do anything until time moves the case on. (Where time does not move it, it is stuck: FJ303.)

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

To mend it, widen one of the guards or add an action for the values shown. Where the step is meant to wait, say `lasts`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fujin_cli.core.explore.feasible_paths import Undecided, exact_way
from fujin_cli.core.explore.graph import leading_to
from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.explore.state import Edge
from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.model.procedure import Action, Step
from fujin_cli.core.text.message import say
from fujin_cli.core.verify.deadlocks import dead_ends
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
    """Every step with a deadline where for some values nobody can do anything that leads on."""
    for reading, found in context.explored():
        steps = states_by_step(found)
        known = {step for entry in found for end in dead_ends(entry) or () for step in end.steps}
        guarded = [
            step
            for step in reading.procedure.steps.values()
            if step.within and step.name not in known and any(map(_asks, step.actions.values()))
        ]
        if guarded:
            free = [_free(exploration) for exploration in found]
            for step in guarded:
                yield from _gap(reading, steps, step, free)


def _asks(action: Action) -> bool:
    return action.to is not None and bool(fields_of(action))


def _timeless(edge: Edge) -> bool:
    return edge.label.kind not in ("rung", "time-up")


def _free(entry: Exploration) -> set[int]:
    """The states from which something other than time leads to a step."""
    leaving = {e.source for edges in entry.edges for e in edges if e.label.to and _timeless(e)}
    return leading_to(entry.edges, leaving, lambda edge: edge.label.to is None and _timeless(edge))


def _gap(reading: ProcedureSource, steps: StatesByStep, step: Step, free: Sequence[set[int]]) -> Iterator[Finding]:
    """The first gap of a step that a case can come to."""
    for here in _without_way_out(steps, step, free):
        entry, number = here
        closed = [action for action in step.actions.values() if _asks(action) and _missed_by_fields(here, action)]
        if not closed:
            continue
        try:
            run = exact_way(entry, {number})
        except Undecided:
            run = []
        if run is None:
            continue
        fields = dict.fromkeys(name for action in closed for name in fields_of(action))
        yield Finding(
            CODE,
            "warning",
            say(
                "at {step} nobody can do anything before the deadline where {facts}",
                step=reading.title(step.name),
                facts=value_words([here], fields),
            ),
            reading.place(("steps", step.name), "actions"),
            say("widen one of the guards, or add an action for these values"),
            related=related_settings(reading, entry.unusual),
            trace=trace_of(reading, run, entry.unusual),
        )
        return


def _without_way_out(steps: StatesByStep, step: Step, free: Sequence[set[int]]) -> Iterator[StateRef]:
    """List the states at a step from which only time leads on; ``free`` are the others, for each exploration."""
    for entry, numbers, free_states in zip(steps.entries, steps.numbers, free, strict=True):
        yield from ((entry, number) for number in numbers.get(step.name, ()) if number not in free_states)


def _missed_by_fields(here: StateRef, action: Action) -> bool:
    return any(tests and all(test.kind == "field" for test in tests) for tests in failing_tests(here, action))

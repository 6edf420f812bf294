"""
# FJ305 · A loop without a limit

Cases can go round this loop forever, because no move on the way back has a `limit`. The end of such a case is not
guaranteed. The run shows how a case enters the loop, and one round of it.

Failing:

```yaml fail procedures/errand.yaml
steps:
  checking:
    actions:
      redo: {title: redo, to: running, by: inspector}
```

Passing:

```yaml pass procedures/errand.yaml
steps:
  checking:
    actions:
      redo: {title: redo, to: running, by: inspector, limit: 2}
```

To fix it, give one of the moves of the loop a `limit`, and a `then` for what happens when it is used up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fujin_cli.core.explore.state import Edge
from fujin_cli.core.findings.finding import Edit, Finding, Fix, Place, Severity
from fujin_cli.core.text.localized import say
from fujin_cli.core.verify.deadlocks import find_dead_ends
from fujin_cli.core.verify.unbounded_cycles import find_loops
from fujin_cli.rules.support.confirmed_runs import with_confirmed_run
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.procedure_source import ProcedureSource
from fujin_cli.rules.support.traces import related_settings

CODE = "FJ305"
SEVERITY: Severity = "error"
ALONE = True  # it reads procedures and nothing else


def check(context: RuleContext) -> Iterator[Finding]:
    """Report each set of steps that a case can go round without a limit, unless no end can follow (FJ304)."""
    for source, explorations in context.explored():
        reported_steps: set[frozenset[str]] = set()
        limited_rules: set[str] = set()  # a limit on one of these moves bounds every circle with that move
        for exploration in explorations:
            closed = [end.steps for end in find_dead_ends(exploration) or () if end.circle]
            for loop in (find_loops(exploration) or ((), ()))[1]:
                steps = frozenset(loop.steps)
                if any(edge.label.rule in limited_rules or _is_reopening(source, edge) for edge in loop.circle):
                    continue  # a reopening without a limit is FJ005
                if any(steps >= earlier for earlier in reported_steps) or any(steps <= earlier for earlier in closed):
                    continue
                reported_steps.add(steps)
                backward_move = _find_backward_move(source, loop.circle).label
                limited_rules.add(backward_move.rule)
                limit_place = Place(source.file.path, backward_move.route)
                finding = Finding(
                    CODE,
                    "error",
                    say("cases can loop forever: {steps}", steps=[source.title(name) for name in loop.steps]),
                    Place(source.file.path, loop.circle[0].label.route),
                    say("give one of these moves a limit"),
                    related=related_settings(source, exploration.changed_settings),
                    fix=Fix(say("add limit: 1 to the move"), False, (Edit("insert", limit_place, "limit: 1"),)),
                )
                yield with_confirmed_run(context, source, exploration, finding, loop.run, loop.circle)


def _is_reopening(source: ProcedureSource, edge: Edge) -> bool:
    return edge.label.kind == "action" and source.procedure.steps[edge.label.step].end is not None


def _find_backward_move(source: ProcedureSource, circle: Sequence[Edge]) -> Edge:
    """Find the move of the loop that leads to a step listed earlier in the file: the place for a limit."""
    steps = list(source.procedure.steps)
    for edge in circle:
        if edge.label.to and edge.label.step and steps.index(edge.label.to) <= steps.index(edge.label.step):
            return edge
    return circle[0]

"""
# FJ313 · A procedure that could not be fully explored

Two things prevent fujin from exploring a procedure completely: procedures that open each other in a cycle, so that a
case can wait for itself (an error), and too many states or runs within its limits (an error where the file declares
guarantees, otherwise a warning). Findings about behaviour are then missing, and the guarantees, each of which is named,
are not checked. The help names what multiplies the states: "f0…f9: three values each; 3¹⁰" are ten fields whose values
guards tell apart in three ways each.

Failing:

```yaml fail procedures/order.yaml
steps:
  sent:
    actions:
      again:
        title: again
        to: refused
        by: helper
        opens: {more: {procedure: order, one_each: [to], give: {task: task}, leaves: yes}}
```

Passing:

```yaml pass procedures/order.yaml
steps:
  sent:
    actions:
      again: {title: again, to: refused, by: helper}
```

To fix it, break the cycle, split a procedure that is too large, or use fewer fields in its guards.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.explore.growth import Growth
from fujin_cli.core.findings.finding import Finding, Place, Related, Severity
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.text.localized import say
from fujin_cli.core.verify.deadlocks import find_dead_ends
from fujin_cli.core.verify.unbounded_cycles import find_loops
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.growth_words import factors_of_runs, growth_help

CODE = "FJ313"
SEVERITY: Severity = "error"
ALONE = True  # it reads procedures and nothing else


def _list_undecided_guarantees(version: Procedure) -> Iterator[Related]:
    """List the guarantees that are left undecided, so that none of them reads as kept."""
    for guarantee in version.guarantees.values():
        if guarantee.template != "different_people":
            yield Related(say("this guarantee was not checked"), Place(version.path, guarantee.route, key=True))


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every circle of procedures that open one another, and every procedure that is too large to explore."""
    workspace = context.workspace
    proved = context.explorations
    for circle in proved.circular:
        yield Finding(
            CODE,
            "error",
            say("these procedures open each other in a cycle: {names}", names=[*circle, circle[0]]),
            Place(workspace.procedures[circle[0]].path, ("procedure",)),
            say("break the cycle: let one of them open none of the others"),
        )
    for name in sorted(proved.too_large):
        yield _too_large_finding(workspace.procedures[name], proved.too_large[name])
    for source, explorations in context.explored():
        if any(find_dead_ends(exploration) is None or find_loops(exploration) is None for exploration in explorations):
            yield Finding(
                CODE,
                _severity_for(source.procedure),
                say("{procedure} was not checked: its limits allow too many runs", procedure=source.procedure.name),
                source.place(("procedure",)),
                growth_help(
                    factors_of_runs(explorations), say("give fewer of its moves a limit, or split the procedure")
                ),
            )


def _too_large_finding(version: Procedure, growth: Growth) -> Finding:
    advice = say("use fewer fields in its guards, or split the procedure")
    return Finding(
        CODE,
        _severity_for(version),
        say(
            "{procedure} was not checked: it opens cases of {child}, which was not",
            procedure=version.name,
            child=growth.child,
        )
        if growth.child
        else say("{procedure} was not checked: it has too many states", procedure=version.name),
        Place(version.path, ("procedure",)),
        say("make {child} smaller", child=growth.child) if growth.child else growth_help(growth.factors, advice),
        tuple(_list_undecided_guarantees(version)),
    )


def _severity_for(version: Procedure) -> Severity:
    """Whoever declares guarantees relies on them: not to know about them is an error."""
    return "error" if version.guarantees else "warning"

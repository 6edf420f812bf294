"""
# FJ313 · Procedures that could not be proved

Two things keep a procedure from being followed to its ends: procedures that open one another in a circle, so that a
case can wait for itself without end (an error), and one that keeps so many things apart that its cases, or the runs
within its limits, are too many to look at (a warning). Findings about behaviour are missing then, and nothing is said
about the guarantees, each of which is named.

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

To mend it, let a procedure open only what never opens it again; split one that is too large, or ask less in its guards.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Place, Related, Severity
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.text.message import say
from fujin_cli.core.verify.deadlocks import dead_ends
from fujin_cli.core.verify.unbounded_cycles import loops
from fujin_cli.rules.support.context import RuleContext

CODE = "FJ313"
SEVERITY: Severity = "error"
ALONE = True  # it reads procedures and nothing else


def _undecided(version: Procedure) -> Iterator[Related]:
    """List the guarantees that are left undecided, so that none of them reads as kept."""
    for guarantee in version.guarantees.values():
        if guarantee.template != "different_people":
            yield Related(say("this was not decided"), Place(version.path, guarantee.route, key=True))


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every circle of procedures that open one another, and every procedure that is too large to explore."""
    workspace = context.workspace
    proved = context.explorations
    for circle in proved.circular:
        yield Finding(
            CODE,
            "error",
            say("these procedures open one another in a circle: {names}", names=[*circle, circle[0]]),
            Place(workspace.procedures[circle[0]].path, ("procedure",)),
            say("let one of them open no other"),
        )
    for name in sorted(proved.too_large):
        yield Finding(
            CODE,
            "warning",
            say("{procedure} was not proved: it has too many different cases", procedure=name),
            Place(workspace.procedures[name].path, ("procedure",)),
            say("let its guards ask about fewer fields, or split it"),
            tuple(_undecided(workspace.procedures[name])),
        )
    for source, explorations in context.explored():
        if any(dead_ends(exploration) is None or loops(exploration) is None for exploration in explorations):
            yield Finding(
                CODE,
                "warning",
                say("{procedure} was not proved: its limits allow too many runs", procedure=source.procedure.name),
                source.place(("procedure",)),
                say("let fewer of its moves have a limit, or split it"),
            )

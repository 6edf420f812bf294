"""
# FJ409 · A guarantee that could not be decided

To say whether every case keeps it, more would have to be kept apart than can be looked at: a count beyond a hundred, or
too many things that cases remember. Nothing is claimed about it; whether cases keep it is left to those who
work at them.

Failing:

```yaml fail procedures/order.yaml
guarantees:
  little-telling: {at_most: {tells: clerk}, times: 500}
```

Passing:

```yaml pass procedures/order.yaml
guarantees:
  little-telling: {at_most: {finish: 1}}
```

To mend it, promise something that needs less counting, or let guards of the procedure ask for less.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.model.procedure import Guarantee
from fujin_cli.core.text.message import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.guarantee_findings import failing_guarantees, place_of, slowest_runs, title_of
from fujin_cli.rules.support.procedure_source import ProcedureSource

CODE = "FJ409"
SEVERITY: Severity = "warning"
ALONE = True  # it reads procedures, the calendar and nothing else


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every guarantee that could not be decided, or whose time could not."""
    for source, verdict in failing_guarantees(context, "undecided"):
        yield _finding(source, verdict.guarantee)
    for source, guarantee, run in slowest_runs(context):
        if run is None:
            yield _finding(source, guarantee)


def _finding(source: ProcedureSource, guarantee: Guarantee) -> Finding:
    return Finding(
        CODE,
        "warning",
        say("“{promise}” could not be decided: it needs too much kept apart", promise=title_of(guarantee)),
        place_of(source, guarantee),
        say("promise something that needs less counting, or let guards of the procedure ask for less"),
    )

"""
# FJ409 · A guarantee that could not be checked

To check this guarantee, fujin would have to distinguish too many states: a count beyond a hundred, or too much data
that cases remember. It is unknown whether every case keeps it. That is an error, because whoever reads the guarantee
relies on it. The help names what multiplies the states.

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

To fix it, simplify the guarantee, or use fewer fields and limits in the guards of the procedure.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.model.procedure import Guarantee
from fujin_cli.core.text.localized import say
from fujin_cli.core.verify.guarantees import MOST_COUNTED
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.growth_words import factors_of_runs, growth_help
from fujin_cli.rules.support.guarantee_findings import failing_guarantees, place_of, slowest_runs, title_of
from fujin_cli.rules.support.procedure_source import ProcedureSource

CODE = "FJ409"
SEVERITY: Severity = "error"
ALONE = True  # it reads procedures, the calendar and nothing else


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every guarantee that could not be decided, or whose time could not."""
    for source, verdict in failing_guarantees(context, "undecided"):
        yield _make_finding(context, source, verdict.guarantee)
    for source, guarantee, run in slowest_runs(context):
        if run is None:
            yield _make_finding(context, source, guarantee)


def _make_finding(context: RuleContext, source: ProcedureSource, guarantee: Guarantee) -> Finding:
    factors = factors_of_runs(context.explorations.explorations[source.procedure.name])
    if int(guarantee.times or 1) > MOST_COUNTED:
        help = say("count to {most} at most", most=MOST_COUNTED)
    else:
        help = growth_help(
            factors, say("simplify the guarantee, or use fewer fields and limits in the procedure's guards")
        )
    return Finding(
        CODE,
        "error",
        say("“{promise}” could not be checked: it has too many states", promise=title_of(guarantee)),
        place_of(source, guarantee),
        help,
    )

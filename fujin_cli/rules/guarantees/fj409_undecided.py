"""
# FJ409 · A guarantee that could not be checked

It is unknown whether every case keeps this guarantee. That is an error, because whoever reads it relies on it.

- To check it, fujin would have to distinguish too many states: a count beyond a hundred, or too much data that cases
  remember. The help names what multiplies the states.
- Or fujin has runs that would violate it, but none of them can be carried out. Before a run is shown, the engine drives
  it, with as many people as it needs; up to 200 runs are tried. The help shows the shortest of them, up to the event
  that did not happen. What fujin does not follow is often why: what this case hands on to its child cases, or how long
  something takes beside another.

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

To fix it, simplify the guarantee, or use fewer fields and limits in the guards of the procedure. Where runs were tried,
make them impossible by the procedure's own `when` or `limit`.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.model.procedure import Guarantee
from fujin_cli.core.text.localized import say, say_count
from fujin_cli.core.verify.guarantees import MOST_COUNTED, Verdict
from fujin_cli.core.verify.unconfirmed import Unconfirmed
from fujin_cli.rules.support.confirmed_runs import describe_tried
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.growth_words import factors_of_runs, growth_help
from fujin_cli.rules.support.guarantee_findings import failing_guarantees, place_of, slowest_runs, title_of
from fujin_cli.rules.support.procedure_source import ProcedureSource
from fujin_cli.rules.support.traces import related_settings

CODE = "FJ409"
SEVERITY: Severity = "error"
ALONE = True  # it reads procedures, the calendar and nothing else


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every guarantee that could not be decided, or whose time could not."""
    for source, verdict in failing_guarantees(context, "undecided"):
        if verdict.unconfirmed is not None:
            yield _describe_unconfirmed(source, verdict, verdict.unconfirmed)
        else:
            yield _make_finding(context, source, verdict.guarantee)
    for source, guarantee, run in slowest_runs(context):
        if run is None:
            yield _make_finding(context, source, guarantee)


def _describe_unconfirmed(source: ProcedureSource, verdict: Verdict, unconfirmed: Unconfirmed) -> Finding:
    """Say that runs would violate the guarantee, and that the engine follows none of those that were tried."""
    return Finding(
        CODE,
        "error",
        say_count(
            "“{promise}” could not be checked: {count} run that would violate it cannot be carried out",
            "“{promise}” could not be checked: {count} runs that would violate it cannot be carried out",
            promise=title_of(verdict.guarantee),
            count=unconfirmed.tried,
        ),
        place_of(source, verdict.guarantee),
        describe_tried(source, unconfirmed, verdict.settings),
        related_settings(source, verdict.settings),
    )


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

"""
# FJ407 · A time limit that cannot be guaranteed

`within` guarantees that an obligation is fulfilled in time. That is not possible here: the steps on the way together
can take longer, or one of them has no time limit, or cases can loop without a limit. Settings are taken at their
longest, limits are counted, and working time and wall time are compared on the safe side. Pauses stop this clock too.
The check assumes that each step is done within its own time limit.

Failing:

```yaml fail procedures/order.yaml
guarantees:
  soon-over: {after: {enter: sent}, eventually: {enter: any end}, within: 2 working days}
```

Passing:

```yaml pass procedures/order.yaml
guarantees:
  soon-over: {after: {enter: sent}, eventually: {enter: any end}, within: 8 working days}
```

To fix it, shorten the times of the steps, add a rung that moves the case on, or guarantee a longer time.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.calendar.duration import describe_duration, parse_duration
from fujin_cli.core.findings.finding import Finding, Related, Severity
from fujin_cli.core.model.procedure import Guarantee
from fujin_cli.core.text.localized import say
from fujin_cli.core.verify.worst_case_time import SlowestPath
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.guarantee_findings import place_of, slowest_runs, title_of
from fujin_cli.rules.support.procedure_source import ProcedureSource

CODE = "FJ407"
SEVERITY: Severity = "error"
ALONE = True  # it reads procedures, the calendar and nothing else


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every kept guarantee whose slowest run takes longer than its time."""
    for source, guarantee, run in slowest_runs(context):
        if run is not None and run.late:
            yield _make_finding(source, guarantee, run)


def _make_finding(source: ProcedureSource, guarantee: Guarantee, run: SlowestPath) -> Finding:
    steps = source.procedure.steps
    titles = [steps[name].title or name for name in run.steps]
    within = describe_duration(parse_duration(guarantee.within or ""))
    promise = title_of(guarantee)
    message = say("“{promise}” can take longer than {within}: {steps}", promise=promise, within=within, steps=titles)
    if run.endless:
        message = say(
            "“{promise}” cannot be guaranteed within {within}: there is no time limit at {steps}",
            promise=promise,
            within=within,
            steps=titles,
        )
    related = tuple(
        Related(say("the time of {step}", step=steps[name].title or name), source.place(("steps",), name))
        for name in dict.fromkeys(run.steps)
    )
    help = say("give these steps less time, add a rung that moves the case on, or guarantee a longer time")
    return Finding(CODE, "error", message, place_of(source, guarantee), help, related)

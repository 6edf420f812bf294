"""
# FJ312 · Waiting forever for other cases

A case waits here for its child cases (or for the case that it was joined to), but none of them will ever move it: none
was opened on the way here, or all ended with outcomes that no move of the step handles. The run is a shortest one.

Failing:

```yaml fail procedures/errand.yaml
steps:
  asked:
    actions:
      direct: {title: direct, to: running, by: clerk}
```

Passing:

```yaml pass procedures/errand.yaml
steps:
  asked:
    actions:
      direct:
        title: direct
        to: running
        by: clerk
        needs: [helper]
        opens: {orders: {procedure: order, one_each: [helper], give: {task: summary}, instead_of: [refused]}}
```

To fix it, open the cases on every path to the step, or add a move for the outcomes that are not handled. An empty group
never counts as "all ended".
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.explore.state import AbstractFacts
from fujin_cli.core.findings.finding import Finding, Place, Route, Severity
from fujin_cli.core.model.procedure import Test
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.core.verify.deadlocks import find_awaited_test, find_dead_ends
from fujin_cli.core.wording.labels import group_label
from fujin_cli.rules.support.confirmed_runs import with_confirmed_run
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.procedure_source import ProcedureSource
from fujin_cli.rules.support.traces import related_settings

CODE = "FJ312"
SEVERITY: Severity = "error"
ALONE = True  # it reads procedures and nothing else


def check(context: RuleContext) -> Iterator[Finding]:
    """Report each test of other cases that can stay unfulfilled for ever."""
    for source, explorations in context.explored():
        reported_routes: set[Route] = set()
        for exploration in explorations:
            for end in find_dead_ends(exploration) or ():
                test = None if end.circle else find_awaited_test(exploration, end.number)
                if test is None or test.route in reported_routes:
                    continue
                reported_routes.add(test.route)
                finding = Finding(
                    CODE,
                    "error",
                    *_describe_wait(exploration, end.number, test, source),
                    related=related_settings(source, exploration.changed_settings),
                )
                yield with_confirmed_run(context, source, exploration, finding, end.run)


def _describe_wait(
    exploration: Exploration, number: int, test: Test, source: ProcedureSource
) -> tuple[LocalizedText, Place, LocalizedText]:
    step, place = source.title(exploration.step_of(number)), source.place_of_test(test)
    ended = AbstractFacts(exploration.model.shape, exploration.model.places, exploration.states[number]).group_outcomes(
        test.name
    )
    group = group_label(source.procedure, test.name)
    if not ended:
        message = say("a case can wait forever at {step}: it has no case of {group}", step=step, group=group)
        return message, place, say("open the cases on every path to this step, or add a move for a case without them")
    message = say(
        "a case can wait forever at {step}: its cases of {group} ended as {outcomes}, which no move handles",
        step=step,
        group=group,
        outcomes=list(dict.fromkeys(ended)),
    )
    return message, place, say("add a move that handles these outcomes")

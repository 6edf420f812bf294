"""
# FJ134 · A line of a scenario that names nothing of the procedure

A line of a scenario's run is an action of the procedure, a group of cases that it opens (or the field by which it was
joined to another case) with how one of them ends, or a line about time: `rung`, `time` or `wait`. Of anything else
nothing can be carried out.

Failing:

```yaml fail scenarios/decline.yaml
scenario: decline
title: A request is declined
procedure: errand
when: [declne]
then: {step: declined}
```

Passing:

```yaml pass scenarios/decline.yaml
scenario: decline
title: A request is declined
procedure: errand
when: [decline]
then: {step: declined}
```

To mend it, correct the name. `fujin procedure show` lists the actions.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.model.scenario_file import TIMES, Line
from fujin_cli.core.text.message import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.defined_names import language_words, unknown_name
from fujin_cli.rules.support.procedure_source import Mention
from fujin_cli.rules.support.scenario_source import ScenarioSource, scenario_sources

CODE = "FJ134"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Every line, and every action that is expected to be open or closed, of which the procedure knows nothing."""
    for telling in scenario_sources(context.workspace):
        for line in telling.lines():
            yield from _line(telling, line)
        actions = telling.actions()
        for spot in _expected(telling):
            if spot.name not in actions:
                message = say("this procedure has no action {action}", action=spot.name)
                yield unknown_name(CODE, message, spot.place, spot.name, actions)


def _line(telling: ScenarioSource, line: Line) -> Iterator[Finding]:
    if line.kind in TIMES:
        return
    known = telling.actions() if line.kind == "action" else telling.awaited() | language_words(*TIMES)
    if line.name in known:
        return
    # A line that is an action by its form may be meant for a group, and the other way round.
    everything = telling.actions() | telling.awaited() | language_words(*TIMES)
    place = telling.place(line.route, key=line.route[-1:] == (line.name,))
    if line.kind == "action" and not everything.everything and line.name in telling.awaited():
        message = say("{group} are cases that are awaited, and no action", group=line.name)
        yield Finding(
            CODE, "error", message, place, say("write how one of them ends: {example}", example=f"{line.name}: …")
        )
        return
    if line.kind == "action":
        message = say("this procedure has no action {action}", action=line.name)
    else:
        message = say("this procedure awaits no cases of {group}", group=line.name)
    yield unknown_name(CODE, message, place, line.name, everything if known.closest(line.name) is None else known)


def _expected(telling: ScenarioSource) -> Iterator[Mention]:
    yield from telling.names("then", "open")
    yield from telling.names("then", "closed")

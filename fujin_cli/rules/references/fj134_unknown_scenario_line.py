"""
# FJ134 · An unknown line in a scenario

A line of a scenario's run is an action of the procedure, a group of cases that it opens (or the field of a joined case)
with the outcome of one of them, or a line about time: `rung`, `late_rung`, `time` or `wait`. Any other line cannot be
executed.

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

To fix it, correct the name. `fujin procedure show` lists the actions.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.model.scenario_file import TIMES, Line
from fujin_cli.core.text.localized import say
from fujin_cli.core.wording.labels import group_label
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.defined_names import language_words, unknown_name
from fujin_cli.rules.support.procedure_source import Mention
from fujin_cli.rules.support.scenario_source import ScenarioSource, scenario_sources

CODE = "FJ134"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every line of a scenario, and every expected action, that its procedure does not know."""
    for scenario_source in scenario_sources(context.workspace):
        for line in scenario_source.lines():
            yield from _check_line(scenario_source, line)
        actions = scenario_source.actions()
        for mention in _list_expected_actions(scenario_source):
            if mention.name not in actions:
                message = say("this procedure has no action {action}", action=mention.name)
                yield unknown_name(CODE, message, mention.place, mention.name, actions)


def _check_line(scenario_source: ScenarioSource, line: Line) -> Iterator[Finding]:
    if line.kind in TIMES:
        return
    names = scenario_source.actions() if line.kind == "action" else scenario_source.awaited() | language_words(*TIMES)
    if line.name in names:
        return
    # A line in the form of an action may be meant for a group, and a line in the form of an end for an action.
    all_names = scenario_source.actions() | scenario_source.awaited() | language_words(*TIMES)
    place = scenario_source.place(line.route, key=line.route[-1:] == (line.name,))
    version = scenario_source.procedure_source.procedure
    if line.kind == "action" and not all_names.incomplete and line.name in scenario_source.awaited():
        message = say(
            "{group} is a group of cases that are awaited, not an action", group=group_label(version, line.name)
        )
        yield Finding(
            CODE, "error", message, place, say("write how one of them ends: {example}", example=f"{line.name}: …")
        )
        return
    if line.kind == "action":
        message = say("this procedure has no action {action}", action=line.name)
    else:
        message = say("this procedure does not wait for cases of {group}", group=line.name)
    yield unknown_name(CODE, message, place, line.name, all_names if names.closest(line.name) is None else names)


def _list_expected_actions(scenario_source: ScenarioSource) -> Iterator[Mention]:
    yield from scenario_source.names("then", "open")
    yield from scenario_source.names("then", "closed")

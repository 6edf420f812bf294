"""
# FJ136 · A scenario expects what cannot be

A scenario expects its case at a step, or with an outcome, or with something published; or it lets a case that is
awaited end with an outcome. A step, outcome or notice that the procedure does not have is never reached, so the
scenario could never hold.

Failing:

```yaml fail scenarios/decline.yaml
scenario: decline
title: A request is declined
procedure: errand
when: [decline]
then: {step: declind}
```

Passing:

```yaml pass scenarios/decline.yaml
scenario: decline
title: A request is declined
procedure: errand
when: [decline]
then: {step: declined}
```

To mend it, correct the name.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.text.message import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.defined_names import ANY_NAME, DefinedNames, language_words, unknown_name, value_at
from fujin_cli.rules.support.scenario_source import ScenarioSource, scenario_sources

CODE = "FJ136"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Every step, outcome and notice that a scenario names and its procedure does not have."""
    for telling in scenario_sources(context.workspace):
        version = telling.reading.procedure
        steps = telling.reading.known("steps")
        for key in ("step", "not_at"):
            for spot in telling.names("then", key):
                if spot.name not in steps:
                    yield unknown_name(
                        CODE, say("this procedure has no step {step}", step=spot.name), spot.place, spot.name, steps
                    )
        for spot in telling.names("then", "outcome"):
            if telling.reading.whole and spot.name not in _outcomes(version):
                message = say("this procedure never ends as {outcome}", outcome=spot.name)
                yield unknown_name(CODE, message, spot.place, spot.name, language_words(*_outcomes(version)))
        published = sorted({name for effects in version.all_effects() for name in effects.publish})
        for spot in telling.names("then", "published"):
            if telling.reading.whole and spot.name not in published:
                message = say("this procedure never publishes {notice}", notice=spot.name)
                yield unknown_name(CODE, message, spot.place, spot.name, language_words(*published))
        yield from _ended(context.workspace, telling)


def _outcomes(version: Procedure) -> list[str]:
    return list(dict.fromkeys(step.end for step in version.steps.values() if step.end))


def _ended(workspace: Workspace, telling: ScenarioSource) -> Iterator[Finding]:
    for line in telling.lines():
        if line.kind != "ends":
            continue
        known = _endings(workspace, telling, line.name)
        if line.value not in known:
            route = line.route if isinstance(value_at(telling.tree, line.route), str) else (*line.route, "ends")
            message = say("no case of {group} ends as {outcome}", group=line.name, outcome=line.value)
            yield unknown_name(CODE, message, telling.place(route), line.value, known)


def _endings(workspace: Workspace, telling: ScenarioSource, name: str) -> DefinedNames:
    version = telling.reading.procedure
    opened = {opens.procedure for opens in version.groups().get(name, [])}
    if not opened and name in version.fields and version.fields[name].of:
        opened = set(version.fields[name].of)
    versions = [workspace.procedures[other] for other in sorted(opened) if other in workspace.procedures]
    if not versions:
        return ANY_NAME
    return language_words(*(outcome for other in versions for outcome in _outcomes(other)), "ended", "open")

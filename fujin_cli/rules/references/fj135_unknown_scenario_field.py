"""
# FJ135 · A field that a scenario enters or looks at, and that is not there

What a line enters must be asked for by its action; what the case is opened with must be a field of the procedure; what
is expected at the end is about fields and groups of the procedure. The engine refuses everything else.

Failing:

```yaml fail scenarios/decline.yaml
scenario: decline
title: A request is declined
procedure: errand
when:
  - decline: {set: {reasn: not ours}}
then: {step: declined}
```

Passing:

```yaml pass scenarios/decline.yaml
scenario: decline
title: A request is declined
procedure: errand
when:
  - decline: {set: {reason: not ours}}
then: {step: declined}
```

To mend it, correct the name, or let the action ask for the field under `needs` or `may`.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Route, Severity
from fujin_cli.core.model.scenario_file import Line, condition_of
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.text.message import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.defined_names import ANY_NAME, DefinedNames, unknown_name, value_at
from fujin_cli.rules.support.scenario_source import ScenarioSource, scenario_sources

CODE = "FJ135"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Every field of a scenario that its procedure does not have, or that is not asked for there."""
    for telling in scenario_sources(context.workspace):
        fields = telling.reading.known("fields")
        for spot in telling.names("given", "set"):
            if spot.name not in fields:
                message = say("this procedure has no field {field}", field=spot.name)
                yield unknown_name(CODE, message, spot.place, spot.name, fields)
        for line in telling.lines():
            yield from _entered(context.workspace, telling, line)
        yield from _looked_at(telling, fields)


def _entered(workspace: Workspace, telling: ScenarioSource, line: Line) -> Iterator[Finding]:
    if not line.inputs and not line.without:
        return
    asked = _asked(telling, line) if line.kind == "action" else _below(workspace, telling, line)
    for name in line.inputs:
        if name not in asked:
            route: Route = (*line.route, "set", name)
            message = say("{name} does not ask for {field}", name=line.name, field=name)
            yield unknown_name(CODE, message, telling.place(route, key=True), name, asked)
    for name in line.without:
        if name not in asked:
            message = say("{name} does not ask for {field}", name=line.name, field=name)
            yield unknown_name(CODE, message, telling.place((*line.route, "without", name)), name, asked)


def _asked(telling: ScenarioSource, line: Line) -> DefinedNames:
    """The fields that any action of that name asks for; everything where there is none of that name."""
    actions = telling.named(line.name)
    if not actions or not telling.reading.whole:
        return ANY_NAME
    fields = telling.reading.procedure.fields
    names = {entry.field for action in actions for entry in (*action.needs, *action.may) if entry.field in fields}
    return DefinedNames({name: telling.reading.place(("fields",), name) for name in sorted(names)})


def _below(workspace: Workspace, telling: ScenarioSource, line: Line) -> DefinedNames:
    """The fields of the cases that a group can hold."""
    version = telling.reading.procedure
    opened = (
        {opens.procedure for opens in version.groups().get(line.name, [])} or {*version.fields[line.name].of}
        if (line.name in version.groups() or line.name in version.fields)
        else set()
    )
    versions = [workspace.procedures[name] for name in sorted(opened) if name in workspace.procedures]
    return DefinedNames({name: None for version in versions for name in version.fields}) if versions else ANY_NAME


def _looked_at(telling: ScenarioSource, fields: DefinedNames) -> Iterator[Finding]:
    condition = condition_of(telling.scenario, telling.reading.procedure)
    known = fields | telling.awaited()
    for test in (test for tests in (condition.alternatives if condition else ()) for test in tests):
        if test.kind not in ("time", "times") and test.name not in known:
            message = say("this procedure has no field and no group {name}", name=test.name)
            route = test.route if test.route[-1] != test.verb else test.route[:-1]
            yield unknown_name(CODE, message, telling.place(route, key=True), test.name, known)
        if test.kind == "times" and test.name not in telling.actions():
            message = say("this procedure has no action {action}", action=test.name)
            route = test.route[:-1] if value_at(telling.tree, test.route[:-1]) is not None else test.route
            yield unknown_name(CODE, message, telling.place(route, key=True), test.name, telling.actions())

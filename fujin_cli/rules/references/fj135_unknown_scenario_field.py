"""
# FJ135 · An unknown field in a scenario

The action must take the fields that a line enters; the opening can set only fields of the procedure; expectations refer
to fields and groups of the procedure. The engine refuses everything else.

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

To fix it, correct the name, or add the field to `needs` or `may` of the action.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Route, Severity
from fujin_cli.core.model.scenario_file import Line, compile_where
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.defined_names import ANY_NAME, DefinedNames, language_words, unknown_name
from fujin_cli.rules.support.file_index import value_at
from fujin_cli.rules.support.scenario_source import ScenarioSource, scenario_sources

CODE = "FJ135"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every field of a scenario that its procedure does not have, or that its action does not take."""
    for scenario_source in scenario_sources(context.workspace):
        fields = scenario_source.procedure_source.defined("fields")
        for mention in scenario_source.names("given", "set"):
            if mention.name not in fields:
                message = say("this procedure has no field {field}", field=mention.name)
                yield unknown_name(CODE, message, mention.place, mention.name, fields)
        for line in scenario_source.lines():
            yield from _check_line_fields(context.workspace, scenario_source, line)
        yield from _check_condition(scenario_source, fields)


def _check_line_fields(workspace: Workspace, scenario_source: ScenarioSource, line: Line) -> Iterator[Finding]:
    if not line.inputs and not line.without:
        return
    input_fields = (
        _list_input_fields(scenario_source, line)
        if line.kind == "action"
        else _list_child_fields(workspace, scenario_source, line)
    )
    for name in line.inputs:
        if name not in input_fields:
            route: Route = (*line.route, "set", name)
            message = say("{name} does not take {field}", name=line.name, field=name)
            yield unknown_name(CODE, message, scenario_source.place(route, key=True), name, input_fields)
    for name in line.without:
        if name not in input_fields:
            message = say("{name} does not take {field}", name=line.name, field=name)
            yield unknown_name(CODE, message, scenario_source.place((*line.route, "without", name)), name, input_fields)


def _list_input_fields(scenario_source: ScenarioSource, line: Line) -> DefinedNames:
    """List the fields that the actions of that name take; any name where there is no such action."""
    actions = scenario_source.named(line.name)
    if not actions or not scenario_source.procedure_source.complete:
        return ANY_NAME
    fields = scenario_source.procedure_source.procedure.fields
    names = {field_input.field for action in actions for field_input in action.inputs if field_input.field in fields}
    units = {unit for action in actions for unit in action.amends_units}
    places = {name: scenario_source.procedure_source.place(("fields",), name) for name in sorted(names)}
    return DefinedNames(places) | language_words(*units)


def _list_child_fields(workspace: Workspace, scenario_source: ScenarioSource, line: Line) -> DefinedNames:
    """List the fields of the cases that a group can hold."""
    version = scenario_source.procedure_source.procedure
    opened = (
        {opens.procedure for opens in version.openings_by_group().get(line.name, [])} or {*version.fields[line.name].of}
        if (line.name in version.openings_by_group() or line.name in version.fields)
        else set()
    )
    versions = [workspace.procedures[name] for name in sorted(opened) if name in workspace.procedures]
    return DefinedNames({name: None for version in versions for name in version.fields}) if versions else ANY_NAME


def _check_condition(scenario_source: ScenarioSource, fields: DefinedNames) -> Iterator[Finding]:
    condition = compile_where(scenario_source.scenario, scenario_source.procedure_source.procedure)
    names = fields | scenario_source.awaited()
    for test in (test for tests in (condition.alternatives if condition else ()) for test in tests):
        if test.kind not in ("time", "times") and test.name not in names:
            message = say("this procedure has no field and no group {name}", name=test.name)
            route = test.route if test.route[-1] != test.verb else test.route[:-1]
            yield unknown_name(CODE, message, scenario_source.place(route, key=True), test.name, names)
        if test.kind == "times" and test.name not in scenario_source.actions():
            message = say("this procedure has no action {action}", action=test.name)
            route = test.route[:-1] if value_at(scenario_source.tree, test.route[:-1]) is not None else test.route
            yield unknown_name(
                CODE, message, scenario_source.place(route, key=True), test.name, scenario_source.actions()
            )

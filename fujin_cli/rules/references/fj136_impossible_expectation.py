"""
# FJ136 · An expectation that can never hold

A scenario expects a step, an outcome, a publication or a guarantee, or lets an awaited case end with an outcome, that
the procedure does not have. The scenario can never pass.

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

To fix it, correct the name.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.model.procedure import Procedure
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.text.localized import say
from fujin_cli.core.wording.labels import group_label
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.defined_names import ANY_NAME, DefinedNames, language_words, unknown_name
from fujin_cli.rules.support.file_index import value_at
from fujin_cli.rules.support.scenario_source import ScenarioSource, scenario_sources

CODE = "FJ136"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every step, outcome, notice and guarantee that a scenario names and its procedure does not have."""
    for scenario_source in scenario_sources(context.workspace):
        version = scenario_source.procedure_source.procedure
        steps = scenario_source.procedure_source.defined("steps")
        for key in ("step", "not_at"):
            for mention in scenario_source.names("then", key):
                if mention.name not in steps:
                    yield unknown_name(
                        CODE,
                        say("this procedure has no step {step}", step=mention.name),
                        mention.place,
                        mention.name,
                        steps,
                    )
        for mention in scenario_source.names("then", "outcome"):
            if scenario_source.procedure_source.complete and mention.name not in _list_outcomes(version):
                message = say("this procedure never ends as {outcome}", outcome=mention.name)
                yield unknown_name(CODE, message, mention.place, mention.name, language_words(*_list_outcomes(version)))
        published = sorted({name for effects in version.all_effects() for name in effects.publish})
        for mention in scenario_source.names("then", "published"):
            if scenario_source.procedure_source.complete and mention.name not in published:
                message = say("this procedure never publishes {notice}", notice=mention.name)
                yield unknown_name(CODE, message, mention.place, mention.name, language_words(*published))
        guarantees = scenario_source.procedure_source.defined("guarantees")
        for mention in (*scenario_source.names("then", "keeps"), *scenario_source.names("then", "fulfils")):
            if mention.name not in guarantees:
                message = say("this procedure has no guarantee {guarantee}", guarantee=mention.name)
                yield unknown_name(CODE, message, mention.place, mention.name, guarantees)
        yield from _check_ends(context.workspace, scenario_source)


def _list_outcomes(version: Procedure) -> list[str]:
    return list(dict.fromkeys(step.end for step in version.steps.values() if step.end))


def _check_ends(workspace: Workspace, scenario_source: ScenarioSource) -> Iterator[Finding]:
    for line in scenario_source.lines():
        if line.kind != "ends":
            continue
        version = scenario_source.procedure_source.procedure
        outcomes = _list_endings(workspace, scenario_source, line.name)
        if line.value not in outcomes:
            route = line.route if isinstance(value_at(scenario_source.tree, line.route), str) else (*line.route, "ends")
            message = say(
                "no case of {group} ends as {outcome}", group=group_label(version, line.name), outcome=line.value
            )
            yield unknown_name(CODE, message, scenario_source.place(route), line.value, outcomes)


def _list_endings(workspace: Workspace, scenario_source: ScenarioSource, name: str) -> DefinedNames:
    version = scenario_source.procedure_source.procedure
    opened = {opens.procedure for opens in version.openings_by_group().get(name, [])}
    if not opened and name in version.fields and version.fields[name].of:
        opened = set(version.fields[name].of)
    versions = [workspace.procedures[child] for child in sorted(opened) if child in workspace.procedures]
    if not versions:
        return ANY_NAME
    return language_words(*(outcome for child in versions for outcome in _list_outcomes(child)), "ended", "open")

"""
# FJ137 · An unknown person in a scenario

The actor of a line is one of the procedure's people (fujin then uses the first holder), or the id of somebody on a
roster or among the partners. Recipients of messages are people of the procedure.

Failing:

```yaml fail scenarios/decline.yaml
scenario: decline
title: A request is declined
procedure: errand
when:
  - decline: {as: clark}
then: {step: declined}
```

Passing:

```yaml pass scenarios/decline.yaml
scenario: decline
title: A request is declined
procedure: errand
when:
  - decline: {as: clerk}
then: {step: declined}
```

To fix it, correct the name. Names of the procedure stay valid when people change; ids of persons must be updated
together with the rosters.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.cases.actors import ANYBODY
from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.defined_names import language_words, unknown_name
from fujin_cli.rules.support.procedure_source import Mention
from fujin_cli.rules.support.scenario_source import ScenarioSource, scenario_sources

CODE = "FJ137"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report everybody in a scenario who is neither among the procedure's people nor on a roster."""
    workspace = context.workspace
    seated = {member.person for member in workspace.organisation.people()} | set(workspace.organisation.partners)
    for scenario_source in scenario_sources(workspace):
        people = scenario_source.procedure_source.defined("people")
        acting = people | language_words(*ANYBODY)
        for mention in _list_actor_mentions(scenario_source):
            if mention.name not in acting and mention.name not in seated:
                message = say("{name} is not among the people of the procedure, and on no roster", name=mention.name)
                yield unknown_name(CODE, message, mention.place, mention.name, acting)
        for key in ("told", "just_told", "not_told"):
            for mention in scenario_source.names("then", key):
                if mention.name not in people:
                    message = say("{name} is not defined under people in this procedure", name=mention.name)
                    yield unknown_name(CODE, message, mention.place, mention.name, people)


def _list_actor_mentions(scenario_source: ScenarioSource) -> Iterator[Mention]:
    yield from scenario_source.names("given", "as")
    for line in scenario_source.lines():
        if line.actor:
            yield Mention(line.actor, scenario_source.place((*line.route, "as")))

"""
# FJ133 · A scenario for an unknown procedure or place

A scenario names its procedure and, where it matters, a community and a committee. If one of them does not exist, the
scenario tests nothing.

Failing:

```yaml fail scenarios/decline.yaml
scenario: decline
title: A request is declined
procedure: erand
when: [decline]
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

To fix it, correct the name. The committee must belong to the community that the scenario names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fujin_cli.core.findings.finding import Finding, Place, Severity
from fujin_cli.core.model.organisation import Unit
from fujin_cli.core.model.scenario_file import Scenario
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.defined_names import DefinedNames, unknown_name
from fujin_cli.rules.support.file_index import index_files
from fujin_cli.rules.support.missing_procedures import missing_procedures
from fujin_cli.rules.support.scenario_source import scenario_files

CODE = "FJ133"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every procedure, community and committee of a scenario that does not exist."""
    workspace = context.workspace
    files = index_files(workspace)
    yield from missing_procedures(workspace, CODE)
    communities, committees = files.of_kind("jurisdiction", "communities"), files.named("committee")
    for scenario, file in scenario_files(workspace):
        if scenario.community and scenario.community not in communities:
            message = say("there is no community {community}", community=scenario.community)
            yield unknown_name(CODE, message, Place(file.path, ("community",)), scenario.community, communities)
        else:
            yield from _check_committee(scenario, committees, workspace.organisation.committees)


def _check_committee(scenario: Scenario, names: DefinedNames, committees: Mapping[str, Unit]) -> Iterator[Finding]:
    name, community = scenario.committee, scenario.community
    if not name:
        return
    place = Place(scenario.path, ("committee",))
    if name not in names:
        yield unknown_name(CODE, say("there is no committee {committee}", committee=name), place, name, names)
    elif community and name in committees and committees[name].parent != community:
        fitting = {
            committee: names.places.get(committee) for committee, unit in committees.items() if unit.parent == community
        }
        message = say("{community} has no committee {committee}", community=community, committee=name)
        yield unknown_name(CODE, message, place, name, DefinedNames(fitting))

"""
# FJ207 · An office or a committee without a roster

The staff of a community's or street's office are on a roster of their own, and so are the members of a committee.
Without a roster nobody there can act. For a committee that was founded but has no members yet it is a warning.

Failing:

```yaml fail jurisdiction.yaml
communities:
  C3: {title: Third community, street: north}
boards:
  C3-board: {title: Board of the third community, community: C3}
```

Passing:

```yaml pass jurisdiction.yaml
communities:
  C2: {title: Second community, street: north}
```

To fix it, add `rosters/ID.yaml` that begins with `roster: ID`.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Place, Severity
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.file_index import index_files

CODE = "FJ207"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every community, street and committee without a roster."""
    workspace = context.workspace
    organisation = workspace.organisation
    rosters = index_files(workspace).named("roster")
    city = workspace.path_of("jurisdiction")
    for section, units in (("streets", organisation.streets), ("communities", organisation.communities)):
        for unit in units.values():
            if unit.id not in rosters:
                message = say("the office of {unit} has no roster", unit=unit.title)
                help = say("add rosters/{unit}.yaml that begins with roster: {unit}", unit=unit.id)
                yield Finding(CODE, "error", message, Place(city, (section, unit.id), key=True), help)
    for committee in organisation.committees.values():
        if committee.id not in rosters:
            message = say("{committee} has no roster, so nobody sits on it", committee=committee.title)
            help = say("add rosters/{unit}.yaml that begins with roster: {unit}", unit=committee.id)
            yield Finding(CODE, "warning", message, Place(committee.path, ("committee",)), help)

"""
# FJ129 · A person who is on no roster

`actors` in `workspace.yaml` maps login names to persons. A person who is on no roster may not do anything, so every
command of that login would be refused.

Failing:

```yaml fail workspace.yaml
actors: {wang: p-99}
```

Passing:

```yaml pass workspace.yaml
actors: {wang: p-01}
```

To fix it, correct the person's id, or add the person to a roster.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Place, Severity
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.defined_names import DefinedNames, unknown_name
from fujin_cli.rules.support.file_index import index_files
from fujin_cli.rules.support.roster_index import index_rosters

CODE = "FJ129"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every login that stands for an unknown person or partner."""
    workspace = context.workspace
    if not workspace.actors:
        return
    files = index_files(workspace)
    if files.unreadable or any(file.pruned or file.tree is None for file in files.by_kind.get("roster", ())):
        return  # the person may be in the part of a roster that could not be read
    persons = {member.seated.person: member.place("person") for member in index_rosters(workspace).lines}
    people = DefinedNames(dict(persons), home=Place("workflows/rosters/", ("members",)))
    path = workspace.path_of("workspace")
    names = people | files.of_kind("partners", "partners")
    for login, person in workspace.actors.items():
        if person not in names:
            message = say("{person} is on no roster", person=person)
            yield unknown_name(CODE, message, Place(path, ("actors", login)), person, people)

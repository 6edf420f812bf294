"""
# FJ132 · A community with the name of one of the ledger's folders

Every community has a folder in `data/ledger`. The ledger also uses the folders `open`, `waiting`, `intents`,
`requests`, `laws` and `quarantine`, so no community can have one of these ids, in upper or lower case.

Failing:

```yaml fail jurisdiction.yaml
communities:
  Open: {title: Open Community, street: north}
```

Passing:

```yaml pass jurisdiction.yaml
communities:
  C2: {title: Open Community, street: north}
```

To fix it, choose another id; the title can stay.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Place, Severity
from fujin_cli.core.model.ids import RESERVED
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext

CODE = "FJ132"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every community whose id is reserved for the ledger."""
    path = context.workspace.path_of("jurisdiction")
    for community in context.workspace.organisation.communities:
        if community.lower() in RESERVED:
            yield Finding(
                CODE,
                "error",
                say("a community cannot have the id {name}: the ledger has a folder of that name", name=community),
                Place(path, ("communities", community), key=True),
                say("choose another id; the title can stay"),
            )

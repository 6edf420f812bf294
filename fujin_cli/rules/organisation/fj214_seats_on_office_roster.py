"""
# FJ214 · Seats on an office's roster

Only committees have seats: their rosters list `members`. People who work in an office of a community, a street or the
city are `staff` and have no seat.

Failing:

```yaml fail rosters/north.yaml
members:
  - {person: p-32, name: Jia, seat: head, roles: [supervisor], term: {from: 2026-01-01, until: 2028-12-31}}
```

Passing:

```yaml pass rosters/north.yaml
staff:
  - {person: p-31, name: Gui, roles: [supervisor]}
  - {person: p-32, name: Jia, roles: [supervisor]}
```

To fix it, move the people to `staff` and remove their seats.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Place, Severity
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.roster_index import index_rosters

CODE = "FJ214"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every roster of an office that seats members."""
    rosters = index_rosters(context.workspace)
    for file in context.workspace.files:
        if file.kind != "roster" or file.tree is None or not file.tree.get("members"):
            continue
        if rosters.level_of(file.name) in ("community", "street", "city"):
            yield Finding(
                CODE,
                "error",
                say("{unit} is an office; only committees have members with seats", unit=file.name),
                Place(file.path, ("members",), key=True),
                say("move them to staff and remove their seats"),
            )

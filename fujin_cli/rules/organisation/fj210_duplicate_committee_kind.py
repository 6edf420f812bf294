"""
# FJ210 · Two committees of one kind in one community

A case goes to the community's committee whose kind handles its topic. With two committees of the same kind fujin cannot
choose, and the case goes to the community's office instead.

Failing:

```yaml fail committees/C1-second.yaml
committee: C1-second
kind: environment
community: C1
title: Second environment committee
founded: {on: 2026-01-01}
seats: {head: 1, member: 2}
procedures: [errand, order]
```

Passing:

```yaml pass committees/C2-environment.yaml
committee: C2-environment
kind: environment
community: C2
title: Environment committee of the second community
founded: {on: 2026-01-01}
seats: {head: 1, member: 2}
procedures: [errand, order]
```

To fix it, merge the two committees, or give one of them another kind.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Place, Related, Severity
from fujin_cli.core.model.organisation import Unit
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext

CODE = "FJ210"
SEVERITY: Severity = "warning"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every committee whose community has an earlier one of the same kind."""
    first: dict[tuple[str, str], Unit] = {}
    for committee in context.workspace.organisation.committees.values():
        kind = committee.details.get("kind")
        if not kind or not committee.parent:
            continue
        earlier = first.setdefault((committee.parent, kind), committee)
        if earlier is not committee:
            related = (Related(say("the other one"), Place(earlier.path, ("kind",))),)
            yield Finding(
                CODE,
                "warning",
                say("{other} is of the same kind in the same community", other=earlier.title),
                Place(committee.path, ("kind",)),
                say("merge the two committees, or give one of them another kind"),
                related,
            )

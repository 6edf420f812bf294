"""
# FJ211 · A partner whom nobody can call on

A partner serves communities and can do something. One that serves none, or can do nothing, is never suggested to
anybody.

Failing:

```yaml fail partners.yaml
partners:
  green-team: {title: Green team, sort: volunteer-team, serves: [], can: [sanitation]}
```

Passing:

```yaml pass partners.yaml
partners:
  green-team: {title: Green team, sort: volunteer-team, serves: [C1], can: [sanitation]}
```

To mend it, say whom the partner serves (`all`, or a list of communities) and what it can do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fujin_cli.core.findings.finding import Finding, Place, Severity
from fujin_cli.core.text.message import say
from fujin_cli.rules.support.context import RuleContext

CODE = "FJ211"
SEVERITY: Severity = "warning"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every partner that serves nobody or can do nothing."""
    path = context.workspace.path_of("partners")
    for id, partner in context.workspace.organisation.partners.items():
        if not isinstance(partner, Mapping):
            continue
        title = partner.get("title") or id
        if partner.get("serves") == []:
            message = say("{partner} serves no community", partner=title)
            help = say("write serves: all, or list communities")
            yield Finding(CODE, "warning", message, Place(path, ("partners", id, "serves"), key=True), help)
        if partner.get("can") == []:
            message = say("{partner} can do nothing", partner=title)
            help = say("list topics of the menu")
            yield Finding(CODE, "warning", message, Place(path, ("partners", id, "can"), key=True), help)

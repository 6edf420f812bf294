"""
# FJ211 · A partner that can never be suggested

A partner serves communities and has topics. A partner without communities or without topics is never suggested.

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

To fix it, enter the communities that the partner serves (`all`, or a list) and its topics (`can`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fujin_cli.core.findings.finding import Finding, Place, Severity
from fujin_cli.core.text.localized import say
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
            message = say("{partner} has no topics", partner=title)
            help = say("list topics from the menu")
            yield Finding(CODE, "warning", message, Place(path, ("partners", id, "can"), key=True), help)

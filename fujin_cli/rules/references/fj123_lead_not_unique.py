"""
# FJ123 · Several partners without exactly one lead

Where `one_each` names several fields, exactly one of them must hold a single partner (type `partner`): the lead. With
two leads, or none, nobody is responsible for the whole.

Failing:

```yaml fail procedures/errand.yaml
fields:
  second: {type: list, of: partner, optional: yes}
steps:
  asked:
    actions:
      send: {opens: {orders: {procedure: order, one_each: [helpers, second], give: {task: summary}}}}
```

Passing:

```yaml pass procedures/errand.yaml
steps:
  asked:
    actions:
      send: {opens: {orders: {procedure: order, one_each: [helper, helpers], give: {task: summary}}}}
```

To fix it, use one field of type `partner` for the lead, and lists of partners for the others.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Related, Severity
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.child_openings import ChildOpening, child_openings
from fujin_cli.rules.support.context import RuleContext

CODE = "FJ123"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every `one_each` of several fields that has no lead or several leads."""
    for opening in child_openings(context.workspace):
        yield from _check_leads(opening)


def _check_leads(opening: ChildOpening) -> Iterator[Finding]:
    fields = opening.each()
    if len(fields) < 2 or len(fields) < len(opening.opens.one_each):
        return
    leads = [field for field in fields if field.type == "partner"]
    if len(leads) == 1:
        return
    source = opening.opener
    message = (
        say("{fields} are all leads; only one is allowed", fields=[field.name for field in leads])
        if leads
        else say("none of {fields} is the lead", fields=[field.name for field in fields])
    )
    related = tuple(
        Related(say("{field} is a {type}", field=field.name, type=field.type), source.place((*field.route, "type")))
        for field in fields
    )
    help = say("use one field of type partner for the lead, and lists of partners for the others")
    yield Finding(CODE, "error", message, source.place((*opening.opens.route, "one_each")), help, related)

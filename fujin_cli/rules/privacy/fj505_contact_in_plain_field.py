"""
# FJ505 · A contact is handed to what is no contact

A field of type `contact` keeps what it stands for in the vault, and no message or notice shows it; photos and files are
kept from them, too. Handed to a field of another type, such as a text, the reference goes where that text goes.

Failing:

```yaml fail procedures/errand.yaml
steps:
  asked:
    actions:
      send: {opens: {orders: {procedure: order, one_each: [helper], give: {task: asker}}}}
```

Passing:

```yaml pass procedures/errand.yaml
steps:
  asked:
    actions:
      send: {opens: {orders: {procedure: order, one_each: [helper], give: {task: summary}}}}
```

To mend it, hand over another field, or give the other procedure a field of the same type.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.text.message import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.data_flow import SECRET, DataFlow

CODE = "FJ505"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every hand-over from a type that is never shown to a type that is shown."""
    flows = DataFlow(context.workspace)
    for hand_over in flows.hand_overs:
        source, target = flows.field(hand_over.source), flows.field(hand_over.target)
        if source.item_type in SECRET and target.item_type != source.item_type:
            yield Finding(
                CODE,
                "error",
                say(
                    "{field} is a {type}, and {other} of {child} is none",
                    field=source.name,
                    type=source.item_type,
                    other=target.name,
                    child=flows.title(hand_over.target),
                ),
                hand_over.place,
                say("hand over another field, or make the other one a {type}, too", type=source.item_type),
                (flows.defined(hand_over.source), flows.defined(hand_over.target)),
            )

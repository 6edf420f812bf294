"""
# FJ505 · A contact is passed to a field of another type

The content of a field of type `contact` is stored in the vault, and no message or notice shows it; photos and files are
not shown either. If the reference is passed to a field of another type, such as a text, it goes wherever that text
goes.

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
      send: {opens: {orders: {procedure: order, one_each: [helper], give: {task: summary}, instead_of: [refused]}}}
```

To fix it, hand over another field, or give the other procedure a field of the same type.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.text.localized import say
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
                    "{field} is a {type}, but {other} of {child} is not",
                    field=source.name,
                    type=source.item_type,
                    other=target.name,
                    child=flows.title(hand_over.target),
                ),
                hand_over.place,
                say("hand over another field, or make the other one a {type} too", type=source.item_type),
                (flows.defined(hand_over.source), flows.defined(hand_over.target)),
            )

"""
# FJ502 · A private value becomes public in another case

`give` and `bring` pass a value from one case to another, where the field of the other procedure decides who may see it.
If that field is public and this one is not, a notice of the other case shows a private value. The same holds for a
field with `preview` that is passed to a field that is published without a review.

Failing:

```yaml fail procedures/order.yaml
fields:
  task: {type: text, required: yes, public: yes}
```

Passing:

```yaml pass procedures/order.yaml
fields:
  task: {type: text, required: yes}
  found: {type: choice, of: [litter, damage], optional: yes, public: yes}
```

To fix it, make the receiving field as restricted as the giving one, or hand over another field.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.data_flow import OPENNESS, SECRET, DataFlow, HandOver

CODE = "FJ502"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every hand-over to a field that is more public, with the hand-overs before it."""
    flows = DataFlow(context.workspace)
    for hand_over in flows.hand_overs:
        source, target = flows.field(hand_over.source), flows.field(hand_over.target)
        if source.item_type in SECRET or OPENNESS[source.public] >= OPENNESS[target.public]:
            continue
        before = _trace_back(flows, hand_over)
        yield Finding(
            CODE,
            "error",
            say(
                "{field} is not public here, but {other} of {child} is",
                field=source.name,
                other=target.name,
                child=flows.title(hand_over.target),
            )
            if source.public == "no"
            else say(
                "{field} is published only after a review, but {other} of {child} without one",
                field=source.name,
                other=target.name,
                child=flows.title(hand_over.target),
            ),
            hand_over.place,
            say("do not make {other} more public, or hand over another field", other=target.name),
            (flows.defined(hand_over.source), flows.defined(hand_over.target)),
            trace=flows.trace([*before, hand_over]) if before else (),
        )


def _trace_back(flows: DataFlow, hand_over: HandOver) -> list[HandOver]:
    """Trace the value back over earlier hand-overs, as far as it was not public."""
    hand_overs: list[HandOver] = []
    visited = {hand_over.source, hand_over.target}
    key = hand_over.source
    while True:
        earlier = next(
            (
                before
                for before in flows.hand_overs
                if before.target == key and before.source not in visited and flows.field(before.source).public != "yes"
            ),
            None,
        )
        if earlier is None:
            return hand_overs
        hand_overs.insert(0, earlier)
        key = earlier.source
        visited.add(key)

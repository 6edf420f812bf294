"""
# FJ502 · A private value becomes public in another case

`give` and `bring` hand a value from one case to another. There the field of the other procedure decides who may see it:
where that one is public and this one is not, a notice of the other case shows what was private here. The same holds for
a field that somebody has to look at before it is shown (`preview`) and that goes into one that is shown as it is.

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

To mend it, make the field that takes the value no more public than the one that gives it, or hand over another one.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.text.message import say
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
        before = _before(flows, hand_over)
        yield Finding(
            CODE,
            "error",
            say(
                "{field} is not public here, and {other} of {child} is",
                field=source.name,
                other=target.name,
                child=flows.title(hand_over.target),
            )
            if source.public == "no"
            else say(
                "{field} is shown only after somebody looked at it, and {other} of {child} as it is",
                field=source.name,
                other=target.name,
                child=flows.title(hand_over.target),
            ),
            hand_over.place,
            say("make {other} no more public, or hand over another field", other=target.name),
            (flows.defined(hand_over.source), flows.defined(hand_over.target)),
            trace=flows.trace([*before, hand_over]) if before else (),
        )


def _before(flows: DataFlow, hand_over: HandOver) -> list[HandOver]:
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

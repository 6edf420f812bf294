"""
# FJ504 · A text of a resident is published without a review

A text that a resident writes can contain anything: a name, a door number, an accusation. A field with `public: yes` is
published without a review, on the notice board too. The rule follows the text wherever it is passed on.

Failing:

```yaml fail procedures/errand.yaml
fields:
  summary: {type: text, required: yes, public: yes}
```

Passing:

```yaml pass procedures/errand.yaml
fields:
  scope: {type: choice, of: [small, large], default: small, public: yes}
  result: {type: text, optional: yes, public: preview}
```

To fix it, write `public: preview`: then it is published only after a review. A choice can be public, because it
contains nothing but its choices.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.findings.fix import make_replacement
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.data_flow import OPENNESS, DataFlow
from fujin_cli.rules.support.file_index import value_at

CODE = "FJ504"
SEVERITY: Severity = "warning"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every public field of free text that holds what a resident entered, here or before a hand-over."""
    flows = DataFlow(context.workspace)
    for key, hand_overs in flows.residents.items():
        field, source = flows.field(key), flows.sources[key.procedure]
        narrowed = any(OPENNESS[flows.field(hand_over.source).public] < OPENNESS["yes"] for hand_over in hand_overs)
        if field.item_type not in ("text", "place") or field.public != "yes" or narrowed:
            continue  # a private value that becomes public is FJ502
        place = source.place(("fields", field.name, "public"))
        written = str(value_at(source.tree, place.route))
        yield Finding(
            CODE,
            "warning",
            say("what a resident writes into {field} is published without a review", field=field.name),
            place,
            say("write public: preview"),
            trace=flows.trace(hand_overs),
            fix=make_replacement(
                say("replace {name} by {other}", name=written, other="preview"), place, written, "preview"
            ),
        )

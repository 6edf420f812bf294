"""
# FJ212 · A topic without a committee or partner

Residents choose a topic of the menu. If no kind of committee handles it and no partner has it, the case stays in the
office.

Failing:

```yaml fail menu.yaml
topics:
  noise: {title: Noise}
```

Passing:

```yaml pass menu.yaml
topics:
  sanitation: {title: Sanitation}
```

To fix it, add the topic to `answers` of a kind of committee or to `can` of a partner, or remove it from the menu.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Place, Severity
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext

CODE = "FJ212"
SEVERITY: Severity = "warning"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every topic that no kind of committee answers and no partner can do."""
    workspace = context.workspace
    organisation = workspace.organisation
    if any(file.pruned for file in workspace.files if file.kind in ("menu", "partners")):
        return
    answered_topics = {topic for kind in organisation.kinds.values() for topic in kind.get("answers") or ()}
    answered_topics |= {topic for partner in organisation.partners.values() for topic in partner.get("can") or ()}
    if not answered_topics <= set(organisation.topics):
        return  # a mistyped topic (FJ113) may stand for this one
    path = workspace.path_of("menu")
    for topic, spec in organisation.topics.items():
        if topic not in answered_topics:
            yield Finding(
                CODE,
                "warning",
                say("no kind of committee answers {topic}, and no partner can do it", topic=spec.get("title") or topic),
                Place(path, ("topics", topic), key=True),
                say("add it to answers of a kind or to can of a partner, or remove it from the menu"),
            )

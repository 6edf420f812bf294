"""
# FJ405 · Conflicting guarantees

Each of these guarantees can be fulfilled, but no case that ends fulfils all of them. The set is minimal: without any
one of them, the others can be fulfilled together. While they conflict, runs that violate only one of them are not
shown.

Failing:

```yaml fail procedures/order.yaml
guarantees:
  no-silence: {if: refuse, also: finish}
  refusing-is-possible: {never: {end: finished}}
  it-is-done-or-late: {one_of: [finish, refuse]}
```

Passing:

```yaml pass procedures/order.yaml
guarantees:
  one-answer: {never_both: [finish, refuse]}
```

To fix it, decide which of them is intended, and remove or weaken the others.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Related, Severity
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.guarantee_findings import failing_guarantees, guarantee_words, place_of, title_of
from fujin_cli.rules.support.traces import related_settings, trace_of

CODE = "FJ405"
SEVERITY: Severity = "error"
ALONE = True  # it reads procedures and nothing else


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every minimal set of guarantees that no run keeps together, at the last guarantee of the set."""
    for source, verdict in failing_guarantees(context, "conflicting"):
        names = [title_of(guarantee) for guarantee in (*verdict.conflicting, verdict.guarantee)]
        related = tuple(
            Related(
                say("conflicts with: {says}", says=guarantee_words(source, guarantee)),
                place_of(source, guarantee),
            )
            for guarantee in verdict.conflicting
        )
        yield Finding(
            CODE,
            "error",
            say("no case can fulfil all of these guarantees: {promises}", promises=names),
            place_of(source, verdict.guarantee),
            say("decide which of them is intended, and remove or weaken the others"),
            (*related, *related_settings(source, verdict.settings)),
            trace_of(source, verdict.run, verdict.settings),
        )

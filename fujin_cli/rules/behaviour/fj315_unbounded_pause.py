"""
# FJ315 · A pause without a bound

While a case is paused, none of its deadlines passes and no ladder runs. A pause whose last day anybody may put as far
away as they like, or that can begin again without a limit, lets a case rest for ever without anybody hearing of it.

Failing:

```yaml fail procedures/errand.yaml
anytime:
  wait:
    title: wait
    in: [running]
    by: clerk
    needs: {resume_on: given}
    stops_clock_until: resume_on
    limit: 2
```

Passing:

```yaml pass procedures/errand.yaml
anytime:
  wait:
    title: wait
    in: [running]
    by: clerk
    needs: {resume_on: {within: 10 working days}}
    stops_clock_until: resume_on
    limit: 2
```

To fix it, bound the day with `within`, and the number of pauses with `limit`.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Place, Severity
from fujin_cli.core.model.procedure import Action
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.procedure_source import actions, procedure_sources

CODE = "FJ315"
SEVERITY: Severity = "warning"
ALONE = True  # it reads procedures and nothing else
UPPER_BOUNDS = ("within", "before", "at_most")


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every pause that can last as long as somebody likes, or begin again as often."""
    for source in procedure_sources(context.workspace):
        for action in actions(source.procedure):
            message = _describe_missing_bound(action) if action.stops_clock_until else None
            if message is not None:
                place = Place(source.file.path, (*action.route, "stops_clock_until"), key=True)
                help = say(
                    "bound it, for example needs: {{{field}: {{within: 10 working days}}}} and limit: 2",
                    field=action.stops_clock_until,
                )
                yield Finding(CODE, "warning", message, place, help)


def _describe_missing_bound(action: Action) -> LocalizedText | None:
    verbs = {verb for entry in action.inputs if entry.field == action.stops_clock_until for verb, _ in entry.conditions}
    name = action.title or action.name
    if not verbs.intersection(UPPER_BOUNDS):
        return say("{action} can stop every deadline for as long as somebody likes", action=name)
    if action.limit is None:
        return say("{action} can stop every deadline again and again", action=name)
    return None

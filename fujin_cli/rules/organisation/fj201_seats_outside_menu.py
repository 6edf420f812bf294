"""
# FJ201 · More or fewer seats than the menu allows

The menu gives each kind of committee a range of seats: many where there is much work, few where the work is
professional. The number of a committee's seats, including the head, must be inside this range.

Failing:

```yaml fail committees/C1-environment.yaml
seats: {head: 1, member: 12}
```

Passing:

```yaml pass committees/C1-environment.yaml
seats: {head: 1, member: 2}
```

To fix it, change the committee's seats, or the range of its kind in `menu.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fujin_cli.core.findings.finding import Finding, Place, Related, Severity
from fujin_cli.core.text.localized import say, say_count
from fujin_cli.rules.support.context import RuleContext

CODE = "FJ201"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every committee whose seats lie outside the range of its kind."""
    workspace = context.workspace
    menu = workspace.path_of("menu")
    for committee in workspace.organisation.committees.values():
        kind = str(committee.details.get("kind"))
        allowed = (workspace.organisation.kinds.get(kind) or {}).get("seats")
        seats = committee.details.get("seats")
        if not isinstance(allowed, Mapping) or not isinstance(seats, Mapping) or "member" not in seats:
            continue
        count = int(seats.get("head", 0)) + int(seats["member"])
        low, high = int(allowed.get("from", 0)), int(allowed.get("up_to", count))
        if low <= count <= high:
            continue
        yield Finding(
            CODE,
            "error",
            say_count(
                "{committee} has {count} seat; its kind allows {low} to {high}",
                "{committee} has {count} seats; its kind allows {low} to {high}",
                committee=committee.title,
                count=count,
                low=low,
                high=high,
            ),
            Place(committee.path, ("seats",), key=True),
            say("give it {low} to {high} seats, including the head", low=low, high=high),
            (Related(say("the range of the kind {kind}", kind=kind), Place(menu, ("kinds", kind, "seats"), key=True)),),
        )

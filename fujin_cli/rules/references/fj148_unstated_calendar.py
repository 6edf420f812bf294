"""
# FJ148 · A workspace that does not state its calendar

Working days and hours can be counted only where it is known which days are worked. No country's holidays are taken for
granted: without a calendar, whatever is due in working days or working hours has no due date.

Failing:

```yaml fail workspace.yaml
workspace: base
title: A small town
languages: [en]
zone: America/Chicago
```

Passing:

```yaml pass workspace.yaml
workspace: base
title: A small town
languages: [en]
zone: America/Chicago
week: [monday, tuesday, wednesday, thursday, friday]
calendar:
  years:
    2026: {holidays: [2026-01-01, 2026-07-03, 2026-11-26, 2026-12-25]}
```

To fix it, state the calendar: `{country: CN}` takes the notices of the State Council; `years` lists the days of each
year by hand (a year without any is `2026: {}`); `none` says that nobody counts working days here.
`fujin config --add-calendar FILE.ics` writes the days of a calendar file into `workspace.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Place, Severity
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext

CODE = "FJ148"
SEVERITY: Severity = "warning"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report a workspace.yaml without a calendar."""
    for file in context.workspace.files:
        if file.kind != "workspace" or file.tree is None or any(route[0] == "calendar" for route in file.pruned):
            continue
        if not file.tree.get("calendar"):
            yield Finding(
                CODE,
                "warning",
                say("no calendar is stated, so nothing that is due in working days or hours has a due date"),
                Place(file.path, ("workspace",), key=True),
                say("write calendar: with a country, with years, or none"),
            )

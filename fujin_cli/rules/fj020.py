"""
# FJ020 · Not supported yet

This is part of the language as it is planned, and fujin does not carry it out yet: sheets that are collected
(`collect`), cases that are gathered (`gathers`), effects other than `join` and `part` (`does`), computed values (`sets`
with anything but a value), cases that open by the calendar (`opened.every`), people known by their sheets
(`those_who`), a `quorum` of sheets, and some kinds of file. It is refused rather than read over, because what it says
would not happen.

Failing:

```yaml fail
procedure: errand
title: Errand
case_of: community
opened: {by: [resident], every: month}
steps:
  done: {end: done}
```

Passing:

```yaml pass
procedure: errand
title: Errand
case_of: community
opened: {by: [resident]}
steps:
  done: {end: done}
```

To mend it, take it out for now, and let somebody enter by hand what it was to do.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ020"
SEVERITY: Severity = "error"

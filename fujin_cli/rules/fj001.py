"""
# FJ001 · Not valid YAML

The file cannot be read to its end: a bracket or a quote is not closed, a line is indented like no other, or a text
begins with a character that means something in YAML. What stands after the mistake is not judged, so mend this first.

Failing:

```yaml fail
procedure: errand
title: {zh: 跑腿, en: errand
```

Passing:

```yaml pass
procedure: errand
title: {zh: 跑腿, en: errand}
case_of: community
opened: {by: [resident]}
steps:
  done: {end: done}
```

To mend it, look at the line that is marked and the one above it. Indent with spaces, never with tabs; write a space
after each colon; put a text in quotes if it begins with one of `@ * & % ! > | [ { #`, or if it stands in brackets or
braces and has a colon, as a time of the day does: `at: "19:00"`.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ001"
SEVERITY: Severity = "error"

"""
# FJ002 · A key that stands twice

One of two equal keys would win in silence, and a reader would not know which. The mark stands at the second one; only
the first one is read.

Failing:

```yaml fail
menu: committees
topics:
  water: {title: Water}
  water: {title: Drains}
kinds: {}
```

Passing:

```yaml pass
menu: committees
topics:
  water: {title: Water}
  drains: {title: Drains}
kinds: {}
```

To mend it, delete one of the two, or rename it if two things were meant.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ002"
SEVERITY: Severity = "error"

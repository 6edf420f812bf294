"""
# FJ003 · An unknown key

The language is closed: a key that nobody knows is never passed over, because it is nearly always a known one misspelt,
and what it was to say would not happen. What stands under it is left out.

Failing:

```yaml fail
partners:
  red-vests:
    title: Red Vests
    sort: volunteer-team
    serves: all
    cann: [cleaning]
```

Passing:

```yaml pass
partners:
  red-vests:
    title: Red Vests
    sort: volunteer-team
    serves: all
    can: [cleaning]
```

To mend it, take the key that is proposed, or one of those that are known there. A remark of your own is written after
`#`, or under `note` at the top of the file.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ003"
SEVERITY: Severity = "error"

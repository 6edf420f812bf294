"""
# FJ022 · An ignore that ignores nothing

A comment `# fujin: ignore[FJ210] reason` on whose line nothing of that code is found any more (or never was) would hide
the next mistake that is made there. The same is said of one that is not understood, and of one for a finding that
cannot be ignored: errors of the families 0 and 1, with which a file cannot be worked with at all.

Failing:

```yaml fail rosters/C2.yaml
roster: C2
staff:
  - {person: p-21, name: Geng, roles: [supervisor]}  # fujin: ignore[FJ204] the term ends in spring
  - {person: p-22, name: Xin, roles: [coordinator]}
  - {person: p-23, name: Ren, roles: [inspector]}
```

Passing:

```yaml pass rosters/C2.yaml
roster: C2
staff:
  - {person: p-21, name: Geng, roles: [supervisor]}
  - {person: p-22, name: Xin, roles: [coordinator]}
  - {person: p-23, name: Ren, roles: [inspector]}
```

To mend it, delete the comment.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ022"
SEVERITY: Severity = "warning"

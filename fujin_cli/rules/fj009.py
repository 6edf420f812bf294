"""
# FJ009 · A value out of form

A text stands in the right place and is not what belongs there: no duration, no date, no share, no name, or none of the
few words that are known. Durations are `30 minutes`, `4 working hours`, `2 working days`; shares `2/3` or `60%`; dates
`2027-02-06`; names have letters of the English alphabet, digits, `-` and `_`, and at most 64 of them.

Failing:

```yaml fail
roster: C01
staff:
  - {person: p-11, name: 样例甲, roles: [supervisor], term: {from: 2026-02-30, until: 2028-12-31}}
```

Passing:

```yaml pass
roster: C01
staff:
  - {person: p-11, name: 样例甲, roles: [supervisor], term: {from: 2026-02-28, until: 2028-12-31}}
```

To mend it, write the value in the form that the finding shows. Titles may be in any language; ids may not.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ009"
SEVERITY: Severity = "error"

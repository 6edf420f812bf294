"""
# FJ005 · Something is missing

A key that has to be there is not, or it stands there without a value. The mark is at what it is missing from. A text
with a comma inside braces looks like this too: what comes after the comma is read as a key of its own.

Failing:

```yaml fail
committee: C01-environment
kind: environment
community: C01
title: {zh: 环境管护专委会, en: Clean, green and quiet}
founded:
seats: {head: 1, member: 2}
procedures: [resident-request]
```

Passing:

```yaml pass
committee: C01-environment
kind: environment
community: C01
title: {zh: 环境管护专委会, en: "Clean, green and quiet"}
founded: {on: 2026-01-01}
seats: {head: 1, member: 2}
procedures: [resident-request]
```

To mend it, add the key or its value. A key that may be left out is deleted rather than left empty.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ005"
SEVERITY: Severity = "error"

"""
# FJ831 · A migration file leaves a case out

There is a migration file from the law of this case, but its `map` says nothing of the step where the case stands. A
file has to speak of every open case that cannot move by itself, or it moves none.

```text
$ fujin case migrate --all --apply --as p-0001
error[FJ831]: the migration to-one-step says nothing of cases at handling: XF01-202606a-0001
```

The way out: add the step to `map`.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ831"
SEVERITY: Severity = "error"

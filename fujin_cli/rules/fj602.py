"""
# FJ602 · An open case could move, and then never end

The new law could have produced the history of the case, or a migration file says where it goes. But from the step
where it would stand the new law leads to no end.

```text
$ fujin diff HEAD
error[FJ602]: XF01-202606a-0001 could never end under the new law: no end can be reached from waiting
```

The way out: mend the new law (`fujin validate` finds the same place), or map the step to another one.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ602"
SEVERITY: Severity = "error"

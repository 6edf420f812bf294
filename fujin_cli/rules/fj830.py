"""
# FJ830 · A case cannot move to the new law

The new law could not have produced the history of the case, and no migration file says where it goes.

For example, after `accept` was made to ask for a reason that was not given then:

```text
$ fujin case migrate XF01-202606a-0001 --apply --as p-0001
error[FJ830]: the new law could not have produced the history of XF01-202606a-0001: accept needs: reason
```

The way out: let the case end under its own law, or write a file in `workflows/migrations/` that maps its step.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ830"
SEVERITY: Severity = "error"

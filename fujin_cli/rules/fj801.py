"""
# FJ801 · No such action here

The case has no action of that name at its step. The answer names those that there are, and the closest one where the
name looks mistyped.

For example, before the request was accepted:

```text
$ fujin case advance XF01-202606a-0001 dispatch --as p-0001
error[FJ801]: there is no action dispatch at reported
   = help: here: accept, merge, decline, withdraw, note
```

`fujin case pause`, `merge` and `attach` say the same where the case's procedure has no action that does this, or not
at this step.

The way out: `fujin case actions CASE` shows what can be done now, by whom, and why the rest cannot. `fujin procedure
show` shows what comes before.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ801"
SEVERITY: Severity = "error"

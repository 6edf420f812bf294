"""
# FJ802 · Not now

The action is there and something has to happen first. The procedure guards it with `when`, or the case is not in the
state that the command takes for granted: it is not paused, it has no acceptance code, it has no message of that id.

For example, while a partner has not reported back:

```text
$ fujin case advance XF01-202606a-0001 finish --as p-0001 --set result='…'
error[FJ802]: this needs: all of orders verified
```

The way out: do what the answer names. `fujin case show CASE` shows the fields, the orders and their outcomes. Where
the guard itself is wrong, it stands under `when` in the procedure, and a change of the procedure counts for cases
that are opened afterwards.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ802"
SEVERITY: Severity = "error"

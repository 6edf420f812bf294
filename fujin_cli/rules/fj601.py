"""
# FJ601 · An open case cannot move to the new law

The case keeps its law, so nothing happens to it by itself. But the new law could not have produced its history: an
action that was done is not there any more or asks for something else, a case was opened that the new law does not
open, or the case would have ended by now. `fujin case migrate` refuses it as long as no migration file says where such
cases go.

For example, after the action `accept` was made to ask for a reason:

```text
$ fujin diff HEAD
error[FJ601]: XF01-202606a-0001 cannot move to the new law: accept needs: reason
```

The way out: leave the case to its own law until it has ended (`fujin procedure versions` counts such cases), or write
a [migration file](../how-to/migrate-open-cases.md). This is what `--fail-on stuck` counts, the default.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ601"
SEVERITY: Severity = "error"

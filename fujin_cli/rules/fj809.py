"""
# FJ809 · Done as often as is allowed

The action has a `limit`, which counts in the whole life of a case and is never set back, not by a rework and not by
reopening. Where the procedure says `then`, every later time leads there instead; here it does not.

For example, a third pause:

```text
$ fujin case pause XF01-202606a-0001 --until 2026-06-12 --reason '…' --as p-0001
error[FJ809]: this was done 2 times, and no more is allowed
```

The way out: go on without it. `fujin case actions CASE` shows what is left; in most procedures that is to bring the
matter to the level above.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ809"
SEVERITY: Severity = "error"

"""
# FJ810 · Too soon after the last time

The action is to be done at intervals (`spaced`), so that, for example, three attempts to reach somebody are not made
within three minutes.

For example:

```text
$ fujin case advance XF01-202606a-0001 try --as p-0103
error[FJ810]: this can be done again from 2026-06-02 14:30 +08:00
```

The way out: do it again after that moment. Intervals in working hours run while the office is open.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ810"
SEVERITY: Severity = "error"

"""
# FJ817 · The time for this was over

The action may be done for a certain time only, counted from the arrival at the step: reopening a closed case has a
window.

For example, three weeks after the request was closed:

```text
$ fujin case advance XF01-202606a-0001 reopen --as p-0103 --code 7K3Q9XZ2 --set reason='…'
error[FJ817]: the time for this was over on 2026-06-29 17:00 +08:00
```

The way out: open a new case and name the old one in it. The window is a setting of the procedure, which a community
or a committee may set otherwise inside its range; it counts for cases that are opened afterwards.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ817"
SEVERITY: Severity = "error"

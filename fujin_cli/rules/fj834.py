"""
# FJ834 · There is no sound procedure to move to

The workspace has no procedure of that name any more, or its file has errors.

```text
$ fujin case migrate XF01-202606a-0001 --apply --as p-0001
error[FJ834]: the workspace has no sound procedure resident-request
```

The way out: `fujin validate` says what is wrong.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ834"
SEVERITY: Severity = "error"

"""
# FJ833 · A case that has ended keeps its law

Only open cases move to another version of their procedure. What has ended is judged by the law under which it did,
also when it is reopened.

```text
$ fujin case migrate XF01-202606a-0001 --apply --as p-0001
error[FJ833]: XF01-202606a-0001 has ended and keeps the law under which it did
```

The way out: there is none, and none is needed.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ833"
SEVERITY: Severity = "error"

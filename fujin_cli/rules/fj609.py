"""
# FJ609 · Something could not be compared

A revision, a file or a procedure could not be read, has errors, or is too large to be followed. That is never taken for
"no changes": the command exits with 1, and whatever else can be compared is shown.

```text
$ fujin diff HEAD
error[FJ609]: workflows/procedures/order.yaml has errors in HEAD and was not compared; the first: unknown key ownr
```

The way out: run `fujin validate` on that version, or compare with one that is sound.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ609"
SEVERITY: Severity = "error"

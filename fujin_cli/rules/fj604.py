"""
# FJ604 · A guarantee is lost

The old law kept this guarantee on every run. The new one declares it no more, or declares it and breaks it.

```text
$ fujin diff HEAD
warning[FJ604]: the guarantee not-satisfied-not-done is lost
```

The way out: keep the guarantee, or say in the review why it is given up. This counts for `--fail-on breaking`.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ604"
SEVERITY: Severity = "warning"

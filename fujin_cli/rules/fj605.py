"""
# FJ605 · Something that was allowed is allowed no more

The shortest run that the old law allows and the new one does not. The last event of the run is the one that the new law
refuses; all before it can still happen. Or both allow it, and somebody who could do its last event may do it no longer:
another role, a proof that is asked for now, an exception under `not`.

```text
$ fujin diff HEAD
warning[FJ605]: resident-request no longer allows: Reported: withdraw by first complainant
```

What is meant to be forbidden is no fault. This counts for `--fail-on breaking`.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ605"
SEVERITY: Severity = "warning"

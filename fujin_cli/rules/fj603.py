"""
# FJ603 · What becomes of cases at a step depends on their history

Without looking at any case: some histories that lead to this step the new law could have produced, others not; or the
cases would stand at different steps. The run is a shortest history that cannot move.

```text
$ fujin diff HEAD
warning[FJ603]: whether and where cases at Handling can move depends on their history
```

With a ledger, the verdict of each open case stands under *Cases*. The way out is the one of FJ601, for those cases
that cannot move.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ603"
SEVERITY: Severity = "warning"

"""
# FJ607 · Cases at a step could move, and then never end

Without looking at any case: the new law allows every history that leads to this step, and from where those cases would
stand no end can be reached.

```text
$ fujin diff HEAD
warning[FJ607]: cases at Handling could move to the new law and then never end
```

The way out: mend the new law, or map the step to another one in a migration file.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ607"
SEVERITY: Severity = "warning"

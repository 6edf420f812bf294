"""
# FJ606 · No case at a step can move to the new law

Without looking at any case: the new law could have produced none of the histories that lead to this step, so every case
that stands there would be refused by `fujin case migrate`.

```text
$ fujin diff HEAD
warning[FJ606]: no case at Handling can move to the new law
```

The way out: if the step has a new name only, say so with `was:` in the new file; else a migration file says where its
cases go. This counts for `--fail-on breaking`.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ606"
SEVERITY: Severity = "warning"

"""
# FJ608 · Something is allowed that was not

The shortest run that the new law allows and the old one does not; its last event is the one that is new. Or both allow
it, and others than before may do its last event.

```text
$ fujin diff HEAD
info[FJ608]: resident-request now allows: Reported: escalate by coordinator
```

To be looked at by whoever reviews the change; it counts for `--fail-on any` alone.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ608"
SEVERITY: Severity = "info"

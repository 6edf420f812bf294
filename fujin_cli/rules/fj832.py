"""
# FJ832 · There is no migration to take back

A migration is taken back only while nothing new has happened: the newest event of the case, deliveries of messages
aside, must be the migration.

```text
$ fujin case migrate XF01-202606a-0001 --undo --apply --as p-0001
error[FJ832]: there is no migration of XF01-202606a-0001 to take back, or something new happened since
```

The way out: what happened since happened under the new law and stays. Change the procedure back and migrate again.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ832"
SEVERITY: Severity = "error"

"""
# FJ805 · A value that does not fit

A value is not of its field's type, lies outside its bounds, names something the workspace does not have, breaks a
condition that the action puts on it, or belongs to a field that is not asked for here. Nothing was changed.

For example:

```text
$ fujin case advance XF01-202606a-0001 dispatch --as p-0001 --set lead=city-managment
error[FJ805]: city-managment is not known for lead; one of city-management, …

$ fujin case pause XF01-202606a-0001 --until 2026-12-31 --reason '…' --as p-0001
error[FJ805]: resume_on must be within 10 working days, by 2026-06-15 17:00 +08:00
```

The way out: the answer says what would be a value. The types and how each is written are in
`docs/reference/language.md`.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ805"
SEVERITY: Severity = "error"

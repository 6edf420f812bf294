"""
# FJ808 · The same hands twice

Four eyes: who handled a case does not take the reporter's word on it, and of two actions that a guarantee keeps apart
(`different_people`) nobody does both. Whoever typed something in for somebody else counts as one who acted.

For example, a coordinator who is an inspector as well:

```text
$ fujin case advance XF01-202606a-0001 approve --as p-0001 --code 7K3Q9XZ2
error[FJ808]: p-0001 has handled this case and may not enter the word of first complainant
```

The way out: let somebody else who may do it enter it, or let the reporter come in person to another desk. Where a
committee has nobody else, it needs another inspector.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ808"
SEVERITY: Severity = "error"

"""
# FJ816 · Cases that cannot be joined

Joining leads to a case that is worked at, and a complainant must always find an answer there. So nothing is joined to
itself, to a case that has ended, or to one that was joined to another itself; and a case to which others were joined
is not joined to a third.

For example:

```text
$ fujin case merge XF01-202606a-0005 XF01-202606a-0004 --as p-0001
error[FJ816]: XF01-202606a-0004 was joined to XF01-202606a-0003 itself
   = help: join to XF01-202606a-0003 instead
```

The way out: join it to the case that goes on, as the answer says. If that one has ended, its reporter can reopen it
within the window; else go on with this case by itself.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ816"
SEVERITY: Severity = "error"

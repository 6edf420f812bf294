"""
# FJ811 · Cases that it opened are still open

A case does not end while orders, conferences or other cases of its own are open. Closing never cancels them: whoever
was asked would be left without an answer.

For example:

```text
error[FJ811]: these are still open: XF01-202606a-0012
   = who: XF01-202606a-0012
```

The way out: let each of them come to its end, or recall it by an action of its own procedure (a work order has
`recall`, with a reason). A deadline that would end the case waits for them, too.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ811"
SEVERITY: Severity = "error"

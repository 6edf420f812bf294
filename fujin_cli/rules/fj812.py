"""
# FJ812 · The time of this step is up

The step is a period (`lasts`), such as a publicity or the days until a conference. Once the sweep (`fujin tick`) has
recorded that it is over, nobody can do anything at it any more; what comes next happens by itself, at the next step, or
is something that may be done at any time, such as a note.

For example, an objection that comes in the week after the publicity:

```text
error[FJ812]: the time of this step is up
```

The way out: `fujin case actions CASE` shows what is left. Where nothing is, the procedure lacks a move for this case:
it should say under `then` where a case goes when `time: up`.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ812"
SEVERITY: Severity = "error"

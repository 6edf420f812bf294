"""
# FJ807 · The acceptance code is locked

Five wrong tries lock the code of a round, so that nobody finds it by trying. The right one is refused now, too.

For example:

```text
error[FJ807]: the acceptance code is locked after 5 wrong tries
   = help: give the reporter a new one with `fujin case reissue-code XF01-202606a-0001`
```

The way out: `fujin case reissue-code CASE`, by somebody who may enter the reporter's word. It is recorded, and a
message to the reporter waits in the outbox: whoever did not ask for a new code learns that somebody did. `fujin case
show` shows who entered the wrong ones.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ807"
SEVERITY: Severity = "error"

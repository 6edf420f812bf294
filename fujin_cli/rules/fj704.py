"""
# FJ704 · A mark by which lists find cases is missing, or is not needed

Lists do not read the whole ledger. An empty file in `data/ledger/open/` says that a volume has open cases, one in
`data/ledger/waiting/` that somebody still has to be told something. It is made before the volume is written and
removed after it, so a crash leaves one too many and never one too few.

A missing one is an error, because somebody removed it and lists pass over those cases:

```text
error[FJ704]: data/ledger/open/XF01/2026-06.a is missing: lists pass over cases of data/ledger/XF01/2026-06.a.json
```

One too many is only told (severity info). It costs the time of reading one volume and goes away with its next change.

The way out: make an empty file of that name (`touch data/ledger/open/XF01/2026-06.a`).
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ704"
SEVERITY: Severity = "error"

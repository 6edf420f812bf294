"""
# FJ705 · Events of the ledger are missing

The events of a case are numbered from 1 without a gap, a volume says how many events it has and which is the newest,
and a volume starts from an event of the one before it. Here one of these does not hold: the newest events were cut
off, or an older file was put in the place of a newer one.

For example, after a backup was restored that was a day old, while the month that followed goes on:

```text
error[FJ705]: data/ledger/XF01/2026-07.a.json does not start from an event of the volume before it (XF01-202606a):
events there are gone
```

The way out: find a newer copy of the file that the message names as incomplete and restore it. Where there is none,
the events are lost: tell those whose receipts say more than the ledger, and enter again what they say, with a note.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ705"
SEVERITY: Severity = "error"

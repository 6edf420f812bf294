"""
# FJ702 · An event was changed after it was written

Each event carries the SHA-256 of itself and of the event before it in the volume. Here the two do not fit: an event
was changed, removed or moved by hand, and whoever did it put the file's checksum right. Which field was changed
cannot be told; everything before the place is as it was written.

For example, after a date was moved inside a volume:

```text
error[FJ702]: data/ledger/XF01/2026-06.a.json, XF01-202606a-0007, event 3: this event was changed after it was written,
or the one before it was removed or moved. Which field was changed cannot be told
```

The way out: compare the file with a backup, and the case with the receipt that its reporter holds (its number is the
beginning of the hash of the case's first event). Restore the file, find out who could write there, and say so
publicly: the ledger can only tell that it was done.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ702"
SEVERITY: Severity = "error"

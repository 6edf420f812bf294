"""
# FJ701 · A file of the ledger is damaged

A file under `data/ledger/` does not say what was written into it: it is cut off, its checksum differs, it cannot be
read, or it was set aside earlier and nothing has been put in its place. Nothing in such a file is believed, and
nothing is written into it. Every other volume goes on; lists say which one they had to pass over, and exit with 1.

For example, after somebody opened a volume in an editor and saved it:

```text
error[FJ701]: data/ledger/XF01/2026-06.a.json is damaged: its checksum differs
  --> data/ledger/XF01/2026-06.a.json
```

The first command that would write into the volume moves the file to `data/ledger/quarantine/`, so that it is out of
the way and not lost. No new case is opened in that part any more, because nobody knows which ids residents hold.

The way out: restore this one file from the newest backup and run `fujin ledger verify`. Keep the file in quarantine:
it may hold what the backup does not have yet. Where the message says that the file cannot be read, look at its owner
and its permissions first, and at the disk. Where an operation on several volumes could not be finished, it was never
acknowledged: look at its cases, and repeat it. The guide is `docs/how-to/backup-and-restore.md`.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ701"
SEVERITY: Severity = "error"

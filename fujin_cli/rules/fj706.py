"""
# FJ706 · A ledger on a network file system

The ledger relies on file locks and on data that survives a power cut once the system has said so. On a network file
system a lock on one machine may mean nothing on another, so fujin refuses to write there. Nothing was changed.

For example, with the workspace on a file server:

```text
error: data/ledger is on a network file system (nfs4), where locks and syncs cannot be relied on
```

The way out: keep the workspace on a local disk of one machine and let people log in there. A ledger for several
machines (PostgreSQL) comes later.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ706"
SEVERITY: Severity = "error"

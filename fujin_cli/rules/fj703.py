"""
# FJ703 · A procedure that cases were opened under is gone or changed

A case keeps its law: its opening event pins the SHA-256 of its procedure, and the text is kept under that name in
`data/ledger/laws/`. Here the file is missing, or it no longer is what its name says.

For example, after somebody tidied up:

```text
error[FJ703]: data/ledger/laws/5f1d…e2.json is gone: cases of data/ledger/XF01/2026-06.a.json were opened under it
  --> data/ledger/laws/5f1d…e2.json
```

Cases whose law is missing can neither be shown nor moved, unless `workflows/` still has exactly that procedure.

The way out: restore this file from a backup. Where there is none, put the procedure as it was into `workflows/` again
(version control has it): the next case that is opened by it writes the file anew.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ703"
SEVERITY: Severity = "error"

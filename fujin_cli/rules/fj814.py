"""
# FJ814 · No such case

The ledger has no case of that id, or the procedure that the case is pinned to is missing, or the case that should
wait for this one has ended.

For example:

```text
$ fujin case show XF01-202606a-9999
error[FJ814]: there is no case XF01-202606a-9999
   = help: `fujin case list` shows them
```

The way out: look the id up with `fujin case list` (`--all` shows ended cases too). An id is a community, a month, a
part and a number; `fujin config` shows in which workspace you are. Where the procedure is missing, run `fujin ledger
verify`: see FJ703. A case whose parent has ended cannot be reopened; reopen the parent, or report it anew.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ814"
SEVERITY: Severity = "error"

"""
# FJ804 · Something has to be given

Opening a case asks for every required field that has no default, and an action asks for everything under `needs`.
What the case carries already does not count: `needs` asks for fresh input.

For example:

```text
$ fujin case advance XF01-202606a-0001 dispatch --as p-0001
error[FJ804]: dispatch needs: lead
   = help: give each with --set FIELD=VALUE
```

The way out: give it with `--set FIELD=VALUE`. A list takes `--set` several times. `FIELD=@FILE` reads the value from
a file and `FIELD=@-` from standard input; contacts, photos and files are given in no other way.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ804"
SEVERITY: Severity = "error"

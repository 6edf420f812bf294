"""
# FJ813 · A request id that was used for something else

A request id makes a command safe to repeat: the same id has its effect once, and a repetition gets the same answer.
Here the id came back with another command: another case, other values, another person. Nothing was changed.

For example:

```text
$ fujin case advance XF01-202606a-0001 accept --as p-0001 --request-id web-4711
$ fujin case advance XF01-202606a-0001 decline --as p-0001 --set reason='…' --request-id web-4711
error[FJ813]: this request id was used for something else, on XF01-202606a-0001
   = help: take a new one
```

The way out: use a new id for each new intention, and the old one only to repeat the very same command after exit code
75 or a lost connection. The acceptance code is no part of what is compared.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ813"
SEVERITY: Severity = "error"

"""
# FJ815 · A case that cannot be opened

There is no such procedure, community or committee; the channel is none of the procedure's; the procedure is opened by
other procedures only; a case that is named is of the wrong kind; or the procedure's file has errors, and nothing new
is begun by a law that is known to be broken. Open cases go on under the law they were opened with.

For example:

```text
$ fujin case open work-order --community XF01 --as p-0001
error[FJ815]: only another procedure opens a case of work-order

$ fujin case open resident-request --community XF01 --as p-0105 --channel pigeon
error[FJ815]: pigeon is no channel of this procedure; one of visit, phone, wechat, snapshot, patrol
```

The way out: correct what the answer names. `fujin procedure show` says who opens a case and what it carries. Where
the file has errors, `fujin validate` shows them; an earlier revision of the file opens cases again at once.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ815"
SEVERITY: Severity = "error"

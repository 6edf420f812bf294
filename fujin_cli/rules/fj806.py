"""
# FJ806 · The proof is missing or wrong

What the reporter does needs the reporter's proof: the acceptance code that was handed out at the opening, of this
round. After a refusal a new code is given, and the old one approves no longer. Where a procedure hands out receipts
only, the number on the receipt is the proof. A wrong code is recorded in the case; a missing one is not.

For example, with the code from before the rework:

```text
$ fujin case advance XF01-202606a-0001 approve --as p-0103 --code 9QEYXZWA
error[FJ806]: this is not the acceptance code of this round; 4 tries left
```

Upper and lower case, dashes and spaces make no difference, nor do O for 0 and I or L for 1.

The way out: ask the reporter to read the newest code out. If it is lost, `fujin case reissue-code CASE` gives a new
one, which is recorded and told to the reporter.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ806"
SEVERITY: Severity = "error"

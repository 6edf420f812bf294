"""
# FJ803 · Not for you to do

The action is for somebody else. Who a name of the procedure is, is looked up on the rosters on the day it is done:
the roles of a committee, a community's or a street's office whose terms cover the day, the partner in a field, the
reporter with a code. Once a case was raised, the supervisors of that level may act too.

For example, a collector who wants to decide:

```text
$ fujin case advance XF01-202606a-0001 accept --as p-0105
error[FJ803]: p-0105 may not do this; it is for coordinator
   = who: p-0001
```

The way out: let one of those do it whom the answer names. Where it names nobody, nobody holds the role today: `fujin
roster show` tells whose term is over, and `fujin validate` says where work has nobody. A person whom `not` excludes
stays excluded in this case for good, because they have acted in it under the other name.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ803"
SEVERITY: Severity = "error"

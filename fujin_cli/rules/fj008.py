"""
# FJ008 · No kind of file

The first key of a file says what it is: `workspace`, `jurisdiction`, `menu`, `partners`, `committee`, `roster` or
`procedure`. A file that begins with anything else, or is empty, cannot be judged. Nor can what is called `*.yaml` and
is no file: a pipe, or a link that leads to nothing or out of the workspace.

Failing:

```yaml fail
note: City office
roster: C01
staff: []
```

Passing:

```yaml pass
roster: C01
staff: []
```

To mend it, begin the file with its kind and its id, or take it out of `workflows/` if it is no part of the workspace.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ008"
SEVERITY: Severity = "error"

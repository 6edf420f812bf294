"""
# FJ004 · A value of the wrong kind

A list stands where one name belongs, a text where a mapping belongs, or two keys stand side by side that exclude each
other. The value is left out and the rest of the file is judged without it.

Failing:

```yaml fail
roster: C01
staff:
  - {person: p-11, name: 样例甲, roles: supervisor}
```

Passing:

```yaml pass
roster: C01
staff:
  - {person: p-11, name: 样例甲, roles: [supervisor]}
```

To mend it, write what the finding expects. A list stands in brackets, `[a, b]`, or on lines that begin with a dash; a
mapping stands in braces, `{key: value}`, or on indented lines. Of two keys that exclude each other keep one.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ004"
SEVERITY: Severity = "error"

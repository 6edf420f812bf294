"""
# FJ021 · Ignored without a reason

A comment `# fujin: ignore[FJ210] reason` on a line hides the findings of that code there. Whoever reads the file next
year has to know why, so a comment without a reason is an error of its own. A comment that has a line to itself is about
the next line.

Failing:

```yaml fail committees/C1-second.yaml
committee: C1-second
kind: environment  # fujin: ignore[FJ210]
community: C1
title: Second environment committee
founded: {on: 2026-01-01}
seats: {head: 1, member: 2}
procedures: [errand, order]
```

Passing:

```yaml pass committees/C1-second.yaml
committee: C1-second
kind: environment  # fujin: ignore[FJ210] two until the elections, the office chooses between them
community: C1
title: Second environment committee
founded: {on: 2026-01-01}
seats: {head: 1, member: 2}
procedures: [errand, order]
```

To mend it, write the reason behind the bracket, or delete the comment and mend what it hides.
"""

from __future__ import annotations

from fujin_cli.core.finding import Severity

CODE = "FJ021"
SEVERITY: Severity = "error"

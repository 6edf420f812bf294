"""
# FJ127 · A file in the folder of another kind

The first key of a file determines its kind; the folders help people. A roster in `committees/` works, but somebody who
looks for it in `rosters/` will not find it, and may write a second one.

Failing:

```yaml fail committees/north.yaml
roster: north
staff:
  - {person: p-31, name: Jia, roles: [supervisor]}
```

Passing:

```yaml pass rosters/north.yaml
roster: north
staff:
  - {person: p-31, name: Jia, roles: [supervisor]}
```

To fix it, move the file to the folder of its kind: `committees/`, `rosters/`, `procedures/`, `scenarios/`,
`migrations/`. The files of which there is only one belong directly into `workflows/`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from fujin_cli.core.findings.finding import Finding, Place, Severity
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext

CODE = "FJ127"
SEVERITY: Severity = "warning"
FOLDERS = {
    "committees": "committee",
    "rosters": "roster",
    "procedures": "procedure",
    "scenarios": "scenario",
    "migrations": "migration",
}


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every file whose kind is not the kind of its folder."""
    home = {kind: folder for folder, kind in FOLDERS.items()}
    for file in context.workspace.files:
        folders = [part for part in PurePosixPath(file.path).parent.parts if part in FOLDERS]
        if folders and file.kind and FOLDERS[folders[-1]] != file.kind:
            yield Finding(
                CODE,
                "warning",
                say("this is a {kind} file, but it is in {folder}/", kind=file.kind, folder=folders[-1]),
                Place(file.path, (file.kind,), key=True),
                say("move the file to {folder}/", folder=home[file.kind])
                if file.kind in home
                else say("move the file out of {folder}/", folder=folders[-1]),
            )

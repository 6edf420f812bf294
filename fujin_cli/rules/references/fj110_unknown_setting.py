"""
# FJ110 · A setting that the procedure does not have

A community or a committee can override settings of a procedure. A name that is not a setting of the procedure has no
effect, although its author expects one.

Failing:

```yaml fail committees/C1-environment.yaml
settings: {errand: {answer-tme: 1 working day}}
```

Passing:

```yaml pass committees/C1-environment.yaml
settings: {errand: {answer-time: 1 working day}}
```

To fix it, correct the name, or add the setting to the procedure.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.defined_names import unknown_name
from fujin_cli.rules.support.file_index import index_files
from fujin_cli.rules.support.setting_overrides import setting_overrides

CODE = "FJ110"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every override of a setting that its procedure does not have."""
    workspace = context.workspace
    files = index_files(workspace)
    settings_of = {name: files.section(version.path, "settings") for name, version in workspace.procedures.items()}
    for override in setting_overrides(workspace):
        settings = settings_of.get(override.procedure)
        if settings is not None and override.setting not in settings:
            message = say(
                "{procedure} has no setting {setting}", procedure=override.procedure, setting=override.setting
            )
            yield unknown_name(CODE, message, override.key, override.setting, settings)

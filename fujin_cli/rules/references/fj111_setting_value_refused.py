"""
# FJ111 · A value that its setting does not allow

A procedure defines the range from which a community or a committee may choose. A value of another type or outside the
range would break the procedure's guarantees.

Failing:

```yaml fail committees/C1-environment.yaml
settings: {errand: {answer-time: 30 working days}}
```

Passing:

```yaml pass committees/C1-environment.yaml
settings: {errand: {answer-time: 4 working days}}
```

To fix it, choose a value inside the range, or widen the range in the procedure.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Place, Related, Severity
from fujin_cli.core.model.procedure import Setting
from fujin_cli.core.text.localized import LocalizedText, say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.setting_overrides import SettingOverride, setting_overrides
from fujin_cli.rules.support.setting_values import EXAMPLES, is_outside_range, is_value, move_into_range

CODE = "FJ111"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every override whose value is not of the setting's type or lies outside its range."""
    for override in setting_overrides(context.workspace):
        version = context.workspace.procedures.get(override.procedure)
        setting = version.settings.get(override.setting) if version else None
        if version is not None and setting is not None:
            yield from _check_override(override, setting, version.path)


def _check_override(override: SettingOverride, setting: Setting, path: str) -> Iterator[Finding]:
    place = Place(path, setting.route, key=True)
    if not is_value(setting.type, override.value):
        message = say("{value} is not of type {type}", value=override.value, type=setting.type)
        related = Related(say("{setting} is defined here", setting=setting.name), place)
        yield Finding(CODE, "error", message, override.place, EXAMPLES[setting.type], (related,))
    elif is_outside_range(setting.type, override.value, setting.low, setting.high):
        message = say("{value} lies outside the range of {setting}", value=override.value, setting=setting.name)
        related = Related(say("the range is given here"), place)
        yield Finding(
            CODE,
            "error",
            message,
            override.place,
            _describe_range(setting),
            (related,),
            fix=move_into_range(override.place, setting, override.value),
        )


def _describe_range(setting: Setting) -> LocalizedText:
    if setting.low and setting.high:
        return say("choose a value from {low} up to {high}", low=setting.low, high=setting.high)
    if setting.low:
        return say("choose a value of at least {low}", low=setting.low)
    return say("choose a value of at most {high}", high=setting.high)

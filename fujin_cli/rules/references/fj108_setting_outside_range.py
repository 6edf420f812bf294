"""
# FJ108 · A default outside the range of its setting

A setting has a type, a default and a range. The default must be inside the range, and the range must not end before it
begins; otherwise no community could use the default.

Failing:

```yaml fail procedures/errand.yaml
settings:
  answer-time: {type: duration, default: 10 working days, from: 1 working day, up_to: 5 working days}
```

Passing:

```yaml pass procedures/errand.yaml
settings:
  answer-time: {type: duration, default: 3 working days, from: 1 working day, up_to: 5 working days}
```

To fix it, move the default into the range, or widen the range.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Related, Severity
from fujin_cli.core.model.procedure import Setting
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.procedure_source import ProcedureSource, procedure_sources
from fujin_cli.rules.support.setting_values import is_outside_range, move_into_range

CODE = "FJ108"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every setting whose range ends before it begins, or whose default lies outside the range."""
    for source in procedure_sources(context.workspace):
        for setting in source.procedure.settings.values():
            yield from _check_range(source, setting)


def _check_range(source: ProcedureSource, setting: Setting) -> list[Finding]:
    if setting.low and is_outside_range(setting.type, setting.low, None, setting.high):
        return [
            Finding(
                CODE,
                "error",
                say("the range of {setting} ends before it begins", setting=setting.name),
                source.place((*setting.route, "up_to")),
                say("swap from and up_to, or correct one of them"),
                (Related(say("it begins here"), source.place((*setting.route, "from"))),),
            )
        ]
    if not setting.default or not is_outside_range(setting.type, setting.default, setting.low, setting.high):
        return []
    below = is_outside_range(setting.type, setting.default, setting.low, None)
    key, limit_words = "up_to", say("the range ends here")
    if below:
        key, limit_words = "from", say("the range begins here")
    return [
        Finding(
            CODE,
            "error",
            say("the default {value} of {setting} lies outside its range", value=setting.default, setting=setting.name),
            source.place((*setting.route, "default")),
            say("choose a default inside the range, or widen the range"),
            (Related(limit_words, source.place((*setting.route, key))),),
            fix=move_into_range(source.place((*setting.route, "default")), setting, setting.default),
        )
    ]

"""
# FJ106 · Neither a duration nor a setting that is one

A time is an amount and a unit, `30 minutes` or `2 working days`, or the name of a setting of type `duration`. With any
other text, the time would never end.

Failing:

```yaml fail procedures/errand.yaml
steps:
  asked:
    within: answer-tme
```

Passing:

```yaml pass procedures/errand.yaml
steps:
  asked:
    within: answer-time
```

To fix it, correct the duration or the name of the setting. Units are minutes, hours, days, weeks, months, years,
working hours and working days.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.model.rung_types import WITH_DURATION
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.procedure_source import Mention, ProcedureSource, actions, effect_trees, procedure_sources
from fujin_cli.rules.support.setting_values import check_setting_value

CODE = "FJ106"
SEVERITY: Severity = "error"
KEYS = ("within", "spaced", *WITH_DURATION)  # of actions, reopenings and rungs


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every text in place of a duration that is no duration."""
    for source in procedure_sources(context.workspace):
        for mention in (*_durations_in_steps(source), *_durations_in_moves(source), *_durations_in_clocks(source)):
            message = say("{text} is neither a duration nor a setting of type duration", text=mention.name)
            example = say("write for example 30 minutes or 2 working days, or the name of a setting of type duration")
            yield from check_setting_value(CODE, source, mention, "duration", message, example)


def _durations_in_steps(source: ProcedureSource) -> Iterator[Mention]:
    for step in source.procedure.steps:
        for route in (("within",), ("lasts",), ("lasts", "less")):
            yield from source.text(("steps", step, *route))


def _durations_in_moves(source: ProcedureSource) -> Iterator[Mention]:
    for route, _ in effect_trees(source):
        for key in KEYS:
            yield from source.text((*route, key))
    for action in actions(source.procedure):
        for field_input in action.inputs:
            for verb in ("within", "after"):
                yield from source.text((*field_input.route, verb))


def _durations_in_clocks(source: ProcedureSource) -> Iterator[Mention]:
    for name in source.procedure.clocks:
        yield from source.text(("clocks", name, "within"))

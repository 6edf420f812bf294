"""
# FJ320 · An action that a setting can make impossible

A committee may choose the value of this setting inside its range. At one end of the range an action can never be taken,
although cases reach its step, and although it can be taken with the default: a limit is used up before its guard holds,
say. Whoever chooses that value loses the action without a word.

Failing:

```yaml fail procedures/order.yaml
settings: {most: {type: count, default: 3, from: 1, up_to: 5}}
steps:
  sent:
    actions:
      look: {title: look, by: helper, limit: most}
      praise: {title: praise, to: finished, by: clerk, when: {times: {look: {at_least: 2}}}}
```

Passing:

```yaml pass procedures/order.yaml
settings: {most: {type: count, default: 3, from: 2, up_to: 5}}
steps:
  sent:
    actions:
      look: {title: look, by: helper, limit: most}
      praise: {title: praise, to: finished, by: clerk, when: {times: {look: {at_least: 2}}}}
```

To fix it, narrow the setting's range, or let the guard compare with the setting, too. An action whose own limit is the
setting may be switched off by it.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.explore.reachability import Exploration
from fujin_cli.core.findings.finding import Finding, Place, Severity
from fujin_cli.core.text.localized import say
from fujin_cli.core.verify.reachable_moves import find_reachable_rules, find_reachable_steps
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.traces import related_settings

CODE = "FJ320"
SEVERITY: Severity = "warning"
ALONE = True  # it reads procedures and nothing else


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every action that can be taken with the defaults, and never at an end of one setting's range."""
    for source, (usual, *extremes) in context.explored():
        taken = find_reachable_rules(usual)
        reported: set[str] = set()
        for exploration in (each for each in extremes if len(each.changed_settings) == 1):
            lost = taken - find_reachable_rules(exploration)
            for step, action in source.procedure.all_actions() if lost else ():
                if action.rule not in lost or action.rule in reported or action.limit in exploration.changed_settings:
                    continue
                if step is not None and step.name not in find_reachable_steps(exploration):
                    continue  # it is lost with its step, which another action leads to
                reported.add(action.rule)
                yield Finding(
                    CODE,
                    "warning",
                    say(
                        "{action} can never be taken with {settings}",
                        action=action.title or action.name,
                        settings=_describe_settings(exploration),
                    ),
                    Place(source.file.path, action.route, key=isinstance(action.route[-1], str)),
                    say("narrow the setting's range, or let the guard compare with the setting"),
                    related_settings(source, exploration.changed_settings),
                )


def _describe_settings(exploration: Exploration) -> list[object]:
    return [f"{name} = {value}" for name, value in exploration.changed_settings.items()]

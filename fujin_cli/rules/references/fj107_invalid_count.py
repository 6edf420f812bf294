"""
# FJ107 · Neither a whole number nor a setting that is one

How often something may be done, and how many must answer, is a whole number or the name of a setting of type `count`.

Failing:

```yaml fail procedures/errand.yaml
steps:
  checking:
    actions:
      refuse: {to: running, by: asker, limit: twice, then: declined}
```

Passing:

```yaml pass procedures/errand.yaml
steps:
  checking:
    actions:
      refuse: {to: running, by: asker, limit: 2, then: declined}
```

To fix it, write the number, or correct the name of the setting.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.model.operators import ORDER_OPERATORS
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.procedure_source import Mention, ProcedureSource, effect_trees, procedure_sources, tests
from fujin_cli.rules.support.setting_values import check_setting_value

CODE = "FJ107"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every text in place of a count that is no count."""
    for source in procedure_sources(context.workspace):
        for mention in (*_list_limits(source), *_list_counts_in_tests(source)):
            message = say("{text} is neither a whole number nor a setting of type count", text=mention.name)
            example = say("write a whole number, such as 3, or the name of a setting of type count")
            yield from check_setting_value(CODE, source, mention, "count", message, example)


def _list_limits(source: ProcedureSource) -> Iterator[Mention]:
    for route, _ in effect_trees(source):
        yield from source.text((*route, "limit"))


def _list_counts_in_tests(source: ProcedureSource) -> Iterator[Mention]:
    for test in tests(source.procedure):
        field = source.procedure.fields.get(test.name)
        counted = test.kind == "field" and field is not None and field.is_list and test.verb in ORDER_OPERATORS
        if test.kind == "times" or counted or (test.kind in ("group", "case") and test.verb == "at_least"):
            yield from source.names(test.route)

"""
# FJ124 · Waiting for a case that is never joined

`when: {same_as: {all: ended}}` waits for the end of the case in a field. A case learns of another case's end only if it
was joined to it with `does: {…: {join: same_as}}`. A reference alone waits forever.

Failing:

```yaml fail procedures/errand.yaml
fields:
  other: {type: case, of: errand, optional: yes}
steps:
  joined:
    then:
      - {when: {other: {all: ended}}, to: done}
```

Passing:

```yaml pass procedures/errand.yaml
steps:
  joined:
    then:
      - {when: {same_as: {all: ended}}, to: done}
```

To fix it, join the case where the field is entered, or use another condition on the field (`given`, `missing`).
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Related, Severity
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.procedure_source import procedure_sources, tests

CODE = "FJ124"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every test of a case's outcome in a field that nothing joins."""
    for source in procedure_sources(context.workspace):
        joined = {
            does.field for effects in source.procedure.all_effects() for does in effects.does if does.verb == "join"
        }
        for test in tests(source.procedure):
            field = source.procedure.fields.get(test.name)
            if test.kind == "case" and field is not None and test.name not in joined and source.complete:
                yield Finding(
                    CODE,
                    "error",
                    say("no action joins this case to the one in {field}", field=test.name),
                    source.place_of_test(test),
                    say("add to the action that asks for it: does: {{joining: {{join: {field}}}}}", field=test.name),
                    (
                        Related(
                            say("{field} is defined here", field=test.name), source.place(field.route[:-1], test.name)
                        ),
                    ),
                )

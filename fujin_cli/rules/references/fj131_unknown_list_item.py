"""
# FJ131 · A list of an unknown type

`of` says what a list contains: one of the types, or a form of this procedure, whose fields each row has. For anything
else no value can be entered.

Failing:

```yaml fail procedures/errand.yaml
fields:
  photos: {type: list, of: phto, optional: yes}
```

Passing:

```yaml pass procedures/errand.yaml
fields:
  photos: {type: list, of: photo, optional: yes}
```

To fix it, correct `of`, or describe the form under `forms`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fujin_cli.core.findings.finding import Finding, Severity
from fujin_cli.core.model.procedure import Field
from fujin_cli.core.model.values import TYPES
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.defined_names import language_words, unknown_name
from fujin_cli.rules.support.procedure_source import procedure_sources

CODE = "FJ131"
SEVERITY: Severity = "error"
ITEMS = tuple(name for name in TYPES if name != "list")


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every list whose items are of no known type and no form."""
    for source in procedure_sources(context.workspace):
        item_types = language_words(*ITEMS) | source.defined("forms")
        forms: list[Mapping[str, Field]] = [source.procedure.fields, *source.procedure.forms.values()]
        for field in (field for fields in forms for field in fields.values()):
            if field.is_list and field.of and field.of[0] not in item_types:
                message = say("{type} is neither a type nor a form", type=field.of[0])
                yield unknown_name(CODE, message, source.place((*field.route, "of")), field.of[0], item_types)

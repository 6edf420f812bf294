"""
# FJ501 · A field that is never shown is marked public

Contacts of residents, photos, files and surveys never appear in a notice or a message, whatever their field says. If
such a field is marked `public: yes` or `preview`, readers of the file expect something that does not happen.

Failing:

```yaml fail procedures/errand.yaml
fields:
  asker: {type: contact, required: yes, public: yes}
```

Passing:

```yaml pass procedures/errand.yaml
fields:
  asker: {type: contact, required: yes}
  scope: {type: choice, of: [small, large], default: small, public: yes}
```

To fix it, remove `public`, or put what may be published into a field of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Route, Severity
from fujin_cli.core.findings.fix import make_replacement
from fujin_cli.core.model.procedure import Field, Procedure
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.data_flow import SECRET
from fujin_cli.rules.support.file_index import value_at
from fujin_cli.rules.support.procedure_source import ProcedureSource, procedure_sources

CODE = "FJ501"
SEVERITY: Severity = "error"
ALONE = True  # it reads procedures and nothing else


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every public field of a case or a form whose type is never shown."""
    for source in procedure_sources(context.workspace):
        version = source.procedure
        for field in version.fields.values():
            yield from _check_field(source, field, ("fields", field.name), _find_hidden_type(version, field))
        for form, parts in version.forms.items():
            for field in parts.values():
                yield from _check_field(source, field, ("forms", form, field.name), _find_hidden_type(version, field))


def _find_hidden_type(procedure: Procedure, field: Field) -> str | None:
    """Return the type that is never shown, of the field itself or of a field of its rows."""
    if field.item_type in SECRET:
        return field.item_type
    rows = procedure.forms.get(field.item_type, {})
    return next((part.item_type for part in rows.values() if part.item_type in SECRET), None)


def _check_field(source: ProcedureSource, field: Field, route: Route, secret: str | None) -> Iterator[Finding]:
    if field.public == "no" or secret is None:
        return
    place = source.place((*route, "public"))
    written = str(value_at(source.tree, place.route))
    yield Finding(
        CODE,
        "error",
        say("{field} is marked public, but a {type} is never published", field=field.name, type=secret),
        place,
        say("remove public; put what may be published into a field of its own"),
        fix=make_replacement(
            say("replace {name} by {other}", name=written, other="no"), place, written, "no", safe=True
        ),
    )

"""
# FJ122 · A case that could not be opened

Every field that another procedure requires at its opening needs a value when one of its cases is opened: from `give`,
from `one_each` (the one required field of type `partner`), or from a default. The other procedure must also allow
procedures to open it: `opened: {by: [procedure]}`.

Failing:

```yaml fail procedures/errand.yaml
steps:
  asked:
    actions:
      send: {opens: {orders: {procedure: order, one_each: [helper], give: {}}}}
```

Passing:

```yaml pass procedures/errand.yaml
steps:
  asked:
    actions:
      send: {opens: {orders: {procedure: order, one_each: [helper], give: {task: summary}, instead_of: [refused]}}}
```

To fix it, give the field, or make it optional.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Place, Related, Severity
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.child_openings import ChildOpening, child_openings
from fujin_cli.rules.support.context import RuleContext

CODE = "FJ122"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every `opens` that leaves out what the opened procedure requires."""
    for opening in child_openings(context.workspace):
        yield from _check_required_fields(opening)
        yield from _check_partner_field(opening)
        yield from _check_opened_by(opening)


def _check_required_fields(opening: ChildOpening) -> Iterator[Finding]:
    if opening.opener.complete is False or opening.fields.incomplete:
        return
    target = opening.target() if opening.opens.one_each else None
    for field in opening.child.fields.values():
        optional = not field.required or field.computed or field.default is not None
        if optional or field is target or field.name in opening.opens.give:
            continue
        yield Finding(
            CODE,
            "error",
            say("{procedure} requires {field}, which is not given", procedure=opening.child.name, field=field.name),
            opening.opener.place(opening.opens.route[:-1], opening.opens.group),
            say("add it: give: {{{field}: …}}", field=field.name),
            (Related(say("it is required here"), Place(opening.child.path, (*field.route, "required"))),),
        )


def _check_partner_field(opening: ChildOpening) -> Iterator[Finding]:
    """Report a `one_each` over partners if the opened procedure has no field for a partner."""
    partners = any(field.item_type == "partner" for field in opening.each()) or opening.opens.to is not None
    if partners and opening.target() is None and not opening.fields.incomplete:
        yield Finding(
            CODE,
            "error",
            say("{procedure} has no required field of type partner for them", procedure=opening.child.name),
            opening.opener.place((*opening.opens.route, "one_each")),
            say("add to its fields, for example: to: {{type: partner, required: yes}}"),
            (Related(say("its fields are defined here"), Place(opening.child.path, ("fields",), key=True)),),
        )


def _check_opened_by(opening: ChildOpening) -> Iterator[Finding]:
    if "procedure" not in opening.child.opened_by:
        yield Finding(
            CODE,
            "error",
            say("{procedure} is not opened by other procedures", procedure=opening.child.name),
            opening.opener.place((*opening.opens.route, "procedure")),
            say("add procedure to opened.by of {procedure}", procedure=opening.child.name),
            (Related(say("who may open it is defined here"), Place(opening.child.path, ("opened", "by"))),),
        )

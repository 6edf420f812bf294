"""
# FJ121 · `give` or `bring` with a missing or incompatible field

`give` passes values of this case to the case that it opens; `bring` takes values back when that case has answered. The
fields at the left of `give` belong to the opened procedure, those of `bring` to both. The types must match; otherwise
the value cannot be stored.

Failing:

```yaml fail procedures/errand.yaml
steps:
  asked:
    actions:
      send: {opens: {orders: {procedure: order, one_each: [helper], give: {tsk: summary}}}}
```

Passing:

```yaml pass procedures/errand.yaml
steps:
  asked:
    actions:
      send: {opens: {orders: {procedure: order, one_each: [helper], give: {task: summary}, instead_of: [refused]}}}
```

To fix it, correct the field's name, add the field to the other procedure, or give both fields the same type.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Place, Related, Severity
from fujin_cli.core.model.procedure import Field
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.child_openings import ChildOpening, child_openings, source_field
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.defined_names import DefinedNames, unknown_name

CODE = "FJ121"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every field of `give`, `bring` or `to` that is missing on either side, or whose types do not match."""
    for opening in child_openings(context.workspace):
        yield from _check_give(opening)
        yield from _check_bring(opening)
        yield from _check_to(opening)


def _check_give(opening: ChildOpening) -> Iterator[Finding]:
    for name, source in opening.opens.give.items():
        place = opening.opener.place((*opening.opens.route, "give"), name)
        if name not in opening.fields:
            message = say("{procedure} has no field {field}", procedure=opening.child.name, field=name)
            yield unknown_name(CODE, message, place, name, opening.fields)
            continue
        target, origin = opening.child.fields.get(name), source_field(opening, source)
        if target is None:
            continue
        if source == "this case":
            origin = Field(source, "case", (opening.opener.procedure.name,))
        elif source == "actor":
            origin = Field(source, "person")
        if origin is not None and not matches(origin, target):
            yield _mismatch_finding(opening, place, origin, target)


def _check_bring(opening: ChildOpening) -> Iterator[Finding]:
    own = opening.opener.defined("fields")
    for name in opening.opens.bring:
        place = opening.opener.place((*opening.opens.route, "bring"), name)
        for names, procedure in ((opening.fields, opening.child.name), (own, opening.opener.procedure.name)):
            if name not in names:
                message = say("{procedure} has no field {field}", procedure=procedure, field=name)
                yield unknown_name(CODE, message, place, name, names)
                break
        else:
            origin, target = opening.child.fields.get(name), opening.opener.procedure.fields.get(name)
            if origin is not None and target is not None and not matches(origin, target):
                yield _mismatch_finding(opening, place, origin, target)


def _check_to(opening: ChildOpening) -> Iterator[Finding]:
    form = opening.form()
    if opening.opens.to and opening.opens.to not in form and not opening.opener.defined("forms").incomplete:
        place = opening.opener.place((*opening.opens.route, "to"))
        message = say("the rows of one_each have no field {field}", field=opening.opens.to)
        yield unknown_name(CODE, message, place, opening.opens.to, DefinedNames(dict.fromkeys(form)))


def matches(origin: Field, target: Field) -> bool:
    """Whether every value of ``origin`` is a value of ``target``."""
    if target.type in ("text", "place"):
        return not origin.is_list
    if origin.is_list != target.is_list or origin.item_type != target.item_type:
        return False
    if origin.type == "choice":
        return set(origin.of) <= set(target.of)
    return origin.type != "case" or not target.of or set(origin.of) <= set(target.of)


def _mismatch_finding(opening: ChildOpening, place: Place, origin: Field, target: Field) -> Finding:
    message = say("{given} cannot be stored in {target}", given=_describe_field(origin), target=_describe_field(target))
    path = opening.child.path if target.name in opening.child.fields else opening.opener.file.path
    related = Related(say("{field} is defined here", field=target.name), Place(path, target.route, key=True))
    return Finding(CODE, "error", message, place, say("give both fields the same type and choices"), (related,))


def _describe_field(field: Field) -> object:
    if field.is_list:
        return say("{field} (list of {type})", field=field.name, type=field.item_type)
    return say("{field} ({type})", field=field.name, type=field.type)

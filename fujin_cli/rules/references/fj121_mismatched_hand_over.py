"""
# FJ121 · Given to, or brought from, a field that is not there or does not match

`give` hands values of this case to the case that it opens, `bring` takes values back when that one has answered. Both
name fields: those at the left of `give` belong to the opened procedure, and those of `bring` to both. The types must
match, or the value could not be kept.

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
      send: {opens: {orders: {procedure: order, one_each: [helper], give: {task: summary}}}}
```

To mend it, correct the field's name, add the field to the other procedure, or give both fields the same type.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Place, Related, Severity
from fujin_cli.core.model.procedure import Field
from fujin_cli.core.text.message import say
from fujin_cli.rules.support.child_openings import ChildOpening, child_openings, source_field
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.defined_names import DefinedNames, unknown_name

CODE = "FJ121"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Every field of `give`, `bring` or `to` that is missing on either side, or whose types do not match."""
    for opening in child_openings(context.workspace):
        yield from _given(opening)
        yield from _brought(opening)
        yield from _addressed(opening)


def _given(opening: ChildOpening) -> Iterator[Finding]:
    for name, source in opening.opens.give.items():
        place = opening.reading.place((*opening.opens.route, "give"), name)
        if name not in opening.fields:
            message = say("{procedure} has no field {field}", procedure=opening.child.name, field=name)
            yield unknown_name(CODE, message, place, name, opening.fields)
            continue
        target, given = opening.child.fields.get(name), source_field(opening, source)
        if target is None:
            continue
        if source == "this case":
            given = Field(source, "case", (opening.reading.procedure.name,))
        elif source == "actor":
            given = Field(source, "person")
        if given is not None and not matches(given, target):
            yield _mismatch(opening, place, given, target)


def _brought(opening: ChildOpening) -> Iterator[Finding]:
    own = opening.reading.known("fields")
    for name in opening.opens.bring:
        place = opening.reading.place((*opening.opens.route, "bring"), name)
        for known, procedure in ((opening.fields, opening.child.name), (own, opening.reading.procedure.name)):
            if name not in known:
                message = say("{procedure} has no field {field}", procedure=procedure, field=name)
                yield unknown_name(CODE, message, place, name, known)
                break
        else:
            given, target = opening.child.fields.get(name), opening.reading.procedure.fields.get(name)
            if given is not None and target is not None and not matches(given, target):
                yield _mismatch(opening, place, given, target)


def _addressed(opening: ChildOpening) -> Iterator[Finding]:
    form = opening.form()
    if opening.opens.to and opening.opens.to not in form and not opening.reading.known("forms").everything:
        place = opening.reading.place((*opening.opens.route, "to"))
        message = say("the rows of one_each have no field {field}", field=opening.opens.to)
        yield unknown_name(CODE, message, place, opening.opens.to, DefinedNames(dict.fromkeys(form)))


def matches(given: Field, target: Field) -> bool:
    """Whether every value of ``given`` is one of ``target``."""
    if target.type in ("text", "place"):
        return not given.is_list
    if given.is_list != target.is_list or given.item_type != target.item_type:
        return False
    if given.type == "choice":
        return set(given.of) <= set(target.of)
    return given.type != "case" or not target.of or set(given.of) <= set(target.of)


def _mismatch(opening: ChildOpening, place: Place, given: Field, target: Field) -> Finding:
    message = say("{given} does not fit into {target}", given=_described(given), target=_described(target))
    path = opening.child.path if target.name in opening.child.fields else opening.reading.file.path
    related = Related(say("{field} is defined here", field=target.name), Place(path, target.route, key=True))
    return Finding(CODE, "error", message, place, say("give both fields the same type and choices"), (related,))


def _described(field: Field) -> object:
    if field.is_list:
        return say("{field} (list of {type})", field=field.name, type=field.item_type)
    return say("{field} ({type})", field=field.name, type=field.type)

"""
# FJ116 · A comparison that the type of the field does not allow

Which comparisons a field allows depends on its type: numbers, shares, durations and dates have an order (`at_least`,
`at_most`, `over`, `under`), a list has a size, cases have outcomes (`all`, `any`, `none`), and every field can be
`given` or `missing`. A text cannot be compared with 3.

Failing:

```yaml fail procedures/errand.yaml
steps:
  asked:
    actions:
      send: {when: {summary: {at_least: 3}}}
```

Passing:

```yaml pass procedures/errand.yaml
steps:
  asked:
    actions:
      send: {when: {summary: given}}
```

To fix it, use a comparison that the type allows, or give the field another type.
"""

from __future__ import annotations

from collections.abc import Iterator

from fujin_cli.core.findings.finding import Finding, Place, Related, Severity
from fujin_cli.core.model.operators import GROUP_OPERATORS, OPAQUE_TYPES, ORDERED_TYPES, operators_for, subject_of
from fujin_cli.core.model.procedure import Field, Test
from fujin_cli.core.text.localized import say
from fujin_cli.rules.support.context import RuleContext
from fujin_cli.rules.support.procedure_source import ProcedureSource, actions, procedure_sources, tests

CODE = "FJ116"
SEVERITY: Severity = "error"


def check(context: RuleContext) -> Iterator[Finding]:
    """Report every test or input condition with an operator that does not apply to its field or group."""
    for source in procedure_sources(context.workspace):
        for test in tests(source.procedure):
            yield from _check_test(source, test)
        yield from _check_inputs(source)


def fitting(field: Field) -> tuple[str, ...]:
    """List the operators that a field's type allows."""
    return operators_for(subject_of(field.type, field.is_list))


def _check_test(source: ProcedureSource, test: Test) -> Iterator[Finding]:
    field = source.procedure.fields.get(test.name)
    if test.kind == "group" and test.verb not in GROUP_OPERATORS:
        yield _make_finding(source, test.verb, test.name, source.place_of_test(test), GROUP_OPERATORS, None)
    elif test.kind in ("field", "case") and field is not None and test.verb not in fitting(field):
        place = source.place_of_test(test) if test.route[-1] == test.name else source.place(test.route[:-1], test.verb)
        yield _make_finding(source, test.verb, test.name, place, fitting(field), field)


def _check_inputs(source: ProcedureSource) -> Iterator[Finding]:
    for action in actions(source.procedure):
        for field_input in action.inputs:
            field = source.procedure.fields.get(field_input.field)
            if field is None:
                continue
            for verb, bound in field_input.conditions:
                allowed = _list_input_operators(field)
                if verb not in allowed and (verb, bound) != ("is", "given"):
                    place = source.place(field_input.route, verb if verb != "is" else None)
                    yield _make_finding(source, verb, field_input.field, place, allowed, field)


def _list_input_operators(field: Field) -> tuple[str, ...]:
    """List the operators that an input of a field's type allows."""
    if field.is_list:
        return ("not", "at_least", "at_most")
    if field.type in ("date", "moment"):
        return ("is", "not", "within", "after", "at_least", "at_most")
    if field.type in ORDERED_TYPES:
        return ("is", "not", "at_least", "at_most")
    if field.type in OPAQUE_TYPES:
        return ()
    return ("is", "not")


def _make_finding(
    source: ProcedureSource, verb: str, name: str, place: Place, allowed: tuple[str, ...], field: Field | None
) -> Finding:
    message = say("{verb} cannot be used with {name}", verb=verb, name=name)
    if field is not None:
        message = say(
            "{verb} cannot be used with {name}, which is of type {type}", verb=verb, name=name, type=field.type
        )
    related: tuple[Related, ...] = ()
    if field is not None:
        related = (Related(say("{field} is defined here", field=name), source.place((*field.route, "type"))),)
    help = say("use one of these comparisons: {verbs}", verbs=allowed) if allowed else say("use only given or missing")
    return Finding(CODE, "error", message, place, help, related)
